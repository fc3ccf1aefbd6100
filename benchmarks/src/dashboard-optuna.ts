import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { ViewTimes } from './dashboard-times.ts';

/**
 * Times of optuna-dashboard, the program beside this Python, on the study in an SQLite file; a text that says why there are none
 * where it is missing. The filtered view is its list of trials without those that are complete.
 */
export async function optunaDashboardTimes(
  browser: Browser,
  { python, file, trials, port }: { python: string; file: string; trials: number; port: number },
): Promise<ViewTimes | string> {
  const program = join(dirname(python), 'optuna-dashboard');
  const server = spawn(program, [`sqlite:///${file}`, '--port', `${port}`], { stdio: 'ignore' });
  const ended = once(server, 'close').catch(() => undefined);
  try {
    await once(server, 'spawn');
  } catch (error) {
    return `${program}: ${error instanceof Error ? error.message : error}`;
  }
  try {
    const url = `http://127.0.0.1:${port}/dashboard`;
    await answered(url, server);
    const page = await browser.newPage();
    const start = performance.now();
    await page.goto(`${url}/studies/1`);
    await page.waitForSelector('.js-plotly-plot .main-svg .scatterlayer .trace', { timeout: 120_000 });
    const firstChartMs = performance.now() - start;
    const listStart = performance.now();
    await page.goto(`${url}/studies/1/trials`);
    await page.getByText(`${trials} Trials`).waitFor({ timeout: 120_000 });
    await page.locator('button[aria-label="Filter"]').click();
    const filterStart = performance.now();
    await page.getByRole('menuitem').filter({ hasText: 'Complete' }).first().click();
    await page.getByText(`${trials} Trials`).waitFor({ state: 'detached', timeout: 120_000 });
    const end = performance.now();
    await page.close();
    return { firstChartMs, filteredViewMs: end - listStart, filterMs: end - filterStart };
  } finally {
    server.kill();
    await ended;
  }
}

/** Resolves when the server answers; throws where its process ends before. */
async function answered(url: string, { exitCode }: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300 && exitCode === null; tries++) {
    const response = await fetch(url).catch(() => undefined);
    if (response) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url} does not answer`);
}
