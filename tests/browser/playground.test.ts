/** The playground as a person uses it, in a real Chromium, from a host of static files without a single header. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLogFile, replay } from '@foothold/study';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  drawn,
  inBothSchemes,
  modes,
  opened,
  openingModes,
  photographed,
  screenshots,
  violations,
} from './dashboard/opened.ts';
import { pageFiles } from './dashboard/page-files.ts';
import type { Launched } from './launch.ts';
import { type StaticSite, staticSite } from './playground/static-site.ts';
import { programField, ran, setNumber, storedTrials, write } from './playground/use.ts';
import { sharedBrowser } from './shared-browser.ts';

const runs = process.platform === 'linux' && process.arch === 'x64';
const cases = runs ? describe : describe.skip;

/** Milliseconds that a test of several runs may take on a machine that does much else. */
const patience = 240_000;

cases(runs ? 'the playground' : 'the playground (skipped: its Chromium is for Linux on x64)', () => {
  let launched: Launched;
  let site: StaticSite;
  beforeAll(async () => {
    let files: ReadonlyMap<string, string | Uint8Array>;
    [launched, files] = await Promise.all([sharedBrowser(), pageFiles('playground')]);
    site = await staticSite(files);
  }, patience);
  afterAll(async () => {
    await launched?.close();
    await site?.close();
  });
  const open = async (route = '/', mode = modes[0] as (typeof modes)[number]) => {
    const { page, faults } = await opened(launched.browser, site.url, mode);
    page.setDefaultTimeout(90_000);
    // Scripts that the page makes itself have addresses without a host.
    const seen = () => faults.filter((fault) => !fault.startsWith('request: blob:'));
    await page.goto(`${site.url}#${route}`);
    await programField(page).waitFor();
    return { page, seen };
  };

  it.each([
    ['branin', 'branin', 14],
    ['pendulum', 'pendulum', 10],
    ['platformer', 'platformer', 25],
    ['two-spirals', 'two-spirals', 8],
    ['throw', 'throw-large', 6],
    ['my-study', 'my-study', 10],
  ] as const)(
    'tunes the example %s to its end, to something better than it began with',
    async (example, study, trials) => {
      const { page, seen } = await open(`/examples/${example}`);
      await setNumber(page, 'Trials', trials);
      if (example === 'throw') await setNumber(page, 'Small trials', 8);
      await ran(page, `All ${trials} trials are done`);
      expect(page.url()).toContain(`#/studies/${study}`);
      await drawn(page);
      const { direction, values } = await storedTrials(page, study);
      expect(values.length).toBeGreaterThanOrEqual(trials);
      const done = values.filter((value) => value !== undefined);
      const best = direction === 'minimize' ? Math.min(...done) : Math.max(...done);
      if (example !== 'throw') expect(best).not.toBe(done[0]);
      if (example === 'throw') {
        // The small problem has taught where to begin.
        const small = await storedTrials(page, 'throw-small');
        expect(small.values.length).toBe(8);
        expect(done[0]).toBeLessThan(Math.max(...done));
        await page.getByRole('link', { name: 'Earlier studies' }).click();
        await page.getByRole('heading', { name: 'Weight of each source' }).waitFor();
      }
      if (example === 'two-spirals') {
        await page.getByRole('link', { name: 'Learning curves' }).click();
        await drawn(page);
      }
      expect(seen()).toEqual([]);
      await page.context().close();
    },
    patience,
  );

  it(
    'runs a program of one’s own, keeps what it prints with the trial, and what a person adds runs too',
    async () => {
      const { page, seen } = await open('/examples/my-study');
      await write(
        page,
        `import { searchSpace, uniform, type ParamsOf } from 'foothold';
interface Point { readonly x: number }
export const space = searchSpace({ x: uniform(0, 1) });
export function objective({ x }: ParamsOf<typeof space>): number {
  const at: Point = { x };
  console.log('at', at);
  console.log('<img src=x onerror="globalThis.executed=1">');
  return (at.x - 0.25) ** 2;
}`,
      );
      await setNumber(page, 'Trials', 5);
      await ran(page, 'All 5 trials are done');
      await page.goto(`${site.url}#/studies/my-study/trials/2`);
      await page.getByRole('heading', { name: 'What its program printed last' }).waitFor();
      const printed = await page.locator('.output pre').textContent();
      expect(printed).toMatch(/^at \{"x":0\.\d+\}\n<img src=x/);
      // Through the dashboard's own menu.
      await page.getByRole('button', { name: 'Enqueue', exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('x').fill('0.75');
      await dialog.getByRole('button', { name: /Enqueue/ }).click();
      await page
        .getByText(/enqueued/i)
        .first()
        .waitFor();
      await setNumber(page, 'Trials', 6);
      await ran(page, 'All 6 trials are done');
      expect((await storedTrials(page, 'my-study')).values.at(-1)).toBeCloseTo(0.25, 12);
      expect(await page.evaluate(() => 'executed' in globalThis)).toBe(false);
      expect(seen()).toEqual([]);
      await page.context().close();
    },
    patience,
  );

  it(
    'shows a syntax error, a thrown error, a NaN, an endless loop and a forbidden host, and lives',
    async () => {
      const { page, seen } = await open('/examples/my-study');
      const alert = page.getByRole('alert');
      const run = () => page.getByRole('button', { name: 'Run', exact: true }).click();
      await write(page, program('function objective({ x }) {\n  return x +* 2;\n}'));
      await run();
      await alert.getByText('This is no TypeScript').waitFor();
      await alert.getByRole('button', { name: 'Line 4' }).click();
      expect(await page.locator('.cm-lintRange-error').count()).toBeGreaterThan(0);

      await write(
        page,
        program(
          'function objective({ x }) {\n  if (x >= 0) throw new RangeError("too far");\n  return x;\n}',
        ),
      );
      await run();
      await alert.getByText('Trial 0 failed: too far').waitFor();
      await alert.getByRole('button', { name: 'Line 4' }).waitFor();
      await page.getByText('no trial is complete so far').waitFor();

      await write(page, program('function objective() {\n  return Number.NaN;\n}'));
      await run();
      await alert.getByText('Trial 1 failed: the objective returned NaN').waitFor();

      await write(page, program('function objective() {\n  console.log("before");\n  for (;;);\n}'));
      await setNumber(page, 'Seconds a trial', 1);
      await run();
      await alert.getByText('Trial 2 failed: it took longer than the limit of 1 s').waitFor();
      await page.getByText('no trial is complete so far').waitFor();
      await page.goto(`${site.url}#/studies/my-study/trials/2`);
      expect(await page.locator('.output pre').last().textContent()).toBe('before');

      // Without a limit a person ends it; the trial is given back.
      await setNumber(page, 'Seconds a trial', 0);
      await run();
      await page.getByText('my-study runs.').waitFor();
      await page.getByText('1 running').waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText('Paused.').waitFor();

      expect(seen()).toEqual([]);
      await page.context().close();
    },
    patience,
  );

  it(
    'ends a program that does not come to its end, reaches no other host, and goes on with what is right',
    async () => {
      const { page, seen } = await open('/examples/my-study');
      const alert = page.getByRole('alert');
      const run = () => page.getByRole('button', { name: 'Run', exact: true }).click();
      // A program that never comes to its end, and one that has no objective.
      await write(page, 'for (;;);');
      await setNumber(page, 'Seconds a trial', 1);
      await run();
      await alert.getByText('The program does not come to its end').waitFor();
      await setNumber(page, 'Seconds a trial', 30);
      await write(page, 'export const a = 1;');
      await run();
      await alert.getByText('exports no function `objective`').waitFor();
      const elsewhere = await staticSite(new Map([['index.html', '']]));
      await write(
        page,
        program(
          `async function objective() {\n  await fetch("${elsewhere.url}", { mode: 'no-cors' });\n  return 1;\n}`,
        ),
      );
      await run();
      await alert.getByText('Trial 0 failed: Failed to fetch').waitFor();
      expect(elsewhere.requests()).toBe(0);
      await elsewhere.close();
      await write(page, program('function objective({ x }) {\n  return x;\n}'));
      await setNumber(page, 'Trials', 4);
      await ran(page, 'All 4 trials are done');
      expect(
        (await storedTrials(page, 'my-study')).values.filter((value) => value !== undefined).length,
      ).toBe(3);
      expect(seen()).toEqual([]);
      await page.context().close();
    },
    patience,
  );

  it(
    'goes on after the page was loaded again in the middle of a trial, as if it had not been',
    async () => {
      const program = `import { searchSpace, uniform } from 'foothold';
export const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
export async function objective({ x, y }) {
  await new Promise((done) => setTimeout(done, 400));
  return (x - 0.3) ** 2 + (y - 0.6) ** 2;
}`;
      const { page, seen } = await open('/examples/my-study');
      await write(page, program);
      await setNumber(page, 'Trials', 12);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page
        .locator('.tile', { hasText: 'Trials' })
        .getByText(/^[5-9]$/)
        .waitFor();
      await page.reload();
      await programField(page).waitFor();
      expect((await storedTrials(page, 'my-study')).values.length).toBeLessThan(12);
      expect(await programField(page).textContent()).toContain('y - 0.6');
      await ran(page, 'All 12 trials are done');
      const resumed = await storedTrials(page, 'my-study');

      await page.getByLabel('Study', { exact: true }).fill('at-one-go');
      await page.getByLabel('Study', { exact: true }).press('Tab');
      await ran(page, 'All 12 trials are done');
      const whole = await storedTrials(page, 'at-one-go');
      expect(resumed.params).toEqual(whole.params);
      expect(resumed.values).toEqual(whole.values);

      await page.goto(`${site.url}#/`);
      await page.getByRole('link', { name: 'at-one-go' }).waitFor();
      await page.getByRole('link', { name: 'my-study', exact: true }).waitFor();
      expect(seen()).toEqual([]);
      await page.context().close();
    },
    patience,
  );

  it(
    'exports the log of a study as a file that the command reads, imports it again, and deletes',
    async () => {
      const { page, seen } = await open('/examples/branin');
      await setNumber(page, 'Trials', 4);
      await ran(page, 'All 4 trials are done');
      const folder = mkdtempSync(join(tmpdir(), 'foothold-playground-'));
      try {
        const file = join(folder, 'from-page.jsonl');
        await saved(page, 'Export log', file);
        const { events } = await readLogFile(file);
        expect(replay(events).trials.map(({ state }) => state)).toEqual(Array(4).fill('complete'));
        const json = join(folder, 'as-json.json');
        await saved(page, 'Export JSON', json);
        const csv = join(folder, 'table.csv');
        await saved(page, 'Export CSV', csv);
        expect((await readFile(csv, 'utf8')).split('\r\n').length).toBe(6);

        await page.goto(`${site.url}#/`);
        for (const [path, name] of [
          [file, 'from-page'],
          [json, 'as-json'],
        ] as const) {
          await page.getByLabel('File of a study').setInputFiles(path);
          await page.getByRole('heading', { level: 1, name }).waitFor();
          expect((await storedTrials(page, name)).values.length).toBe(4);
          await page.goto(`${site.url}#/`);
          await page.getByRole('link', { name }).waitFor();
        }
        await page.getByLabel('File of a study').setInputFiles(csv);
        await page.getByText('table.csv is no study').waitFor();
        await page.goto(`${site.url}#/studies/from-page`);
        // The program came with it.
        await expect.poll(() => programField(page).textContent()).toContain('Branin');
        await page.getByText('More', { exact: true }).click();
        await page.getByRole('button', { name: 'Delete' }).click();
        await page.getByRole('button', { name: 'Delete the study' }).click();
        await page.getByRole('heading', { name: 'Studies' }).waitFor();
        await expect.poll(() => page.getByRole('link', { name: 'from-page' }).count()).toBe(0);
      } finally {
        rmSync(folder, { recursive: true });
      }
      expect(seen()).toEqual([]);
      await page.context().close();
    },
    patience,
  );

  it(
    'is run by one tab at a time, and shown by the other',
    async () => {
      const { page } = await open('/examples/my-study');
      const { page: other } = await secondTab(page.context(), `${site.url}#/examples/my-study`);
      await write(
        page,
        `import { searchSpace, uniform } from 'foothold';
export const space = searchSpace({ x: uniform(0, 1) });
export const objective = ({ x }) => new Promise((done) => setTimeout(() => done(x), 400));`,
      );
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page
        .locator('.tile', { hasText: 'Trials' })
        .getByText(/^[2-9]$/)
        .waitFor();
      await other.getByRole('button', { name: 'Run', exact: true }).click();
      await other.getByRole('alert').getByText('Another tab runs my-study').waitFor();
      await other.goto(`${site.url}#/studies/my-study`);
      await other
        .locator('.tile', { hasText: 'Trials' })
        .getByText(/^[3-9]$/)
        .waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText('Paused.').waitFor();
      await page.context().close();
    },
    patience,
  );

  it.each(openingModes)(
    'shows its pages without an error, sideways scrolling or a fault that axe finds in light and dark, $name',
    async (mode) => {
      const { page, seen } = await open('/examples/branin', mode);
      const look = async (name: string) => {
        await drawn(page);
        await inBothSchemes(page, mode, async ({ name: shown, colorScheme }) => {
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
          ).toBeLessThanOrEqual(0);
          expect({ name, violations: await violations(page, colorScheme !== mode.colorScheme) }).toEqual({
            name,
            violations: [],
          });
          await photographed(page, `playground-${name}-${shown}`);
        });
      };
      await look('example');
      await setNumber(page, 'Trials', 20);
      await ran(page, 'All 20 trials are done');
      await look('study');
      await page.getByRole('link', { name: 'Model', exact: true }).click();
      await page.getByRole('heading', { name: 'What if' }).waitFor();
      await look('model');
      await page.getByRole('link', { name: 'Overview', exact: true }).click();
      await drawn(page);
      // The picture of the README.
      if (mode.name === 'desktop-light')
        await page.screenshot({ path: join(screenshots, 'playground.png'), fullPage: false });
      await write(page, 'export const space = 1;\nexport function objective() {\n  return 1 +;\n}');
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('alert').getByText('no TypeScript').waitFor();
      await look('fault');
      await page.goto(`${site.url}#/`);
      await page.getByRole('heading', { name: 'Studies' }).waitFor();
      await look('studies');
      expect(seen()).toEqual([]);
      await page.context().close();
    },
    patience,
  );

  it('shows an example as it was before the first run once its trials are deleted', {
    timeout: patience,
  }, async () => {
    const { page, seen } = await open('/examples/branin');
    await setNumber(page, 'Trials', 4);
    await ran(page, 'All 4 trials are done');
    await page.goto(`${site.url}#/examples/branin`);
    await page.getByText('Best value').first().waitFor();
    await page.evaluate(() => {
      const shown: string[] = [];
      new MutationObserver(() => shown.push(document.querySelector('main')?.textContent ?? '')).observe(
        document.body,
        { childList: true, subtree: true, characterData: true },
      );
      Object.assign(globalThis, { shown });
    });
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByRole('button', { name: 'Delete its trials' }).click();
    await page.getByText('The trials are deleted.').waitFor();
    await page.getByText('Run it: each trial appears here').waitFor();
    const texts = await page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown.join('\n'));
    expect(texts).not.toContain('cannot be read');
    expect(texts).toContain('Run it');
    expect(seen()).toEqual([]);
    await page.context().close();
  });

  it('is used by keyboard alone: an example, a word, and Control with Enter', {
    timeout: patience,
  }, async () => {
    const { page, seen } = await open();
    await page.getByRole('link', { name: 'Pendulum' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Pendulum' }).waitFor();
    await expect.poll(() => page.getByLabel('Study', { exact: true }).inputValue()).toBe('pendulum');
    await setNumber(page, 'Trials', 2);
    await programField(page).focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('// mine\n');
    await expect.poll(() => programField(page).textContent()).toMatch(/^\/\/ mineimport/);
    await page.keyboard.press('Control+Enter');
    await page.getByText('All 2 trials are done').waitFor();
    // Tab leaves the editor.
    await programField(page).focus();
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Run');
    await page.getByRole('button', { name: 'Restore the example' }).click();
    await expect.poll(() => programField(page).textContent()).not.toContain('mine');
    expect(seen()).toEqual([]);
    await page.context().close();
  });
});

/** A program with one parameter and this export. */
function program(body: string): string {
  return `import { searchSpace, uniform } from 'foothold';\nexport const space = searchSpace({ x: uniform(0, 1) });\nexport ${body}`;
}

async function secondTab(context: BrowserContext, url: string): Promise<{ readonly page: Page }> {
  const page = await context.newPage();
  await page.goto(url);
  await programField(page).waitFor();
  return { page };
}

/** Saves a file by an item of the study's menu. */
async function saved(page: Page, item: string, path: string): Promise<void> {
  if (!(await page.getByRole('button', { name: item }).isVisible()))
    await page.getByText('More', { exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: item }).click();
  await (await download).saveAs(path);
}
