/** Transfer on tables of tasks × settings, leave one task out; sources that mislead; time with many sources. */
import { wasm } from '@foothold/linalg';
import type { BenchOptions } from './bench-options.ts';
import { methods, type Problem, seededMethods, sourcesOf } from './transfer-methods.ts';
import { ignoredSpoilers, spoilers } from './transfer-spoilers.ts';
import { type Table, tableNamed, tableNames } from './transfer-tables.ts';
import { transferTiming } from './transfer-timing.ts';

const shownAfter = [1, 3, 5, 10, 20, 30, 50] as const;
const budget = 50;
/** Without words: what the figures to reach ask for. */
const usual = {
  tables: ['hpo-svm'],
  methods: ['random', 'portfolio', 'plain', 'auto'],
  others: ['random', 'constant', 'negated', 'unrelated', 'time'].map(spoiled),
};

/** `words`: tables, methods, `sources KIND` and `time`, of which each kind that is absent takes its usual ones. */
export async function transfer(options: BenchOptions): Promise<void> {
  const linalg = await wasm();
  const known = [...tableNames, ...Object.keys(methods), ...Object.keys(spoilers).map(spoiled), 'time'];
  const odd = options.words.find((word) => !known.includes(word));
  if (odd !== undefined) throw new Error(`${odd} is none of ${known.join(', ')}`);
  const asked = (names: readonly string[], otherwise: readonly string[]) => {
    const found = options.words.filter((word) => names.includes(word));
    return found.length > 0 ? found : otherwise;
  };
  const named = options.words.some((word) => !tableNames.includes(word));
  const summary: Record<string, unknown> = { after: shownAfter };
  for (const name of asked(tableNames, usual.tables)) {
    const table = await tableNamed(name);
    const run = { table, linalg, options, seeds: options.seeds ?? (options.quick ? 1 : 3) };
    const results: Record<string, unknown> = {};
    for (const method of asked(Object.keys(methods), named ? [] : usual.methods))
      results[method] = at(await curvesOf(run, { method }));
    const kinds = asked(Object.keys(spoilers).map(spoiled), named ? [] : usual.others);
    if (kinds.some((kind) => kind !== 'time')) {
      const plain = await curvesOf(run, { method: 'plain', quiet: true });
      for (const kind of Object.keys(spoilers).filter((k) => kinds.includes(spoiled(k))))
        results[spoiled(kind)] = await ratioOf(run, kind, plain);
    }
    summary[name] = results;
  }
  if (asked(['time'], named ? [] : ['time']).length > 0) {
    summary.time = [
      await transferTiming(50, linalg),
      ...(options.quick ? [] : [await transferTiming(1000, linalg)]),
    ];
    options.emit({ bench: 'transfer', kind: 'time', rows: summary.time });
  }
  options.emit({ bench: 'transfer', summary });
}

interface Run {
  readonly table: Table;
  readonly linalg: Problem['linalg'];
  readonly options: BenchOptions;
  readonly seeds: number;
}

function spoiled(kind: string): string {
  return kind === 'time' ? kind : `sources ${kind}`;
}

async function curvesOf(
  { table, linalg, options, seeds }: Run,
  { method, spoiler, quiet = false }: { method: string; spoiler?: string; quiet?: boolean },
): Promise<number[][]> {
  const started = performance.now();
  const targets = evenly(table.y.length, options.quick ? 10 : table.y.length);
  const random = spoiler === undefined ? seededMethods.has(method) : ignoredSpoilers.has(spoiler);
  const runs = random ? (method === 'random' ? 5 : 1) * seeds : 1;
  const curves: number[][] = [];
  for (const target of targets) {
    const own = sourcesOf(table, target);
    const sources = spoiler === undefined ? own : spoilers[spoiler]!(own);
    for (let seed = 0; seed < runs; seed++) {
      const chooser = await methods[method]!({ table, linalg, sources, seed: `${target} ${seed}` });
      curves.push(await curveOf(table.y[target]!, chooser));
    }
  }
  if (!quiet)
    options.emit({
      bench: 'transfer',
      table: table.name,
      method,
      ...(spoiler !== undefined && { sources: spoiler }),
      after: shownAfter,
      regret: at(curves),
      targets: targets.length,
      seconds: round((performance.now() - started) / 1000),
    });
  return curves;
}

/** Regret relative to the plain model's after 20 and 50 evaluations: never worse means at most 1.05. */
async function ratioOf(run: Run, kind: string, plain: readonly (readonly number[])[]): Promise<number[]> {
  const curves = await curvesOf(run, { method: 'auto', spoiler: kind });
  const ratio = [20, 50].map((k) =>
    round(mean(curves.map((c) => c[k - 1]!)) / mean(plain.map((c) => c[k - 1]!))),
  );
  run.options.emit({ bench: 'transfer', kind: 'never worse', sources: kind, after: [20, 50], ratio });
  return ratio;
}

/** Normalized regret × 100 of the best so far. */
async function curveOf(
  y: Float64Array,
  choose: (seen: readonly number[], y: Float64Array) => Promise<number>,
): Promise<number[]> {
  const seen: number[] = [];
  const curve: number[] = [];
  const high = Math.max(...y);
  const low = Math.min(...y);
  let best = -Infinity;
  while (seen.length < budget) {
    const next = await choose(seen, y);
    seen.push(next);
    best = Math.max(best, y[next]!);
    curve.push((100 * (high - best)) / (high - low || 1));
  }
  return curve;
}

function at(curves: readonly (readonly number[])[]): number[] {
  return shownAfter.map((k) => round(mean(curves.map((curve) => curve[k - 1]!))));
}

function evenly(n: number, count: number): number[] {
  const used = Math.min(n, count);
  return Array.from({ length: used }, (_, k) => Math.floor(((k + 0.5) * n) / used));
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
