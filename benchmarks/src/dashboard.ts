/**
 * A long study in the dashboard and in optuna-dashboard, in the same Chromium, one after the other: milliseconds to the first chart
 * and to a filtered list of trials; and of ours the longest tasks of the main thread and the heap while trials come. optuna-dashboard is the program beside the Python of `--python`, FOOTHOLD_PYTHON or `python3`.
 * The page has to be built: `pnpm build`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '@foothold/browser-tests/launch';
import { listen } from '@foothold/server/node';
import { exportStudy } from '@foothold/sources';
import { fileStorage } from '@foothold/study';
import type { Browser } from 'playwright-core';
import type { BenchOptions } from './bench-options.ts';
import { frameTimes, heapGrowth } from './dashboard-frames.ts';
import { optunaDashboardTimes } from './dashboard-optuna.ts';
import type { ViewTimes } from './dashboard-times.ts';
import { quantile } from './studies-latency.ts';
import { grow, studyName } from './studies-problem.ts';

const page = fileURLToPath(new URL('../../apps/dashboard/dist', import.meta.url));
const token = 'token-of-the-benchmark';
/** Of optuna-dashboard, which takes no free one by itself. */
const optunaPort = 18_080;

export async function dashboard({ quick, seeds, python, emit }: BenchOptions): Promise<void> {
  if (!existsSync(page)) throw new Error('the dashboard is not built: run pnpm build');
  const trials = quick ? 1000 : 10_000;
  const folder = mkdtempSync(join(tmpdir(), 'foothold-bench-dashboard-'));
  const { browser, close } = await launch({ graphics: true });
  try {
    const storage = fileStorage(folder);
    await grow(storage, trials, 1000);
    const frames = { browser, storage, trials, page, growMs: quick ? 5000 : 60_000 };
    const load = () => ({ load: Math.round(10 * loadavg()[0]!) / 10 });
    await frameTimes(frames, (of, times) => emit({ bench: 'dashboard', of, trials, ...load(), ...times }));
    const file = join(folder, 'optuna.db');
    await exportStudy({ storage, name: studyName }, { format: 'optuna', file });
    const own: ViewTimes[] = [];
    const optuna: ViewTimes[] = [];
    const of = {
      python: python ?? process.env['FOOTHOLD_PYTHON'] ?? 'python3',
      file,
      trials,
      port: optunaPort,
    };
    let skipped: string | undefined;
    for (let repeat = 0; repeat < (seeds ?? 3); repeat++) {
      own.push(await ownTimes(browser, storage, trials));
      emit({ bench: 'dashboard', of: 'foothold', trials, ...own.at(-1) });
      const theirs = skipped === undefined ? await optunaDashboardTimes(browser, of) : skipped;
      if (typeof theirs === 'string') skipped = theirs;
      else {
        optuna.push(theirs);
        emit({ bench: 'dashboard', of: 'optuna-dashboard', trials, ...theirs });
      }
    }
    // Last: it adds trials.
    const heap = await heapGrowth(frames);
    emit({ bench: 'dashboard', of: 'heap', trials, ...load(), ...heap });
    const medians = { foothold: medianTimes(own), ...(optuna.length > 0 && { optuna: medianTimes(optuna) }) };
    emit({
      bench: 'dashboard',
      summary: { trials, ...medians, heap, ...(skipped !== undefined && { skipped }) },
    });
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Times of the dashboard; the filtered list is that of the trials which are not complete. */
async function ownTimes(
  browser: Browser,
  storage: ReturnType<typeof fileStorage>,
  trials: number,
): Promise<ViewTimes> {
  const server = await listen({ storage, token, clock: () => Date.now(), staticFiles: page });
  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    const link = (to: string) => `${server.url}/#token=${token}&to=/studies/${studyName}${to}`;
    const start = performance.now();
    await tab.goto(link(''));
    await tab.waitForSelector('.chart canvas', { timeout: 120_000 });
    const firstChartMs = performance.now() - start;
    await tab.close();
    const other = await context.newPage();
    const listStart = performance.now();
    await other.goto(link('/trials'));
    const all = other.getByText(`${trials.toLocaleString('en')} trials`, { exact: true });
    await all.waitFor({ timeout: 120_000 });
    const filterStart = performance.now();
    await other.getByRole('button', { name: 'complete', exact: true }).click();
    await all.waitFor({ state: 'detached', timeout: 120_000 });
    const end = performance.now();
    return { firstChartMs, filteredViewMs: end - listStart, filterMs: end - filterStart };
  } finally {
    await context.close();
    await server.close();
  }
}

function medianTimes(all: readonly ViewTimes[]): ViewTimes {
  const median = (of: keyof ViewTimes) =>
    quantile(
      all.map((times) => times[of]),
      0.5,
    );
  return {
    firstChartMs: median('firstChartMs'),
    filteredViewMs: median('filteredViewMs'),
    filterMs: median('filterMs'),
  };
}
