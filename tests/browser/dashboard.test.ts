/** The dashboard as a person sees it, in a real Chromium, under a policy without inline script, inline style and eval. */
import { readFile } from 'node:fs/promises';
import type { Storage } from '@foothold/core';
import { paretoFront, studyRecord } from '@foothold/study';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawn, inBothSchemes, opened, openingModes, photographed, violations } from './dashboard/opened.ts';
import { pageFiles } from './dashboard/page-files.ts';
import { beginning, exampleStudies, longLog, networkStudy } from './dashboard/studies.ts';
import { type StudyServer, studyServer } from './dashboard/study-server.ts';
import type { Launched } from './launch.ts';
import { sharedBrowser } from './shared-browser.ts';

const runs = process.platform === 'linux' && process.arch === 'x64';
const cases = runs ? describe : describe.skip;

/** Milliseconds that a test of many pages may take on a machine that does much else. */
const patience = 300_000;

/** Milliseconds after the studies began: the network is being tuned then, and later all is done. The README's pictures say when it was. */
const whileItRuns = 9 * 60_000;
const whenAllIsDone = 3 * 3_600_000;

/** Every page with a name for its pictures, and a heading on it. */
const routes = [
  ['studies', '/', 'Studies'],
  ['overview', '/studies/digits-large-network', 'Parameters and outcomes'],
  ['trials', '/studies/digits-large-network/trials', 'digits-large-network'],
  ['trial', '/studies/digits-large-network/trials/12', 'Why these parameters'],
  ['failed-trial', '/studies/digits-large-network/trials/7', 'Why it failed'],
  ['curves', '/studies/digits-large-network/curves', 'Learning curves'],
  ['workers', '/studies/digits-large-network/workers', 'Workers'],
  ['transfer', '/studies/digits-large-network/transfer', 'Weight of each source'],
  ['history', '/studies/digits-large-network/history', 'What was written'],
  ['objectives', '/studies/error-and-latency', 'Parameters and outcomes'],
  ['front', '/studies/error-and-latency/front', 'Hypervolume of the front'],
  ['limits', '/studies/error-and-latency/limits', 'Limit on megabytes'],
  ['pieces', '/studies/pieces-of-27-epochs', 'Parameters and outcomes'],
  ['pieces-curves', '/studies/pieces-of-27-epochs/curves', 'Learning curves'],
  ['matrix', '/studies/checkpoints-of-run-7', 'Row means'],
  ['cell', '/studies/checkpoints-of-run-7/trials/30', 'Why these parameters'],
  ['long', '/studies/ten-thousand', 'Parameters and outcomes'],
  ['not-begun', '/studies/not-begun', 'No trials yet'],
  ['compare', '/compare/digits-large-network,digits-again', 'Compare 2 studies'],
  ['compare-fronts', '/compare/error-and-latency,error-and-latency-again', 'Pareto fronts'],
  ['no-study', '/studies/nothing-of-this-name', 'The study cannot be read'],
  ['no-page', '/elsewhere', 'There is no such page'],
] as const;

cases(runs ? 'the dashboard' : 'the dashboard (skipped: its Chromium is for Linux on x64)', () => {
  let launched: Launched;
  let server: StudyServer;
  let storage: Storage;
  beforeAll(async () => {
    storage = await exampleStudies();
    [launched, server] = await Promise.all([sharedBrowser(), studyServer(await pageFiles(), storage)]);
  });
  afterAll(async () => {
    await launched?.close();
    await server?.close();
  });

  it.each(openingModes)(
    'shows every page without an error, sideways scrolling or a fault that axe finds in light and dark, $name',
    async (mode) => {
      for (const [name, route, heading] of routes) {
        const { page, faults } = await opened(launched.browser, server.url, mode);
        await page.clock.setFixedTime(beginning + (route.includes('digits') ? whileItRuns : whenAllIsDone));
        await page.goto(server.address(`${route}`));
        await page.getByRole('heading', { name: heading }).first().waitFor();
        await drawn(page);
        await inBothSchemes(page, mode, async ({ name: shown, colorScheme }) => {
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
          ).toBeLessThanOrEqual(0);
          expect({ name, violations: await violations(page, colorScheme !== mode.colorScheme) }).toEqual({
            name,
            violations: [],
          });
          // Nothing moves by itself, whatever a person prefers.
          expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
          await photographed(page, `${name}-${shown}`);
        });
        // The browser itself notes the answer 404 of a study that is not there.
        expect(faults.filter((fault) => !(name === 'no-study' && fault.includes('404')))).toEqual([]);
        await page.context().close();
      }
    },
    patience,
  );

  it('keeps what a brush touches, in the table too, and shows all again', async () => {
    const { page, faults } = await opened(launched.browser, server.url);
    await page.goto(server.address(`/studies/ten-thousand`));
    await drawn(page);
    const axis = page.locator('[data-axis="param:dropout"]');
    await axis.scrollIntoViewIfNeeded();
    const box = (await axis.boundingBox())!;
    const x = box.x + box.width / 2;
    await page.mouse.move(x, box.y + box.height - 2);
    await page.mouse.down();
    await page.mouse.move(x, box.y + box.height * 0.9, { steps: 3 });
    await page.mouse.move(x, box.y + box.height * 0.5, { steps: 5 });
    await page.mouse.up();
    const expected = longLog(10_000).filter(
      (event) => event.type === 'told' && event.outcome.state === 'complete',
    ).length;
    const text = await page.locator('.chips [role=status]').textContent();
    const kept = Number(/^[\d,]+/.exec(text!)![0].replaceAll(',', ''));
    // A half of the axis, of values that are uniform on it; without the failed trials.
    expect(kept / expected).toBeGreaterThan(0.45);
    expect(kept / expected).toBeLessThan(0.55);
    await page.getByRole('link', { name: 'Trials', exact: true }).click();
    await page
      .getByText(`${kept.toLocaleString('en')} of 10,000 trials`)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'dropout', exact: true }).click();
    expect(
      await page.locator('table.trials tbody tr:not(.gap) td:nth-child(9)').first().textContent(),
    ).toMatch(/^0|e−/);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('10,000 trials', { exact: true }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('runs no script from a text of a study, on any page', async () => {
    const { page, faults } = await opened(launched.browser, server.url);
    for (const view of [
      '',
      '/trials',
      '/trials/2',
      '/curves',
      '/workers',
      '/limits',
      '/transfer',
      '/history',
    ]) {
      await page.goto(server.address(`/studies/markup${view}`));
      await page.getByRole('navigation', { name: 'Views of the study' }).waitFor();
      await drawn(page);
      expect(
        await page.evaluate(() => ({
          ran: 'executed' in globalThis,
          made: document.querySelector('main img, main script') !== null,
        })),
      ).toEqual({ ran: false, made: false });
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('shows awkward names, times that no calendar has and endless texts, on every page', async () => {
    for (const mode of openingModes) {
      const { page, faults } = await opened(launched.browser, server.url, mode);
      for (const view of [
        '',
        '/trials',
        '/trials/2',
        '/curves',
        '/workers',
        '/limits',
        '/history',
        '/model',
      ]) {
        await page.goto(server.address(`/studies/awkward${view}`));
        await page.getByRole('navigation', { name: 'Views of the study' }).waitFor();
        await drawn(page);
        const state = await page.evaluate(() => ({
          faults: [...document.querySelectorAll('.fault')].map(({ textContent }) => textContent),
          sideways: document.documentElement.scrollWidth > innerWidth,
        }));
        expect({ view, ...state }).toEqual({ view, faults: [], sideways: false });
      }
      expect(faults).toEqual([]);
      await page.context().close();
    }
  });

  it('shows trials as they come, says that the server is away, and goes on when it is back', async () => {
    const { page } = await opened(launched.browser, server.url);
    const log = longLog(40);
    const part = (from: number, to: number) => storage.append('growing', from, log.slice(from, to));
    await part(0, 42);
    await page.goto(server.address(`/studies/growing`));
    await page.locator('.tile', { hasText: 'Trials' }).getByText('20', { exact: true }).waitFor();
    await part(42, 62);
    await page.locator('.tile', { hasText: 'Trials' }).getByText('30', { exact: true }).waitFor();
    await server.stop();
    await page.getByText('Offline').waitFor();
    await part(62, 82);
    await server.start();
    await page.locator('.tile', { hasText: 'Trials' }).getByText('40', { exact: true }).waitFor();
    await page.getByText('Live').waitFor();
    await page.context().close();
  });

  it('says of several objectives how large the front is, and leads to it', async () => {
    const { page, faults } = await opened(launched.browser, server.url);
    await page.goto(server.address('/studies/error-and-latency'));
    const { trials, goal } = await studyRecord(storage, 'error-and-latency').state();
    const tile = page.locator('.tile', { hasText: 'Pareto front' });
    await tile.getByText(`${paretoFront(trials, goal!).length} trials`, { exact: true }).waitFor();
    await tile.getByRole('link', { name: 'the front' }).click();
    await page.getByRole('heading', { name: 'Hypervolume of the front' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('is used by keyboard: search, compare, the rows of a table', async () => {
    const { page, faults } = await opened(launched.browser, server.url);
    await page.goto(server.address('/'));
    await drawn(page);
    await page.keyboard.press('/');
    await page.keyboard.type('digits');
    await page.getByRole('checkbox', { name: 'Compare digits-again' }).press('Space');
    await page.getByRole('checkbox', { name: 'Compare digits-large-network' }).press('Space');
    await page.getByRole('button', { name: 'Compare 2' }).press('Enter');
    await page.getByRole('heading', { name: 'Compare 2 studies' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/compare/digits-again,digits-large-network');
    await page.goto(server.address(`/studies/digits-again/trials`));
    await page.getByRole('link', { name: '18', exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('17');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('notes, fails and enqueues as a person asks, and exports the study', async () => {
    const { page, faults } = await opened(launched.browser, server.url);
    await networkStudy(storage, 'mine', 8);
    await page.goto(server.address('/studies/mine/trials/8'));
    await page.getByRole('button', { name: 'Note', exact: true }).first().click();
    await page.getByLabel('Note', { exact: true }).fill('looks <b>good</b>');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.note', { hasText: 'looks <b>good</b>' }).waitFor();
    await page.getByRole('button', { name: 'Fail', exact: true }).click();
    await page.getByRole('button', { name: 'Fail the trial' }).click();
    await page.getByRole('heading', { name: 'Why it failed' }).waitFor();
    await page.getByRole('button', { name: 'Enqueue again' }).click();
    await page.getByLabel('hidden_units').fill('9999');
    await page.getByRole('button', { name: 'Enqueue', exact: true }).last().click();
    // The browser's own check of the range; the dialog stays.
    expect(
      await page
        .getByLabel('hidden_units')
        .evaluate((field) => (field as HTMLInputElement).validity.rangeOverflow),
    ).toBe(true);
    await page.getByLabel('hidden_units').fill('128');
    await page.getByRole('button', { name: 'Enqueue', exact: true }).last().click();
    await page.getByText('The parameters are enqueued').waitFor();
    const written = await storage.read('mine', 0);
    expect(written.find(({ type }) => type === 'enqueued')).toMatchObject({ params: { hidden_units: 128 } });
    await page.getByText('More', { exact: true }).click();
    const saved = async (format: 'CSV' | 'JSON') => {
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: `Export ${format}` }).click();
      const file = await waiting;
      expect(file.suggestedFilename()).toBe(`mine.${format.toLowerCase()}`);
      return readFile(await file.path(), 'utf8');
    };
    const table = await saved('CSV');
    expect(table).toContain('hidden_units');
    expect(table.trim().split('\n').length).toBeGreaterThan(9);
    const whole = JSON.parse(await saved('JSON')) as { readonly trials: readonly unknown[] };
    expect(whole.trials[8]).toMatchObject({ number: 8, state: 'failed', note: 'looks <b>good</b>' });
    expect((await server.post('/studies/mine/ask', {})).status).toBe(200);
    const log = await storage.read('mine', 0);
    expect(log).toContainEqual(
      expect.objectContaining({ type: 'noted', number: 8, note: 'looks <b>good</b>' }),
    );
    expect(log).toContainEqual(
      expect.objectContaining({
        type: 'told',
        number: 8,
        outcome: { state: 'failed', reason: 'stopped in the dashboard' },
      }),
    );
    // What was enqueued is what the ask after it got.
    expect(log.findLast(({ type }) => type === 'asked')).toMatchObject({
      params: { hidden_units: 128 },
      queued: true,
    });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('stops, resumes, notes, renames a study, and deletes it after a question', async () => {
    const { page, faults } = await opened(launched.browser, server.url);
    await networkStudy(storage, 'own', 8);
    await page.goto(server.address('/studies/own'));
    await page.getByText('More', { exact: true }).click();
    const isStopped = async () =>
      (await studyRecord(storage, 'own').state()).attributes?.['stopped'] === 'stopped by hand';
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('No trial is given out until the study is resumed.').waitFor();
    expect(await isStopped()).toBe(true);
    expect((await server.post('/studies/own/ask', {})).status).toBe(409);
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByText('Trials are given out again.').waitFor();
    expect(await isStopped()).toBe(false);
    expect((await server.post('/studies/own/ask', {})).status).toBe(200);
    // A study is not renamed under a worker.
    await server.post('/studies/own/fail', { number: 8, reason: 'no need' });
    await page.getByRole('button', { name: 'Note', exact: true }).first().click();
    await page.getByLabel('Note', { exact: true }).fill('the last attempt');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The note is saved.').waitFor();
    expect((await studyRecord(storage, 'own').state()).note).toBe('the last attempt');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('New name').fill('yours');
    await page.getByRole('button', { name: 'Rename' }).last().click();
    await page.getByRole('heading', { name: 'yours', level: 1 }).waitFor();
    await page.getByText('More', { exact: true }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await storage.studies!()).toContain('yours');
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Delete the study' }).click();
    await page.getByRole('heading', { name: 'Studies' }).waitFor();
    expect(await storage.studies!()).not.toContain('yours');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('asks for the link where the token is missing or wrong, and keeps it out of the address', async () => {
    const { page } = await opened(launched.browser, server.url);
    await page.goto(`${server.url}/#/studies/digits-again`);
    await page.getByRole('heading', { name: 'This page needs its link' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Link or token').fill(server.address('/'));
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('heading', { name: 'digits-again' }).waitFor();
    expect(page.url()).toBe(`${server.url}/#/studies/digits-again`);
    await page.context().close();
  });
});
