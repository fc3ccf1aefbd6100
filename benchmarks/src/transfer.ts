/** Transfer on a table of tasks × settings (hpo-svm), leave one task out; sources that mislead; time with many sources. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Dataset,
  type Matrix,
  matrixOf,
  type Posterior,
  rowOf,
  type Surrogate,
  seeded,
} from '@foothold/core';
import { autoTransfer, gaussianProcess, promisingPoints, type TransferSource } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import type { BenchOptions } from './bench-options.ts';
import { dataFolder } from './lcbench.ts';
import { transferTiming } from './transfer-timing.ts';

const shownAfter = [1, 3, 5, 10, 20, 30, 50] as const;
const budget = 50;

/** Settings in the unit cube, and a row of values a task. */
interface Table {
  readonly x: Matrix;
  readonly names: readonly string[];
  readonly y: readonly Float64Array[];
}
type Backend = Awaited<ReturnType<typeof wasm>>;
/** The next row of the table. */
type Chooser = (seen: readonly number[], y: Float64Array) => Promise<number>;

export async function transfer(options: BenchOptions): Promise<void> {
  const linalg = await wasm();
  const table = svmTable();
  const targets = options.quick ? evenly(table.y.length, 10) : evenly(table.y.length, table.y.length);
  const seeds = options.seeds ?? (options.quick ? 1 : 3);
  const only = new Set(options.words);
  const wants = (name: string) => only.size === 0 || only.has(name);
  const summary: Record<string, unknown> = { after: shownAfter, targets: targets.length };
  const report = (method: string, curves: readonly (readonly number[])[], started: number) => {
    const regret = shownAfter.map((k) => round(mean(curves.map((curve) => curve[k - 1]!))));
    options.emit({
      bench: 'transfer',
      table: 'hpo-svm',
      method,
      after: shownAfter,
      regret,
      seconds: seconds(started),
    });
    summary[method] = regret;
    return curves;
  };
  const over = async (make: (target: number, seed: number) => Promise<Chooser>, runs: number) => {
    const curves: number[][] = [];
    for (const target of targets)
      for (let seed = 0; seed < runs; seed++)
        curves.push(await curveOf(table.y[target]!, await make(target, seed)));
    return curves;
  };
  const plain = () => gaussianProcess({ columns: columnsOf(table), linalg });
  const cold = (target: number, seed: number) =>
    startedBy(randomStart(table, `${target} ${seed}`, 3), modelChooser(table, plain()));

  let started = performance.now();
  if (wants('random'))
    report('random', await over(async (t, s) => randomStart(table, `${t} ${s}`, budget), 5 * seeds), started);
  started = performance.now();
  if (wants('portfolio'))
    report('portfolio', await over(async (t) => portfolio(table, t, linalg), 1), started);
  started = performance.now();
  const plainCurves = report('plain', await over(async (t, s) => cold(t, s), seeds), started);
  started = performance.now();
  if (wants('auto'))
    report('auto', await over((t) => withSources(table, sourcesOf(table, t), { linalg }), 1), started);

  for (const [kind, spoil] of Object.entries(spoilers)) {
    if (!wants(kind)) continue;
    started = performance.now();
    const curves = report(
      `auto, sources ${kind}`,
      await over(
        async (t, s) => withSources(table, spoil(sourcesOf(table, t)), { linalg, otherwise: cold(t, s) }),
        ignored.has(kind) ? seeds : 1,
      ),
      started,
    );
    const ratio = [20, 50].map((k) =>
      round(mean(curves.map((c) => c[k - 1]!)) / mean(plainCurves.map((c) => c[k - 1]!))),
    );
    options.emit({ bench: 'transfer', kind: 'never worse', sources: kind, after: [20, 50], ratio });
    summary[`ratio ${kind}`] = ratio;
  }
  if (wants('time')) {
    summary.time = [
      await transferTiming(50, linalg),
      ...(options.quick ? [] : [await transferTiming(1000, linalg)]),
    ];
    options.emit({ bench: 'transfer', kind: 'time', rows: summary.time });
  }
  options.emit({ bench: 'transfer', summary });
}

function svmTable(): Table {
  const folder = join(dataFolder, 'hpo-svm');
  if (!existsSync(folder)) throw new Error(`hpo-svm is not at ${folder}`);
  const names = readdirSync(folder).sort();
  const rows = names.map((name) =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number)),
  );
  const settings = rows[0]!.map((row) => row.slice(1, 7));
  const low = settings[0]!.map((_, j) => Math.min(...settings.map((s) => s[j]!)));
  const high = settings[0]!.map((_, j) => Math.max(...settings.map((s) => s[j]!)));
  return {
    x: matrixOf(settings.map((s) => s.map((v, j) => (v - low[j]!) / (high[j]! - low[j]! || 1)))),
    names,
    y: rows.map((task) => Float64Array.from(task, (row) => row[0]!)),
  };
}

function columnsOf({ x }: Pick<Table, 'x'>) {
  return Array.from({ length: x.columns }, (_, i) => ({ kind: 'continuous' as const, name: `x${i}` }));
}

function sourcesOf(table: Table, target: number): TransferSource[] {
  return table.y.flatMap((y, j) =>
    j === target ? [] : [{ name: table.names[j]!, data: { x: table.x, y } }],
  );
}

const spoilers: Readonly<Record<string, (sources: readonly TransferSource[]) => TransferSource[]>> = {
  random: (sources) => {
    const rng = seeded('random sources');
    return sources.map((s) => ({ ...s, data: { ...s.data, y: s.data.y.map(() => rng.next()) } }));
  },
  constant: (sources) => sources.map((s) => ({ ...s, data: { ...s.data, y: s.data.y.map(() => 0.7) } })),
  negated: (sources) => sources.map((s) => ({ ...s, data: { ...s.data, y: s.data.y.map((v) => 1 - v) } })),
  /** Smooth functions that have nothing to do with the table: sums of waves, of one family. */
  unrelated: (sources) => {
    const rng = seeded('unrelated sources');
    const base = Array.from({ length: 3 }, () => Array.from({ length: 8 }, () => 4 * rng.next() - 2));
    return sources.map((s) => ({ ...s, data: { ...s.data, y: waves(s.data.x, base, rng.fork(s.name)) } }));
  },
};

/** Without a usable source the cold start decides, and its seeds count. */
const ignored = new Set(['random', 'constant']);

function waves(
  x: Matrix,
  base: readonly (readonly number[])[],
  rng: ReturnType<typeof seeded>,
): Float64Array {
  const shifts = base.map(() => rng.next());
  return Float64Array.from({ length: x.rows }, (_, i) => {
    const row = rowOf(x, i);
    const sum = base.reduce(
      (total, w, k) => total + Math.sin(row.reduce((a, v, j) => a + 2 * w[j]! * v, shifts[k]!)),
      0,
    );
    return 0.5 + sum / (2 * base.length);
  });
}

function randomStart(table: Table, seed: string, count: number): Chooser {
  const rng = seeded('start').fork(seed);
  const order = Array.from({ length: table.x.rows }, (_, i) => [rng.fork(i).next(), i] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, i]) => i);
  return async (seen) => (seen.length < count ? order.find((i) => !seen.includes(i))! : -1);
}

/** The first chooser until it gives none, then the second. */
function startedBy(first: Chooser, second: Chooser): Chooser {
  return async (seen, y) => {
    const next = await first(seen, y);
    return next >= 0 ? next : second(seen, y);
  };
}

/** Largest log expected improvement over the rows that are left. */
function modelChooser(table: Table, surrogate: Surrogate): Chooser {
  let previous: Posterior | undefined;
  return async (seen, y) => {
    const data: Dataset = {
      x: matrixOf(seen.map((i) => rowOf(table.x, i))),
      y: Float64Array.from(seen, (i) => y[i]!),
    };
    previous = await surrogate.fit(data, { rng: seeded(seen.length), previous });
    const belief = previous.latent ?? { posterior: previous, data };
    const taken = new Set(seen);
    const left = Array.from({ length: table.x.rows }, (_, i) => i).filter((i) => !taken.has(i));
    const x = matrixOf(left.map((i) => rowOf(table.x, i)));
    const utility = await logExpectedImprovement({ incumbent: 'observed' }).prepare({
      ...belief,
      rng: seeded(0),
    });
    const { value } = utility(await belief.posterior.marginals(x), x);
    return left[value.reduce((best, v, k) => (v > value[best]! ? k : best), 0)]!;
  };
}

async function withSources(
  table: Table,
  sources: readonly TransferSource[],
  { linalg, otherwise }: { readonly linalg: Backend; readonly otherwise?: Chooser },
): Promise<Chooser> {
  const columns = columnsOf(table);
  const first = await promisingPoints(sources, { columns, linalg, count: 1 });
  if (first.length === 0 && otherwise) return otherwise;
  const surrogate = autoTransfer(sources, { plain: gaussianProcess({ columns, linalg }), columns, linalg });
  const start = first.length === 0 ? 0 : rowIndex(table.x, first[0]!);
  return startedBy(async (seen) => (seen.length === 0 ? start : -1), modelChooser(table, surrogate));
}

async function portfolio(table: Table, target: number, linalg: Backend): Promise<Chooser> {
  const points = await promisingPoints(sourcesOf(table, target), {
    columns: columnsOf(table),
    linalg,
    count: budget,
  });
  const order = points.map((point) => rowIndex(table.x, point));
  return async (seen) => order[seen.length]!;
}

function rowIndex(x: Matrix, point: Float64Array): number {
  for (let i = 0; i < x.rows; i++) if (rowOf(x, i).every((v, j) => v === point[j])) return i;
  throw new Error('the point is no row of the table');
}

/** Normalized regret × 100 of the best so far. */
async function curveOf(y: Float64Array, choose: Chooser): Promise<number[]> {
  const seen: number[] = [];
  const curve: number[] = [];
  const high = Math.max(...y);
  const low = Math.min(...y);
  let best = -Infinity;
  while (seen.length < budget) {
    const next = await choose(seen, y);
    seen.push(next);
    best = Math.max(best, y[next]!);
    curve.push((100 * (high - best)) / (high - low));
  }
  return curve;
}

function evenly(n: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * n) / count));
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}

function seconds(started: number): number {
  return round((performance.now() - started) / 1000);
}
