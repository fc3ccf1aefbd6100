/** Frames and memory of the dashboard in Chromium, by its tracing: how long its main thread is kept, and what stays in its heap. */
import { listen } from '@foothold/server/node';
import type { fileStorage } from '@foothold/study';
import type { Browser, Page } from 'playwright-core';
import { openStudy, studyName } from './studies-problem.ts';

/** The longest tasks of the page's main thread. A task that is longer than a frame delays it. */
export interface TaskTimes {
  readonly tasks: number;
  readonly longestMs: number;
  /** Of processor time: what the task takes where nothing else wants the processor. */
  readonly longestCpuMs: number;
  readonly above50Ms: number;
  readonly above50CpuMs: number;
  /** What the longest one by processor time consists of: its longest parts by name. */
  readonly longestParts: readonly string[];
}

/** JavaScript's heap after collections of garbage, in bytes. The first new trials come before: what drawing again takes once does not grow. */
export interface HeapGrowth {
  readonly newTrials: number;
  /** Before any new trial. */
  readonly openedBytes: number;
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** Of a trial among those that were there before. */
  readonly bytesATrial: number;
  /** What was added for each new trial. */
  readonly bytesANewTrial: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Microseconds, by the clock and of the processor. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: {
    readonly name?: string;
    readonly data?: { readonly functionName?: string; readonly url?: string };
  };
}

const categories = ['-*', 'toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];
const token = 'token-of-the-benchmark';

export interface FramesOptions {
  readonly browser: Browser;
  readonly storage: ReturnType<typeof fileStorage>;
  readonly trials: number;
  /** The built page. */
  readonly page: string;
  /** Milliseconds for which new trials come, one in 100. */
  readonly growMs: number;
}

/** The tasks of the first view, of brushing an axis and of scrolling the table of all trials, one after the other. */
export async function frameTimes(
  { browser, storage, page }: FramesOptions,
  emit: (of: string, times: TaskTimes) => void,
): Promise<void> {
  const server = await listen({ storage, token, clock: () => Date.now(), staticFiles: page });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const tab = await context.newPage();
    const traced = async (of: string, work: () => Promise<void>) => {
      await browser.startTracing(tab, { categories });
      await work();
      emit(of, tasksOf(JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] }));
    };
    const link = (to: string) => `${server.url}/#token=${token}&to=/studies/${studyName}${to}`;
    await traced('first view', async () => {
      await tab.goto(link(''));
      await tab.locator('.chart canvas').nth(1).waitFor({ timeout: 120_000 });
      await settled(tab);
    });
    await traced('brushing', () => brush(tab));
    await traced('list', async () => {
      await tab.goto(`${server.url}/#/studies/${studyName}/trials`);
      await tab.locator('table.trials tbody tr').nth(5).waitFor();
      await settled(tab);
    });
    await traced('scrolling', () => scroll(tab));
  } finally {
    await context.close();
    await server.close();
  }
}

/** The heap of the overview before and after new trials came. */
export async function heapGrowth({
  browser,
  storage,
  page,
  growMs,
  trials,
}: FramesOptions): Promise<HeapGrowth> {
  const server = await listen({ storage, token, clock: () => Date.now(), staticFiles: page });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const tab = await context.newPage();
    const session = await context.newCDPSession(tab);
    const heap = async () => {
      await settled(tab);
      for (let k = 0; k < 3; k++) await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize;
    };
    await tab.goto(`${server.url}/#token=${token}&to=/`);
    await tab.getByRole('link', { name: studyName }).waitFor();
    const emptyBytes = await heap();
    await tab.goto(`${server.url}/#/studies/${studyName}`);
    await tab.locator('.chart canvas').nth(1).waitFor({ timeout: 120_000 });
    await quiet(3000);
    const openedBytes = await heap();
    const study = openStudy(storage);
    const grown = async (ms: number, before: number) => {
      let count = 0;
      for (const end = performance.now() + ms; performance.now() < end; count++) {
        const next = quiet(100);
        const { number } = await study.ask();
        await study.tell(number, { state: 'complete', value: 1 + number / 1e6 });
        await next;
      }
      await tab
        .locator('.tile', { hasText: 'Trials' })
        .getByText((before + count).toLocaleString('en'), { exact: true })
        .waitFor({ timeout: 60_000 });
      await quiet(3000);
      return count;
    };
    const first = await grown(growMs / 3, trials);
    const beforeBytes = await heap();
    const newTrials = await grown(growMs, trials + first);
    const afterBytes = await heap();
    return {
      ...{ newTrials, openedBytes, beforeBytes, afterBytes },
      bytesATrial: Math.round((openedBytes - emptyBytes) / trials),
      bytesANewTrial: Math.round((afterBytes - beforeBytes) / newTrials),
    };
  } finally {
    await context.close();
    await server.close();
  }
}

/** Draws along the second axis and back, a step a frame. */
async function brush(tab: Page): Promise<void> {
  const axis = tab.locator('[data-axis]').nth(1);
  await axis.scrollIntoViewIfNeeded();
  const box = (await axis.boundingBox())!;
  const x = box.x + box.width / 2;
  await tab.mouse.move(x, box.y + box.height - 2);
  await tab.mouse.down();
  for (let k = 0; k < 60; k++) {
    const share = 0.5 - 0.4 * Math.cos((2 * Math.PI * k) / 60);
    await tab.mouse.move(x, box.y + box.height * (1 - share));
    await frame(tab);
  }
  await tab.mouse.up();
  await settled(tab);
}

/** Turns the wheel over the table of trials. */
async function scroll(tab: Page): Promise<void> {
  await tab.locator('.scroller').hover();
  for (let k = 0; k < 60; k++) {
    await tab.mouse.wheel(0, k % 10 === 9 ? 20_000 : 400);
    await frame(tab);
  }
  await settled(tab);
}

async function frame(tab: Page): Promise<void> {
  await tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
}

/** Waits for what the page draws a little later. */
async function settled(tab: Page): Promise<void> {
  await quiet(1000);
  await frame(tab);
}

function quiet(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The tasks of the thread that had the most of them of all main threads of pages. */
function tasksOf({ traceEvents }: { readonly traceEvents: readonly TraceEvent[] }): TaskTimes {
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const complete = traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && main.has(`${pid} ${tid}`));
  const byThread = new Map<string, TraceEvent[]>();
  for (const event of complete) {
    if (event.name !== 'RunTask') continue;
    const key = `${event.pid} ${event.tid}`;
    byThread.set(key, [...(byThread.get(key) ?? []), event]);
  }
  const tasks = [...byThread.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  const wall = tasks.map(({ dur = 0 }) => dur / 1000);
  const cpu = tasks.map(({ tdur = 0 }) => tdur / 1000);
  const longest = tasks[cpu.indexOf(Math.max(...cpu))];
  return {
    tasks: tasks.length,
    longestMs: rounded(Math.max(0, ...wall)),
    longestCpuMs: rounded(Math.max(0, ...cpu)),
    above50Ms: wall.filter((ms) => ms > 50).length,
    above50CpuMs: cpu.filter((ms) => ms > 50).length,
    longestParts: longest ? partsOf(longest, complete) : [],
  };
}

function partsOf(task: TraceEvent, all: readonly TraceEvent[]): readonly string[] {
  const end = task.ts + (task.dur ?? 0);
  return all
    .filter(
      ({ pid, tid, ts, name, tdur = 0 }) =>
        pid === task.pid &&
        tid === task.tid &&
        ts >= task.ts &&
        ts < end &&
        name !== 'RunTask' &&
        tdur > 2000,
    )
    .sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
    .slice(0, 6)
    .map(
      ({ name, tdur = 0, args }) =>
        `${name}${args?.data?.functionName ? ` ${args.data.functionName}` : ''} ${rounded(tdur / 1000)}`,
    );
}

function rounded(milliseconds: number): number {
  return Math.round(10 * milliseconds) / 10;
}
