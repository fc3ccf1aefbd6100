/** Transfer on tables of tasks × settings, leave one task out; sources that mislead; time with many sources. */
import { wasm } from '@foothold/linalg';
import type { BenchOptions } from './bench-options.ts';
import { methods, type Problem, seededMethods, sourcesOf } from './transfer-methods.ts';
import { spoilers } from './transfer-spoilers.ts';
import { type Table, tableNamed, tableNames } from './transfer-tables.ts';
import { transferTiming } from './transfer-timing.ts';

const shownAfter = [1, 3, 5, 10, 20, 30, 40, 50] as const;
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
    const chosen = asked(Object.keys(methods), named ? [] : usual.methods);
    const curves = new Map<string, number[][]>();
    for (const method of chosen) curves.set(method, await curvesOf(run, { method }));
    for (const [method, own] of curves)
      results[method] = {
        regret: at(own),
        ...differenceOf(own, method === 'auto' ? undefined : curves.get('auto')),
      };
    const kinds = asked(Object.keys(spoilers).map(spoiled), named ? [] : usual.others);
    if (kinds.some((kind) => kind !== 'time')) {
      const plain = await curvesOf(run, { method: 'plain', quiet: true });
      for (const kind of Object.keys(spoilers).filter((k) => kinds.includes(spoiled(k))))
        results[spoiled(kind)] = await besidePlain(run, kind, plain);
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
  const runs = seededMethods.has(method) ? (method === 'random' ? 5 : 1) * seeds : 1;
  const curves: number[][] = [];
  for (const target of targets) {
    const runsOfTarget: number[][] = [];
    const own = sourcesOf(table, target);
    const sources = spoiler === undefined ? own : spoilers[spoiler]!(own);
    for (let seed = 0; seed < runs; seed++) {
      const chooser = await methods[method]!({ table, linalg, sources, seed: `${target} ${seed}` });
      runsOfTarget.push(await curveOf(table.y[target]!, chooser));
    }
    curves.push(meanCurve(runsOfTarget));
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

/** Regret relative to the plain model's after 20 and 50 evaluations, of which never worse means at most 1.05; how much more the plain model's is. */
async function besidePlain(run: Run, kind: string, plain: readonly (readonly number[])[]) {
  const curves = await curvesOf(run, { method: 'auto', spoiler: kind });
  const ratio = [20, 50].map((k) =>
    round(mean(curves.map((c) => c[k - 1]!)) / mean(plain.map((c) => c[k - 1]!))),
  );
  run.options.emit({ bench: 'transfer', kind: 'never worse', sources: kind, after: [20, 50], ratio });
  return { ratio, regret: at(curves), ...differenceOf(plain, curves) };
}

/** Normalized regret × 100 of the best so far, after each evaluation. */
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

/** Mean over the targets of what a method has more than `auto`, and its standard error. */
function differenceOf(own: readonly (readonly number[])[], auto: readonly (readonly number[])[] | undefined) {
  if (!auto) return {};
  const more = own.map((curve, target) => curve.map((v, k) => v - auto[target]![k]!));
  const errors = shownAfter.map((k) => {
    const values = more.map((curve) => curve[k - 1]!);
    const m = mean(values);
    return round(Math.sqrt(mean(values.map((v) => (v - m) ** 2)) / Math.max(values.length - 1, 1)));
  });
  return { difference: at(more), standardError: errors };
}

function meanCurve(curves: readonly (readonly number[])[]): number[] {
  return curves[0]!.map((_, k) => mean(curves.map((curve) => curve[k]!)));
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
