/** What a person does with one trial in the dashboard: delete, restore and release it, and read its output. */
import type { Storage } from '@foothold/core';
import { memoryStorage, studyRecord } from '@foothold/study';
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

cases(runs ? 'a trial' : 'a trial (skipped: its Chromium is for Linux on x64)', () => {
  let launched: Launched;
  let server: StudyServer;
  let storage: Storage;
  beforeAll(async () => {
    storage = memoryStorage();
    await networkStudy(storage, 'net', 8); // trial 7 failed, trial 8 runs
    [launched, server] = await Promise.all([sharedBrowser(), studyServer(await pageFiles(), storage)]);
  });
  afterAll(async () => {
    await launched?.close();
    await server?.close();
  });

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const lastEvent = async () => (await storage.read('net', 0)).at(-1);
  const state = () => studyRecord(storage, 'net').state();

  it('is deleted after a question, and restored by Undo and on its page', async () => {
    const { page, faults } = await opened(launched.browser, server.url);
    await page.goto(server.address('/studies/net/trials/3'));
    await button(page, 'Delete').click();
    await page.getByRole('heading', { name: 'Delete trial 3?' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await button(page, 'Cancel').click();
    expect((await state()).deleted.size).toBe(0);
    await button(page, 'Delete').click();
    await button(page, 'Delete the trial').click();
    await page.getByText('Trial 3 is deleted.').waitFor();
    expect(await lastEvent()).toMatchObject({ type: 'deleted', number: 3 });
    await button(page, 'Undo').click();
    await page.getByText('Trial 3 counts again.').waitFor();
    expect(await lastEvent()).toMatchObject({ type: 'restored', number: 3 });

    await button(page, 'Delete').click();
    await button(page, 'Delete the trial').click();
    await page.getByText('This trial is deleted: it counts nowhere').waitFor();
    await drawn(page);
    expect(await violations(page)).toEqual([]);
    await photographed(page, 'deleted-trial-desktop-light');
    // Only the way back is offered, and the arrows pass the deleted trial.
    for (const name of ['Note', 'Enqueue again', 'Delete']) expect(await button(page, name).count()).toBe(0);
    await page.goto(`${server.url}/#/studies/net/trials/2`);
    await page.getByRole('heading', { name: 'Trial 2', exact: true }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'Trial 4', exact: true }).waitFor();
    await page.goto(`${server.url}/#/studies/net/trials/3`);
    await button(page, 'Restore').click();
    await page.getByText('Trial 3 counts again.').waitFor();
    expect((await state()).trials.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('is listed when deleted where a person asks for deleted ones', async () => {
    await studyRecord(storage, 'net').deleteTrials([5]);
    const { page, faults } = await opened(launched.browser, server.url, modes[3]);
    await page.goto(server.address('/studies/net/trials'));
    await page.getByText('8 trials', { exact: true }).waitFor();
    const rows = page.locator('table.trials tbody tr:not(.gap)');
    expect(await rows.count()).toBe(8);
    expect(await page.locator('.badge[data-state=deleted]').count()).toBe(0);
    await button(page, 'deleted').click();
    await page.locator('.badge[data-state=deleted]').waitFor();
    expect(await rows.count()).toBe(9);
    await page.getByText('9 trials', { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await photographed(page, 'deleted-trials-phone-dark');
    for (const name of ['complete', 'running', 'failed', 'pruned']) await button(page, name).click();
    expect(await rows.count()).toBe(1);
    await page.getByRole('link', { name: '5', exact: true }).click();
    await page.getByText('This trial is deleted: it counts nowhere').waitFor();
    await studyRecord(storage, 'net').restoreTrials([5]);
    // Somebody else restored it: the page learns of it.
    await page.getByText('This trial is deleted').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('is given back while it runs', async () => {
    const { page, faults } = await opened(launched.browser, server.url);
    await page.goto(server.address('/studies/net/trials/7'));
    await page.getByRole('heading', { name: 'Why it failed' }).waitFor();
    expect(await button(page, 'Release').count()).toBe(0);
    await page.goto(`${server.url}/#/studies/net/trials/8`);
    await button(page, 'Release').click();
    await page.getByText('Trial 8 has no worker now.').waitFor();
    expect(await lastEvent()).toMatchObject({ type: 'expired', number: 8 });
    expect((await state()).leases.has(8)).toBe(false);
    await button(page, 'Release').waitFor({ state: 'detached' });
    const asked = await server.post('/studies/net/ask', {});
    expect(await asked.json()).toMatchObject({ trials: [{ number: 8 }] });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('shows the last 200 lines that its program printed, and newer ones as they come', async () => {
    const output = Array.from({ length: 260 }, (_, i) => `epoch ${i}  loss ${(1 / (i + 1)).toFixed(4)}`);
    output[259] = 'done <b>now</b>';
    const note = async (lines: readonly string[]) =>
      expect((await server.post('/studies/net/note', { number: 2, output: lines })).status).toBe(200);
    await note(output);
    for (const mode of [modes[0], modes[3]]) {
      const { page, faults } = await opened(launched.browser, server.url, mode);
      await page.goto(server.address('/studies/net/trials/2'));
      const region = page.getByRole('region', { name: 'Last lines of the output' });
      await region.waitFor();
      expect(await region.textContent()).toBe(output.slice(-200).join('\n'));
      expect(
        await region.evaluate((element) => ({
          isMonospaced: /mono/.test(getComputedStyle(element.querySelector('pre')!).fontFamily),
          scrolls: element.scrollHeight > element.clientHeight,
          isAtEnd: element.scrollTop + element.clientHeight >= element.scrollHeight - 2,
          isFocusable: (element as HTMLElement).tabIndex === 0,
        })),
      ).toEqual({ isMonospaced: true, scrolls: true, isAtEnd: true, isFocusable: true });
      await drawn(page);
      expect(await violations(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      await photographed(page, `output-${mode.name}`);
      if (mode === modes[3]) {
        await note(['it goes on']);
        await page.getByText('it goes on').waitFor();
      }
      expect(faults).toEqual([]);
      await page.context().close();
    }
    // A trial whose program printed nothing has no such part.
    const { page } = await opened(launched.browser, server.url);
    await page.goto(server.address('/studies/net/trials/1'));
    await drawn(page);
    expect(await page.getByRole('region', { name: 'Last lines of the output' }).count()).toBe(0);
    await page.context().close();
  });
});
