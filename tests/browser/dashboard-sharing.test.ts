/** What leaves the dashboard: share links and what they allow, and the address of a page that another site could see. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryStorage } from '@foothold/study';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawn, modes, opened, photographed, violations } from './dashboard/opened.ts';
import { pageFiles } from './dashboard/page-files.ts';
import { networkStudy } from './dashboard/studies.ts';
import { type StudyServer, studyServer } from './dashboard/study-server.ts';
import type { Launched } from './launch.ts';
import { sharedBrowser } from './shared-browser.ts';

const runs = process.platform === 'linux' && process.arch === 'x64';
const cases = runs ? describe : describe.skip;
const hour = 3_600_000;

cases(runs ? 'sharing' : 'sharing (skipped: its Chromium is for Linux on x64)', () => {
  let launched: Launched;
  let server: StudyServer;
  let late = 0;
  const storage = memoryStorage();
  beforeAll(async () => {
    await networkStudy(storage, 'shared', 8);
    await networkStudy(storage, 'private', 2);
    const clock = () => Date.now() + late;
    const start = async () => studyServer(await pageFiles(), storage, { clock });
    [launched, server] = await Promise.all([sharedBrowser(), start()]);
  });
  afterAll(async () => {
    await launched?.close();
    await server?.close();
  });

  /** Makes a link in the open dialog; its address. */
  async function linkFrom(page: Page, length: string): Promise<string> {
    await page.getByLabel('Valid for').selectOption({ label: length });
    await page.getByRole('button', { name: /^Make (a|another) link$/ }).click();
    const field = page.getByLabel('The link. It is shown this once.');
    await field.waitFor();
    return field.inputValue();
  }

  it('makes a link, shows it once, lists it with its end, and ends it', async () => {
    const { page, faults } = await opened(launched.browser, server.url);
    await page.goto(server.address('/studies/shared'));
    await page.getByRole('button', { name: 'Share' }).click();
    expect(await page.getByRole('region', { name: 'Open links' }).count()).toBe(0);
    const address = await linkFrom(page, '7 days');
    await page.getByText('ends in 7 days').waitFor();
    expect(await violations(page)).toEqual([]);
    await photographed(page, 'share-desktop-light');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('ends in 7 days').waitFor();
    expect(await page.content()).not.toContain(/token=(\w+)/.exec(address)![1]);

    const guest = await opened(launched.browser, server.url);
    await guest.page.goto(address);
    await guest.page.getByRole('heading', { name: 'shared', level: 1 }).waitFor();
    await page.getByRole('button', { name: /^Revoke the link/ }).click();
    await page.getByText('The link opens nothing any more.').waitFor();
    expect(await page.getByRole('region', { name: 'Open links' }).count()).toBe(0);
    // The open page of the guest learns of it by itself: its stream of events ends.
    await guest.page.getByRole('heading', { name: 'This page needs its link' }).waitFor();
    expect(faults).toEqual([]);
    await Promise.all([page.context().close(), guest.page.context().close()]);
  });

  it('lets a guest read that study, shows nothing that changes it, and the server refuses a change', async () => {
    const { page } = await opened(launched.browser, server.url);
    await page.goto(server.address('/studies/shared'));
    await page.getByRole('button', { name: 'Share' }).click();
    const address = await linkFrom(page, '1 hour');
    await page.context().close();

    const guest = await opened(launched.browser, server.url, modes[3]);
    await guest.page.goto(address);
    await guest.page.getByText('Read only').waitFor();
    await drawn(guest.page);
    const changes = [
      'Enqueue',
      'Share',
      'More',
      'Note',
      'Fail',
      'Enqueue again',
      'Release',
      'Rename',
      'Delete',
    ];
    for (const view of ['', '/trials', '/trials/8', '/trials/7', '/model', '/history']) {
      await guest.page.goto(`${server.url}/#/studies/shared${view}`);
      await drawn(guest.page);
      // A column of a table may have such a name too.
      const controls = guest.page.locator('main button:not(.sort), main summary');
      const texts = (await controls.allTextContents()).map((text) => text.trim());
      expect({ view, found: texts.filter((text) => changes.includes(text)) }).toEqual({ view, found: [] });
    }
    await photographed(guest.page, 'guest-phone-dark');
    const statusOf = (path: string, method: string) =>
      guest.page.evaluate(
        async ([to, by]) => {
          const token = sessionStorage.getItem('foothold-token');
          const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
          const body = by === 'POST' ? '{"number":8}' : null;
          return (await fetch(`./api${to}`, { method: by!, headers, body })).status;
        },
        [path, method],
      );
    const before = await storage.read('shared', 0);
    expect(await statusOf('/studies/shared/fail', 'POST')).toBe(403);
    expect(await statusOf('/studies/shared/stop', 'POST')).toBe(403);
    expect(await statusOf('/studies/shared', 'DELETE')).toBe(403);
    expect(await statusOf('/shares', 'GET')).toBe(403);
    expect(await statusOf('/studies/private', 'GET')).toBe(404);
    expect(await storage.read('shared', 0)).toEqual(before);
    await guest.page.goto(`${server.url}/#/`);
    await guest.page.getByRole('link', { name: 'shared', exact: true }).waitFor();
    expect(await guest.page.getByRole('link', { name: 'private' }).count()).toBe(0);

    late += hour;
    await guest.page.reload();
    await guest.page.getByRole('heading', { name: 'This page needs its link' }).waitFor();
    expect(await violations(guest.page)).toEqual([]);
    await guest.page.context().close();
  });

  it('tells no other site where it was, and leaves no token in the address or the history', async () => {
    const seen: { readonly url: string; readonly referer: string | undefined }[] = [];
    const other = createServer(({ url = '', headers }, response) => {
      seen.push({ url, referer: headers.referer });
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><title>Elsewhere</title><p>Elsewhere');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    try {
      const { page } = await opened(launched.browser, server.url);
      const requests: { readonly url: string; readonly referer: string | undefined }[] = [];
      page.on('request', (request) => {
        requests.push({ url: request.url(), referer: request.headers()['referer'] });
      });
      const address = server.address('/studies/shared');
      const token = /token=(\w+)/.exec(address)![1]!;
      await page.goto(address);
      await page.getByRole('heading', { name: 'shared', level: 1 }).waitFor();
      await drawn(page);
      expect(page.url()).toBe(`${server.url}/#/studies/shared`);
      const session = await page.context().newCDPSession(page);
      const history = await session.send('Page.getNavigationHistory');
      expect(history.entries.map(({ url }) => url).join(' ')).not.toContain(token);
      // A link in the page, of this tab and of a new one.
      await page.evaluate((href) => {
        for (const target of ['_self', '_blank']) {
          const link = Object.assign(document.createElement('a'), { href: `${href}/${target}`, target });
          link.textContent = `elsewhere ${target}`;
          document.querySelector('main')!.prepend(link);
        }
      }, elsewhere);
      const popup = page.waitForEvent('popup');
      await page.getByRole('link', { name: 'elsewhere _blank' }).click();
      const blank = await popup;
      await blank.getByText('Elsewhere').waitFor();
      expect(await blank.evaluate(() => document.referrer)).toBe('');
      await page.getByRole('link', { name: 'elsewhere _self' }).click();
      await page.getByText('Elsewhere').waitFor();
      expect(await page.evaluate(() => document.referrer)).toBe('');
      const pages = seen.filter(({ url }) => url.startsWith('/_'));
      expect(pages.map(({ url }) => url).sort()).toEqual(['/_blank', '/_self']);
      expect(seen.filter(({ referer }) => referer !== undefined)).toEqual([]);
      expect(requests.length).toBeGreaterThan(5);
      expect(
        requests.filter(
          ({ url, referer }) => `${url} ${referer ?? ''}`.includes(token) && !url.includes('#'),
        ),
      ).toEqual([]);
      expect(requests.filter(({ referer = '' }) => referer !== '')).toEqual([]);
      await page.goBack();
      await page.getByRole('heading', { name: 'shared', level: 1 }).waitFor();
      expect(page.url()).not.toContain(token);
      await page.context().close();
    } finally {
      other.closeAllConnections();
      await new Promise((resolve) => other.close(resolve));
    }
  });
});
