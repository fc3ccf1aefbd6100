import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { labelsOf, shortened } from './name-axis.ts';
import { chart, ink, primary, seriesColors, sizeOf } from './theme.ts';
import { timeUnit } from './time-unit.ts';

/** A time in which a worker had a trial. */
export interface WorkerSpan {
  readonly worker: string;
  readonly trial: number;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** What became of it; `lost`: the worker gave the trial back, or was silent. */
  readonly state: 'complete' | 'pruned' | 'failed' | 'running' | 'lost';
}

export interface WorkerTimelineOptions extends ChartOptions {
  readonly spans: readonly WorkerSpan[];
}

const states = ['complete', 'pruned', 'failed', 'lost', 'running'] as const;
const colors: Readonly<Record<WorkerSpan['state'], string>> = {
  complete: primary,
  pruned: seriesColors[5],
  failed: ink.failed,
  lost: seriesColors[4],
  running: seriesColors[2],
};
/** Workers that have a row each; those with the most trials are shown. */
const maxWorkers = 60;
const rowHeight = 26;
/** Times of one worker with the same end that are closer than this part of the whole become one bar. */
const resolution = 1 / 1500;

/** When each worker had a trial: a row a worker, a bar a trial, coloured by what became of it. Gaps are times without one. */
export function workerTimeline(options: WorkerTimelineOptions): ChartSpec {
  const { spans } = options;
  const begin = spans.reduce((least, { from }) => Math.min(least, from), Infinity);
  const end = spans.reduce((most, { to }) => Math.max(most, to), -Infinity);
  const all = byWorker(spans);
  const shown = all.slice(0, maxWorkers);
  const [unit, size] = timeUnit(end - begin);
  const at = (time: number) => (time - begin) / size;
  const bars = shown.flatMap(([worker, own]) =>
    merged(own, (end - begin) * resolution).map(({ from, to, state, text }) => ({
      ...{ w: worker, x: at(from), x2: at(to), k: state },
      d: `${text} (${state}) at ${worker}`,
    })),
  );
  const domain = states.filter((state) => bars.some(({ k }) => k === state));
  const { width, height } = sizeOf(options, { height: Math.max(shown.length, 2) * rowHeight });
  const names = shown.map(([worker]) => worker);
  return chart(
    {
      width,
      height,
      data: { values: bars },
      mark: { type: 'bar', height: { band: 0.72 }, stroke: ink.background, strokeWidth: 0.6 },
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          title: `${unit} since the first trial`,
          scale: { nice: false, zero: false },
        },
        x2: { field: 'x2' },
        y: {
          ...{ field: 'w', type: 'nominal', sort: null, title: null, scale: { domain: names } },
          axis: { labelExpr: labelsOf(names, (name) => shortened(name, 24)), labelLimit: 0 },
        },
        color: {
          ...{ field: 'k', type: 'nominal', scale: { domain, range: domain.map((state) => colors[state]) } },
          legend: { title: null, symbolType: 'square', symbolOpacity: 1 },
        },
        description: { field: 'd' },
      },
    },
    {
      ...options,
      subtitle: options.subtitle ?? subtitleOf(all),
      description: `${spans.length} trials at ${all.length} workers`,
    },
  );
}

type Worker = readonly [name: string, spans: readonly WorkerSpan[]];

/** The workers with the most trials first, their times in order. */
function byWorker(spans: readonly WorkerSpan[]): readonly Worker[] {
  const found = new Map<string, WorkerSpan[]>();
  for (const span of spans) {
    const own = found.get(span.worker) ?? [];
    found.set(span.worker, own);
    own.push(span);
  }
  for (const own of found.values()) own.sort((a, b) => a.from - b.from);
  return [...found].sort((a, b) => b[1].length - a[1].length);
}

/** Bars of one worker; neighbours that a screen cannot separate are one. */
function merged(spans: readonly WorkerSpan[], gap: number) {
  const bars: { from: number; to: number; state: WorkerSpan['state']; first: number; count: number }[] = [];
  for (const { from, to, state, trial } of spans) {
    const last = bars.at(-1);
    if (last?.state === state && from - last.to < gap && to - last.from < 20 * gap) {
      last.to = to;
      last.count++;
    } else bars.push({ from, to, state, first: trial, count: 1 });
  }
  return bars.map(({ first, count, ...bar }) => ({
    ...bar,
    text: count === 1 ? `trial ${first}` : `${count} trials from ${first} on`,
  }));
}

/** Which part of its time, from its first trial to its last, a worker had one. */
function subtitleOf(workers: readonly Worker[]): string | undefined {
  let [busy, present] = [0, 0];
  for (const [, spans] of workers) {
    present += spans.reduce((most, { to }) => Math.max(most, to), -Infinity) - spans[0]!.from;
    busy += spans.reduce((sum, { from, to }) => sum + to - from, 0);
  }
  if (!(present > 0)) return undefined;
  const hidden = workers.length > maxWorkers ? `; ${maxWorkers} of ${workers.length} workers are shown` : '';
  return `Workers had a trial for ${Math.min(Math.round((100 * busy) / present), 100)} % of their time${hidden}`;
}
