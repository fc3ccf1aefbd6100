/** The model in the page: in a real Chromium, in its worker, at the real server with its policy. */
import { memoryStorage, replay } from '@foothold/study';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelService } from '../../apps/dashboard/src/model/model-service.ts';
import { conditionalStudy } from './dashboard/conditional-study.ts';
import {
  inBothSchemes,
  type Mode,
  modes,
  opened,
  openingModes,
  photographed,
  violations,
} from './dashboard/opened.ts';
import { pageFiles } from './dashboard/page-files.ts';
import { longLog, networkStudy, trafficStudy } from './dashboard/studies.ts';
import { type StudyServer, studyServer } from './dashboard/study-server.ts';
import type { Launched } from './launch.ts';
import { sharedBrowser } from './shared-browser.ts';

const runs = process.platform === 'linux' && process.arch === 'x64';
const cases = runs ? describe : describe.skip;
/** Milliseconds that a test of several pages may take on a machine that does much else. */
const patience = 240_000;

cases(
  runs ? 'the model in the page' : 'the model in the page (skipped: its Chromium is for Linux on x64)',
  () => {
    let launched: Launched;
    let server: StudyServer;
    const storage = memoryStorage();
    let files: ReadonlyMap<string, string | Uint8Array>;

    beforeAll(async () => {
      await networkStudy(storage, 'network');
      await conditionalStudy(storage, 'conditional');
      await trafficStudy(storage, 'traffic');
      storage.append('long', 0, longLog(3000));
      storage.append('short', 0, longLog(1));
      files = await pageFiles();
      [launched, server] = await Promise.all([sharedBrowser(), studyServer(files, storage)]);
    });
    afterAll(async () => {
      await launched?.close();
      await server?.close();
    });

    const addressOf = (study: string) => server.address(`/studies/${study}/model`);

    /** The model's view of a study, as it opens. */
    async function openedModel(study: string, mode: Mode = modes[0]) {
      const { page, faults } = await opened(launched.browser, server.url, mode);
      await page.goto(addressOf(study));
      return { page, faults };
    }

    async function computed(page: Page): Promise<void> {
      await page.getByRole('heading', { name: 'Importance', exact: true }).waitFor();
      await page.getByText('Functions are drawn from the model').waitFor({ state: 'detached' });
      // Charts are drawn as they come into view.
      for (const chart of await page.locator('.chart').all()) {
        await chart.scrollIntoViewIfNeeded();
        await chart.locator('canvas').first().waitFor();
      }
      await page.evaluate(() => window.scrollTo(0, 0));
    }

    it.each(openingModes)(
      'is shown without an error, sideways scrolling or a fault that axe finds in light and dark, $name',
      async (mode) => {
        for (const study of ['network', 'conditional', 'traffic']) {
          const { page, faults } = await openedModel(study, mode);
          await computed(page);
          if (study === 'conditional') {
            await page.getByRole('button', { name: 'Suggest the next five' }).click();
            await page
              .getByRole('button', { name: /^Look at/ })
              .first()
              .waitFor();
          }
          await inBothSchemes(page, mode, async ({ name, width, colorScheme }) => {
            // On a phone the browser widens its own window to what is too wide.
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
              width,
            );
            expect({ study, violations: await violations(page, colorScheme !== mode.colorScheme) }).toEqual({
              study,
              violations: [],
            });
            await photographed(page, `model-${study}-${name}`);
          });
          expect(faults).toEqual([]);
          await page.context().close();
        }
      },
      patience,
    );

    it('computes in the worker what Node computes', async () => {
      const { space, goal, trials, created } = replay(await storage.read('network', 0));
      const input = {
        ...{ space: space!, goal: goal!, metric: 'value', direction: goal!.direction, seed: created!.seed },
        trials: trials.filter(({ state }) => state !== 'running'),
      };
      const points = trials.slice(0, 6).map(({ params }) => ({ ...params, dropout: 0.3 }));
      const service = modelService();
      const summary = await service.fit(input);
      const expected = await service.believe(points);
      const { page, faults } = await openedModel('network');
      const script = [...files.keys()].find((name) => /model-worker.*\.js$/.test(name))!;
      const found = await page.evaluate(
        async ({ script, given }) => {
          const { input, points } = JSON.parse(given) as { input: unknown; points: unknown };
          const worker = new Worker(`/${script}`, { type: 'module' });
          const ask = (operation: string, operands: unknown[]) =>
            new Promise<unknown>((resolve, reject) => {
              worker.onmessage = ({ data }) => ('error' in data ? reject(data.error) : resolve(data.result));
              worker.onerror = (event) => reject(new Error(event.message));
              worker.postMessage({ id: 1, operation, operands });
            });
          const summary = await ask('fit', [input]);
          const beliefs = (await ask('believe', [points])) as Record<string, Float64Array>;
          worker.terminate();
          return {
            summary,
            beliefs: Object.fromEntries(Object.entries(beliefs).map(([name, values]) => [name, [...values]])),
          };
        },
        { script, given: JSON.stringify({ input, points }) },
      );
      expect(found.summary).toEqual(summary);
      for (const [name, values] of Object.entries(expected))
        for (const [i, value] of (values as Float64Array).entries())
          expect(Math.abs(found.beliefs[name]![i]! - value)).toBeLessThan(1e-9);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it('changes what it believes as a slider moves, and enqueues the point', async () => {
      const { page, faults } = await openedModel('conditional');
      await computed(page);
      const mean = page.locator('.belief-mean');
      const before = await mean.textContent();
      const slider = page.getByLabel('learning_rate', { exact: true });
      await slider.focus();
      for (let k = 0; k < 3; k++) await page.keyboard.press('PageDown');
      await page.waitForFunction(
        (old) => document.querySelector('.belief-mean')!.textContent !== old,
        before,
      );
      const rate = Number(await page.getByLabel('learning_rate by number').inputValue());
      expect(rate).toBeGreaterThan(0);
      // A parameter that its parent makes inactive cannot be moved; its branch brings it back.
      await page.getByLabel('optimizer', { exact: true }).selectOption('adam');
      expect(await page.getByLabel('momentum', { exact: true }).isDisabled()).toBe(true);
      await page.getByText('Only with optimizer sgd.').waitFor();
      const enqueue = page.getByRole('button', { name: 'Enqueue this point' });
      await page.getByLabel('dropout_of_inputs by number').fill('0.8');
      await page.getByLabel('dropout_of_inputs by number').press('Tab');
      await page.getByLabel('dropout_of_layers by number').fill('0.7');
      await page.getByLabel('dropout_of_layers by number').press('Tab');
      await page.getByText('These parameters are not allowed').waitFor();
      expect(await enqueue.isDisabled()).toBe(true);
      await page.getByLabel('dropout_of_layers by number').fill('0.1');
      await page.getByLabel('dropout_of_layers by number').press('Tab');
      await enqueue.click();
      await page.getByText('Enqueued: the next worker that asks gets it.').waitFor();
      const queued = (await storage.read('conditional', 0)).findLast(({ type }) => type === 'enqueued');
      expect(queued).toMatchObject({
        params: { optimizer: 'adam', dropout_of_inputs: 0.8, dropout_of_layers: 0.1 },
      });
      expect(queued).not.toHaveProperty('params.momentum');
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it('suggests without writing, and shows a suggestion as the point', async () => {
      const { page, faults } = await openedModel('network');
      await computed(page);
      const length = (await storage.read('network', 0)).length;
      await page.getByRole('button', { name: 'Suggest the next five' }).click();
      await page.getByText(/By the sampler auto, without its 1 earlier study/).waitFor();
      const rows = page.locator('.suggestion-table tbody tr');
      expect(await rows.count()).toBe(5);
      expect((await storage.read('network', 0)).length).toBe(length);
      const dropout = await rows.nth(1).locator('td').nth(3).textContent();
      await rows.nth(1).getByRole('button').click();
      expect(await page.getByLabel('dropout by number').inputValue()).toBe(dropout!.replace('−', '-'));
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it('says which trials of a long study it learned from, and where there are too few', async () => {
      const { page, faults } = await openedModel('long');
      await page
        .getByText(/fitted in this page to 1,[0-9]{3} of 3,000 finished trials: the best ones/)
        .waitFor();
      await page.goto(`${server.url}/#/studies/short/model`);
      await page.getByRole('heading', { name: 'Too few trials for a model' }).waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it('offers nothing that writes to a person who may only read, and says so where the worker is missing', async () => {
      const { page } = await opened(launched.browser, server.url);
      await page.route('**/api/session', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: { ...(await answer.json()), role: 'read' } });
      });
      await page.goto(addressOf('conditional'));
      await page.locator('.belief-mean').waitFor();
      expect(await page.getByRole('button', { name: 'Enqueue this point' }).count()).toBe(0);
      await page.route(/model-worker/, (route) => route.abort());
      await page.reload();
      await page.getByRole('heading', { name: 'The model is not in this page' }).waitFor();
      await page.context().close();
    });
  },
);
