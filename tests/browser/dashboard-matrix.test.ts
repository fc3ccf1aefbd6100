/** A score matrix in the dashboard: its cells, what is believed of its rows, earlier moments, and a run that goes on. */
import { cellStudyOf } from '@foothold/checkpoints';
import { memoryStorage, studyRecord } from '@foothold/study';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawn, opened } from './dashboard/opened.ts';
import { pageFiles } from './dashboard/page-files.ts';
import { checkpoints, checkpointsStudy } from './dashboard/studies.ts';
import { type StudyServer, studyServer } from './dashboard/study-server.ts';
import type { Launched } from './launch.ts';
import { sharedBrowser } from './shared-browser.ts';

const runs = process.platform === 'linux' && process.arch === 'x64';
const cases = runs ? describe : describe.skip;

cases(
  runs ? 'the page of a score matrix' : 'the page of a score matrix (skipped: Chromium for Linux on x64)',
  () => {
    let launched: Launched;
    let server: StudyServer;
    const storage = memoryStorage();
    let study: Awaited<ReturnType<typeof checkpointsStudy>>;
    beforeAll(async () => {
      study = await checkpointsStudy(storage, 'cells', 30);
      [launched, server] = await Promise.all([sharedBrowser(), studyServer(await pageFiles(), storage)]);
    });
    afterAll(async () => {
      await launched?.close();
      await server?.close();
    });
    const tile = (page: Page, name: string) =>
      page.locator('.tile', { hasText: name }).locator('.tile-value');
    /** What the package says of the trials that are in the log. */
    const expected = async (trials = Infinity) =>
      cellStudyOf(checkpoints, (await studyRecord(storage, 'cells').state()).trials.slice(0, trials));

    it('names the best row as the package does, now, at an earlier moment, and while cells come', async () => {
      const { page, faults } = await opened(launched.browser, server.url);
      await page.goto(server.address('/studies/cells'));
      await page.getByRole('heading', { name: 'Row means' }).waitFor();
      await drawn(page);
      expect(await tile(page, 'Cells known').textContent()).toBe('29');
      expect(await tile(page, 'Best row').textContent()).toBe((await expected()).best().name);
      expect(await tile(page, 'Decision').textContent()).toBe('Go on');
      const rows = page.getByRole('region', { name: 'Rows in numbers' }).locator('tbody tr');
      const { probability } = (await expected()).posterior();
      const likeliest = probability.indexOf(Math.max(...probability));
      expect(await rows.first().locator('th').textContent()).toBe((await expected()).rows[likeliest]);
      expect(await rows.first().locator('td').nth(2).textContent()).toBe(
        `${(100 * probability[likeliest]!).toFixed(1)} %`,
      );

      await page.getByLabel('After all 31 trials').fill('12');
      await page.getByText('After 12 of 31 trials').waitFor();
      await tile(page, 'Cells known').getByText('11', { exact: true }).waitFor();
      expect(await tile(page, 'Best row').textContent()).toBe((await expected(12)).best().name);
      await page.getByRole('button', { name: 'Now' }).click();

      await study.evaluated(3);
      await tile(page, 'Cells known').getByText('32', { exact: true }).waitFor();
      expect(await tile(page, 'Best row').textContent()).toBe((await expected()).best().name);
      await page.getByRole('button', { name: 'Uncertainty' }).click();
      await page.getByText('Standard deviation of every cell').waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it('shows what the log says of a cell: its row and column, why it was chosen, what was expected', async () => {
      const { page, faults } = await opened(launched.browser, server.url);
      await page.goto(server.address('/studies/cells/trials/28'));
      await page.getByText('Of all candidates it had the highest knowledge gradient').waitFor();
      await page.getByText(/^The model expected/).waitFor();
      const { trials } = await studyRecord(storage, 'cells').state();
      await page.getByRole('cell', { name: String(trials[28]!.params['column']), exact: true }).waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });
  },
);
