/** `indexedDbStorage` on the IndexedDB of a real Chromium: the storage suite, tabs that race, a tab that crashes, no room. */
import { fileURLToPath } from 'node:url';
import { type Storage, StorageError, type StudyEvent, seeded } from '@foothold/core';
import { describeStorage } from '@foothold/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../code-blocks.ts';
import { bridgedStorage } from './bridged-storage.ts';
import { bundle } from './bundle.ts';
import type { Launched } from './launch.ts';
import type { Tab } from './page/indexed-db.ts';
import { type Site, serve } from './serve.ts';
import { sharedBrowser } from './shared-browser.ts';

const runs = process.platform === 'linux' && process.arch === 'x64';
const cases = runs ? describe : describe.skip;
/** The page's own global: functions below are run there. */
declare const studyTab: Tab;
/** The program of docs/studies.md. */
const [documented] = codeBlocks(fileURLToPath(new URL('../../docs/studies.md', import.meta.url))).flatMap(
  ({ language, code }) => (language === 'ts' ? [code] : []),
) as [string];
const enqueued = (x: number | string): StudyEvent => ({ type: 'enqueued', params: { x } });

cases(runs ? 'in a browser' : 'in a browser (skipped: its Chromium is for Linux on x64)', () => {
  let launched: Launched | undefined;
  let files: ReadonlyMap<string, string>;
  let site: Site | undefined;
  let context: BrowserContext;
  let [first, second] = [] as unknown as [Page, Page];
  let databases = 0;

  /** One more tab of the same profile. */
  const newTab = async ({ url } = site!): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${url}/open/indexed-db.html`);
    await page.waitForFunction(() => 'studyTab' in globalThis);
    return page;
  };
  const newName = () => `studies ${databases++}`;

  beforeAll(async () => {
    launched = await sharedBrowser();
    files = await bundle({ documented });
    site = await serve(files);
    context = await launched.browser.newContext();
    [first, second] = [await newTab(), await newTab()];
  });
  afterAll(async () => {
    await launched?.close();
    await site?.close();
  });

  const names = new WeakMap<Storage, string>();
  describeStorage(
    'indexedDbStorage in Chromium, with a second tab',
    () => {
      const name = newName();
      const storage = bridgedStorage(first, name);
      names.set(storage, name);
      return storage;
    },
    (storage) => bridgedStorage(second, names.get(storage)!),
  );

  it('lets exactly one of four tabs be first, again and again, and loses no event', async () => {
    const database = newName();
    const tabs = [first, second, await newTab(), await newTab()];
    const raced = await Promise.all(
      tabs.map((page, i) =>
        page.evaluate(({ database, name }) => studyTab.race(database, name, 40), { database, name: `${i}` }),
      ),
    );
    const log = await bridgedStorage(first, database).read('race', 0);
    const won: StudyEvent[] = [];
    for (const [i, { at }] of raced.entries())
      for (const [win, position] of at.entries()) {
        expect(won[position]).toBeUndefined();
        won[position] = { type: 'enqueued', params: { name: `${i}`, win } };
      }
    expect(log).toEqual(won);
    expect(log.length).toBe(160);
    // Otherwise nothing was shown.
    expect(raced.reduce((sum, { lost }) => sum + lost, 0)).toBeGreaterThan(0);
    for (const page of tabs.slice(2)) await page.close();
  });

  it('has all that was acknowledged and no half append of a tab that crashes', async () => {
    const database = newName();
    const tab = await newTab();
    let acknowledged = 0;
    const enough = new Promise<void>((resolve) => {
      void tab.exposeFunction('told', (length: number) => {
        acknowledged = length;
        if (length >= 60) resolve();
      });
    });
    await tab.waitForFunction(() => 'told' in globalThis);
    const filling = tab
      .evaluate((name) => {
        const { told } = globalThis as unknown as { told: (length: number) => Promise<void> };
        return studyTab.fill(name, told);
      }, database)
      .catch(() => 'crashed');
    await enough;
    const session = await context.newCDPSession(tab);
    const crashed = new Promise((resolve) => tab.once('crash', resolve));
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    const log = await bridgedStorage(second, database).read('filled', 0);
    expect(log.length).toBeGreaterThanOrEqual(acknowledged);
    expect(log.length % 3).toBe(0);
    expect(log).toEqual(log.map((_, i) => enqueued(i)));
    expect(await bridgedStorage(second, database).append('filled', log.length, [enqueued(-1)])).toBe(true);
    await tab.close();
    expect(await filling).toBe('crashed');
  });

  it('goes on with a study after the page was loaded again as if it had not been', async () => {
    const database = newName();
    const tab = await newTab();
    await tab.evaluate((name) => studyTab.study(name, 7), database);
    await tab.reload();
    await tab.waitForFunction(() => 'studyTab' in globalThis);
    const resumed = await tab.evaluate((name) => studyTab.study(name, 12), database);
    expect(JSON.parse(resumed)).toHaveLength(12);
    expect(resumed).toBe(await tab.evaluate(() => studyTab.study(undefined, 12)));
    await tab.close();
  });

  it('runs the program of docs/studies.md, which has nothing left to do when the page is loaded again', async () => {
    const tab = await context.newPage();
    const printed: string[] = [];
    tab.on('console', (message) => printed.push(message.text()));
    const load = async (lines: number) => {
      await tab.goto(`${site!.url}/open/documented.html`);
      await expect.poll(() => printed.length, { timeout: 30_000 }).toBe(lines);
    };
    await load(2);
    expect(printed[0]).toMatch(/^20 \d/);
    expect(printed[1]).toBe('[pendulum]');
    await load(4);
    expect(printed.slice(2)).toEqual(printed.slice(0, 2));
    await tab.close();
  });

  it('tells the other tabs at once which study has changed', async () => {
    const database = newName();
    const heard = second.evaluate((name) => studyTab.heard(name), database);
    await second.evaluate(() => undefined); // the channel is open when this is answered
    await bridgedStorage(first, database).append('a', 0, [enqueued(1)]);
    expect(await heard).toBe('a');
  });

  it('says that there is no room, has stored nothing of the write, and goes on when there is some', async () => {
    // Chromium remembers for some seconds how much room an origin had: this one begins with little.
    const other = await serve(files);
    try {
      const tab = await newTab(other);
      const session = await context.newCDPSession(tab);
      const origin = new URL(other.url).origin;
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 500_000 });
      const storage = bridgedStorage(tab, newName());
      expect(await storage.append('a', 0, [enqueued(0)])).toBe(true);
      // Chromium stores what can be shortened in less room.
      const rng = seeded(1);
      const text = Array.from({ length: 200_000 }, () => rng.next().toString(36)).join('');
      const large = [enqueued(1), enqueued(text)];
      const refused = await storage.append('a', 1, large).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(StorageError);
      expect(refused).toMatchObject({ retry: true, message: expect.stringContaining('no more room') });
      expect(await storage.read('a', 0)).toEqual([enqueued(0)]);
      await session.send('Storage.overrideQuotaForOrigin', { origin });
      expect(await storage.append('a', 1, large)).toBe(true);
      expect(await storage.read('a', 0)).toEqual([enqueued(0), ...large]);
      await tab.close();
    } finally {
      await other.close();
    }
  });

  it('says that the browser refuses a page without an origin', async () => {
    const page = await context.newPage();
    await page.route('**/*', async (route) => {
      const response = await route.fetch();
      const headers = {
        ...response.headers(),
        'content-security-policy': 'sandbox allow-scripts',
        'access-control-allow-origin': '*',
      };
      await route.fulfill({ response, headers });
    });
    await page.goto(`${site!.url}/open/indexed-db.html`);
    await page.waitForFunction(() => 'studyTab' in globalThis);
    const refused = await bridgedStorage(page, 'a')
      .read('a', 0)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StorageError);
    expect(refused).toMatchObject({
      retry: false,
      message: expect.stringContaining('refused by the browser'),
    });
    await page.close();
  });
});
