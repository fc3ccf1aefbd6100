/** A report as a person opens it: from a file, in a real Chromium without a network. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cellStudyOf } from '@foothold/checkpoints';
import { studyReport } from '@foothold/server';
import { reportPage } from '@foothold/server/node';
import { studyRecord } from '@foothold/study';
import { autoSampler, createStudy, logUniform, memoryStorage, searchSpace, uniform } from 'foothold';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  drawn,
  type Mode,
  modes,
  type Opened,
  opened,
  photographed,
  screenshots,
  violations,
} from './dashboard/opened.ts';
import {
  beginning,
  checkpoints,
  checkpointsStudy,
  fidelitiesStudy,
  markupLog,
  networkStudy,
  trafficStudy,
} from './dashboard/studies.ts';
import type { Launched } from './launch.ts';
import { sharedBrowser } from './shared-browser.ts';

const runs = process.platform === 'linux' && process.arch === 'x64';
const cases = runs ? describe : describe.skip;

/** Milliseconds that a test of many pages may take on a machine that does much else. */
const patience = 240_000;

const network = '#/studies/large-network';
/** Views with a heading on each. */
const views = [
  ['network', '', 'Parameters of the best trial'],
  ['network', `${network}/trials`, 'large-network'],
  ['network', `${network}/trials/12`, 'Why these parameters'],
  ['network', `${network}/model`, 'Interaction of pairs'],
  ['network', `${network}/curves`, 'Learning curves'],
  ['network', `${network}/workers`, 'Workers'],
  ['network', `${network}/transfer`, 'What earlier studies contributed'],
  ['network', `${network}/history`, 'What was written'],
  ['two', '', 'both networks'],
  ['two', `${network}`, 'Parameters of the best trial'],
  ['traffic', '#/studies/traffic/front', 'Hypervolume of the front'],
  ['traffic', '#/studies/traffic/limits', 'Limit on megabytes'],
  ['epochs', '', 'Fidelities'],
  ['epochs', '#/studies/epochs/trials', 'epochs'],
  ['cells', '', 'Correlations of columns'],
  ['cells', '#/studies/cells/trials', 'cells'],
] as const;

/** A study whose suggestions have all that a model writes about them. */
async function thousandTrials() {
  const storage = memoryStorage();
  let now = beginning;
  const study = createStudy({
    ...{ storage, name: 'thousand', seed: 1, direction: 'minimize', trials: 1000, clock: () => now },
    space: searchSpace({
      learning_rate: logUniform(1e-5, 1e-1),
      dropout: uniform(0, 0.6),
      momentum: uniform(0, 1),
      weight_decay: logUniform(1e-6, 1e-2),
    }),
    sampler: autoSampler(),
    lease: { owner: 'gpu-box:1', ms: 3_600_000 },
  });
  for (let k = 0; k < 40; k++) {
    const { number, params } = await study.ask();
    now += 60_000;
    const rate = Math.log10(params.learning_rate) + 3;
    await study.tell(number, { state: 'complete', value: rate ** 2 + params.dropout + params.momentum ** 2 });
  }
  // The rest of the log is as its last trials are, with other numbers in each figure.
  const events = [...(await storage.read('thousand', 0))];
  const last = events.filter(({ type }) => type === 'asked' || type === 'told').slice(-20);
  for (let number = 40; number < 1000; number++)
    for (const event of last.slice(2 * (number % 10), 2 * (number % 10) + 2)) {
      const factor = 1 - 1e-5 * number;
      const text = JSON.stringify({ ...event, number }, (key, value: unknown) =>
        typeof value === 'number' && !Number.isInteger(value) && key !== 'at' ? value * factor : value,
      );
      events.push(JSON.parse(text) as (typeof events)[number]);
    }
  return events;
}

cases(
  runs ? 'a report of studies' : 'a report of studies (skipped: the Chromium is for Linux on x64)',
  () => {
    let launched: Launched;
    const storage = memoryStorage();
    const folder = mkdtempSync(join(tmpdir(), 'foothold-study-report-'));
    const address = (name: string) => pathToFileURL(join(folder, `${name}.html`)).href;

    beforeAll(async () => {
      launched = await sharedBrowser();
      const page = await reportPage();
      await networkStudy(storage, 'large-network', 24);
      await networkStudy(storage, 'small-network', 9);
      await trafficStudy(storage, 'traffic', 16);
      await fidelitiesStudy(storage, 'epochs');
      await checkpointsStudy(storage, 'cells', 30);
      storage.append('markup', 0, markupLog());
      storage.append('thousand', 0, await thousandTrials());
      const write = async (file: string, names: readonly string[], title?: string) => {
        const studies = [];
        for (const name of names) studies.push({ name, events: await storage.read(name, 0) });
        const writtenAt = Date.UTC(2026, 8, 3, 10);
        const html = await studyReport({ page, studies, title, writtenAt, program: 'foothold 0.1.0' });
        writeFileSync(join(folder, `${file}.html`), html);
      };
      await write('network', ['large-network']);
      await write('two', ['large-network', 'small-network'], 'both networks');
      for (const name of ['traffic', 'epochs', 'cells']) await write(name, [name]);
      await write('markup', ['markup']);
      await write('thousand', ['thousand']);
    }, patience);
    afterAll(async () => {
      await launched?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** The page of a report; a request for anything but the file itself and its worker is a fault. */
    async function openedReport(name: string, hash = '', mode: Mode = modes[0]): Promise<Opened> {
      const { page, faults } = await opened(launched.browser, address(name), mode);
      await page.context().setOffline(true);
      await page.goto(address(name) + hash);
      // What stands there for readers without scripts is replaced by then.
      await page.locator('.report-line').waitFor();
      return { page, faults };
    }
    const wrong = (faults: readonly string[]) =>
      faults.filter((fault) => !fault.startsWith('request: blob:'));

    it.each([modes[0], modes[3]])(
      'shows every view without an error, a request or a fault that axe finds, $name',
      async (mode) => {
        for (const [name, hash, heading] of views) {
          const { page, faults } = await openedReport(name, hash, mode);
          await page.getByRole('heading', { name: heading }).first().waitFor({ timeout: 60_000 });
          await drawn(page);
          const id = `${name}${hash.replaceAll(/\W+/g, '-')}`;
          expect({ id, violations: await violations(page) }).toEqual({ id, violations: [] });
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
          ).toBeLessThanOrEqual(0);
          await page.getByText('written by foothold 0.1.0').waitFor();
          const acting = page.locator('button:not(.sort)', {
            hasText: /^(Enqueue|Note|Rename|Delete|Fail|Share)/,
          });
          expect(await acting.allTextContents()).toEqual([]);
          expect(await page.locator('details.menu').count()).toBe(0);
          await photographed(page, `report-${id}-${mode.name}`);
          expect({ id, faults: wrong(faults) }).toEqual({ id, faults: [] });
          await page.context().close();
        }
      },
      patience,
    );

    it('sorts and filters its table, follows links, shows what is under the pointer', async () => {
      const { page, faults } = await openedReport('network', `${network}/trials`);
      await page.getByRole('button', { name: 'dropout', exact: true }).click();
      const column = async () => {
        const cells = await page.locator('table.trials tbody tr:not(.gap)').evaluateAll((rows) => {
          const heads = [...document.querySelectorAll('table.trials th')].map((head) => head.textContent);
          const at = heads.indexOf('dropout');
          return rows.map((row) => Number(row.children[at]!.textContent!.replace('−', '-')));
        });
        return cells;
      };
      await page
        .locator('th[aria-sort="ascending"], th[aria-sort="descending"]')
        .getByText('dropout')
        .waitFor();
      const values = await column();
      const sorted = [...values].sort((a, b) => a - b);
      expect([sorted, sorted.toReversed()]).toContainEqual(values);
      await page.getByRole('searchbox').fill('CUDA');
      await page.getByText(/^\d+ of 25 trials$/).waitFor();
      await page.locator('table.trials tbody a').first().click();
      await page.getByRole('heading', { name: 'Why it failed' }).waitFor();
      await page.getByRole('link', { name: 'Overview' }).click();
      await drawn(page);
      expect(await hovered(page)).toMatch(/trial \d+/);
      expect(wrong(faults)).toEqual([]);
      await page.context().close();
    });

    it(
      'computes what is important, contours and what the sampler would ask for next in the page',
      async () => {
        const { page, faults } = await openedReport('network', `${network}/model`);
        await page.getByRole('heading', { name: 'Interaction of pairs' }).waitFor({ timeout: 60_000 });
        await drawn(page);
        await page.getByRole('button', { name: 'Suggest the next five' }).click();
        await page.locator('.suggestion-table tbody tr').nth(4).waitFor({ timeout: 60_000 });
        expect(wrong(faults)).toEqual([]);
        await page.context().close();
      },
      patience,
    );

    it('draws the best of each fidelity along the cost, and keeps one fidelity in every view', async () => {
      const { page, faults } = await openedReport('epochs');
      await page.getByRole('region', { name: 'Fidelities in numbers' }).waitFor();
      await drawn(page);
      const { trials } = await studyRecord(storage, 'epochs').state();
      const at = (epochs: number) => trials.filter(({ params }) => params['epochs'] === epochs);
      const valuesAt = (epochs: number) =>
        at(epochs).flatMap((trial) => (trial.state === 'complete' ? [trial.value] : []));
      const spent = [1, 3, 9].map((epochs) => epochs * at(epochs).length);
      const rows = page.getByRole('region', { name: 'Fidelities in numbers' }).locator('tbody tr');
      const cells = await rows.evaluateAll((all) =>
        all.map((row) => [...row.children].map((cell) => cell.textContent)),
      );
      expect(cells.map(([title, count, cost]) => [title, Number(count), Number(cost)])).toEqual(
        [1, 3, 9].map((epochs, i) => [`epochs ${epochs}`, at(epochs).length, spent[i]]),
      );
      // The cheap fidelities have smaller values, which are not the best.
      expect(Math.min(...valuesAt(1))).toBeLessThan(Math.min(...valuesAt(9)));
      const best = page.locator('.tile', { hasText: 'Best value' });
      expect(Number(await best.locator('.tile-value').textContent())).toBeCloseTo(
        Math.min(...valuesAt(9)),
        3,
      );
      await best.getByText(', epochs 9').waitFor();
      const along = page.getByRole('group', { name: 'Along' });
      expect(await along.locator('[aria-pressed="true"]').textContent()).toBe('Cost');
      const chart = page.locator('.card', { hasText: 'Best value so far' }).locator('.chart');
      const text = await chart.getAttribute('aria-label');
      expect([...text!.matchAll(/epochs (\d) reaches ([\d.]+)/g)].map(([, epochs]) => epochs)).toEqual([
        ...['1', '3', '9'],
      ]);

      await page.getByRole('group', { name: 'Fidelity' }).getByRole('button', { name: 'epochs 3' }).click();
      await page.getByText(`${at(3).length} of ${trials.length} trials`).waitFor();
      await page.getByRole('link', { name: 'Trials', exact: true }).click();
      await page
        .getByText(`${at(3).length} of ${trials.length} trials`, { exact: true })
        .last()
        .waitFor();
      const swatches = page.locator('table.trials .swatch');
      await expect
        .poll(() =>
          swatches.evaluateAll((all) => all.map((swatch) => (swatch as HTMLElement).dataset['color'])),
        )
        .toEqual(at(3).map(() => '1'));
      expect(wrong(faults)).toEqual([]);
      await page.context().close();
    });

    it('names the best row of a score matrix and draws a column over the rows', async () => {
      const { page, faults } = await openedReport('cells');
      await page.getByRole('heading', { name: 'Scores of a column' }).waitFor({ timeout: 60_000 });
      await drawn(page);
      const { trials } = await studyRecord(storage, 'cells').state();
      const best = page.locator('.tile', { hasText: 'Best row' }).locator('.tile-value');
      expect(await best.textContent()).toBe(cellStudyOf(checkpoints, trials).best().name);
      await page.getByLabel('Column', { exact: true }).selectOption({ label: 'physics' });
      await drawn(page);
      const known = trials.filter(
        ({ params, state }) => params['column'] === 'physics' && state === 'complete',
      );
      const curve = page.locator('.card', { hasText: 'Scores of a column' }).locator('.chart');
      await expect
        .poll(() => curve.getAttribute('aria-label'))
        .toContain(`physics: mean and 95 % interval at 24 positions, ${known.length} observations`);
      expect(wrong(faults)).toEqual([]);
      await page.context().close();
    });

    it(
      'runs no script from a text of a study',
      async () => {
        for (const view of ['', '/trials', '/trials/2', '/curves', '/limits', '/transfer', '/history']) {
          const { page, faults } = await openedReport('markup', `#/studies/markup${view}`);
          await page.getByRole('navigation', { name: 'Views of the study' }).waitFor();
          await drawn(page);
          expect(await page.evaluate(() => 'executed' in globalThis)).toBe(false);
          expect(await page.locator('main img, main script').count()).toBe(0);
          expect(wrong(faults)).toEqual([]);
          await page.context().close();
        }
      },
      patience,
    );

    it('allows no other script, no connection and no eval', async () => {
      const { page } = await openedReport('network');
      await page.getByRole('heading', { name: 'large-network' }).waitFor();
      const refused = await page.evaluate(async () => {
        const found: string[] = [];
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
          found.push(effectiveDirective),
        );
        const script = document.createElement('script');
        script.textContent = 'globalThis.executed = 1';
        document.body.append(script);
        await fetch('https://example.org/').catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { found, executed: 'executed' in globalThis };
      });
      expect(refused.executed).toBe(false);
      expect(refused.found).toEqual(expect.arrayContaining(['script-src-elem', 'connect-src']));
      const policy = await page.locator('meta[http-equiv]').getAttribute('content');
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
      await page.context().close();
    });

    it('is below 1.5 MB at 1,000 trials with all that their suggestions say, and prints all of them', async () => {
      const { size } = statSync(join(folder, 'thousand.html'));
      console.log(`a report of 1,000 trials: ${(size / 1e6).toFixed(2)} MB`);
      expect(size).toBeLessThan(1_500_000);
      const { page, faults } = await openedReport('thousand', '#/studies/thousand/trials');
      await page.getByText('1,000 trials', { exact: true }).waitFor();
      const rows = page.locator('table.trials tbody tr:not(.gap)');
      expect(await rows.count()).toBeLessThan(200);
      await page.emulateMedia({ media: 'print' });
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      await page.waitForFunction(() => document.querySelectorAll('table.trials tbody tr').length === 1000);
      expect(await page.getByRole('navigation').count()).toBe(0);
      mkdirSync(screenshots, { recursive: true });
      await page.screenshot({ path: join(screenshots, 'report-print.png') });
      await page.emulateMedia({ media: 'screen' });
      await page.evaluate(() => dispatchEvent(new Event('afterprint')));
      await page.waitForFunction(() => document.querySelectorAll('table.trials tbody tr').length < 200);
      expect(wrong(faults)).toEqual([]);
      await page.context().close();
    });

    it('says the best trial and its parameters where scripts are off', async () => {
      const context = await launched.browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(address('two'));
      const text = await page.locator('main').textContent();
      expect(text).toMatch(/Smallest value [\d.]+ in trial \d+ of 24/);
      expect(text).toContain('learning_rate');
      expect(text).toContain('Written 2026-09-03 10:00 UTC by foothold 0.1.0.');
      await photographed(page, 'report-without-scripts');
      await context.close();
    });
  },
);

/** What the page says of a mark of its first chart that the pointer is moved to. */
async function hovered(page: Page): Promise<string | null> {
  const box = (await page.locator('.chart canvas').first().boundingBox())!;
  for (let x = 60; x < box.width; x += 3)
    for (let y = 20; y < box.height; y += 40) {
      await page.mouse.move(box.x + x, box.y + y);
      const tip = page.locator('.tooltip:not([hidden])');
      if ((await tip.count()) > 0) return tip.textContent();
    }
  return null;
}
