/**
 * One earlier study, of 21 evaluations, before ten large ones: all 35 tasks of the LCBench surrogate, with histories drawn for each
 * task and seed. Regret is 0 at the best that is known and 1 at the median random setting.
 *
 * `pnpm bench few-sources [--quick] [--seeds N] [--python PROGRAM] [choice] [held] [SOURCE…] [METHOD…]`: ten seeds; the sources are `given`,
 * `longer` (63 evaluations), `own`, `misleading` and `negated`; `choice` takes the tasks that choices are made on, `held` the others.
 * BoTorch's MultiTaskGP runs where the Python (default: FOOTHOLD_PYTHON) has it, on the first seed alone unless it is named. Standard errors
 * are over tasks; `difference` is to `auto` on the same runs, above 0 where `auto` is better.
 */
import { wasm } from '@foothold/linalg';
import { type BenchOptions, refuseOtherWords } from './bench-options.ts';
import { botorchMethod, type LargeMethod, ownMethods } from './few-sources-methods.ts';
import { regretsSoFar, type SourceKind, sourceKinds, sourceOf, taskSets } from './few-sources-tasks.ts';
import { lcbench } from './lcbench.ts';

const shownAfter = [1, 2, 3, 5, 7, 10] as const;
const largeTrials = 10;
const botorch = 'BoTorch MultiTaskGP';

/** Curves of regret by method, task and seed. */
type Curves = Map<string, Map<string, (readonly number[])[]>>;

export async function fewSources({ quick, words, emit, seeds: given, python }: BenchOptions): Promise<void> {
  const kindNames = Object.keys(sourceKinds) as SourceKind[];
  refuseOtherWords(words, ['choice', 'held', ...kindNames, ...Object.keys(ownMethods), botorch]);
  const program = python ?? process.env['FOOTHOLD_PYTHON'];
  const chosen = <T extends string>(all: readonly T[]) => {
    const named = all.filter((name) => words.includes(name));
    return named.length > 0 ? named : all;
  };
  const set = words.includes('choice') ? 'choice' : words.includes('held') ? 'held' : 'all';
  const tasks = quick ? taskSets[set].slice(0, 2) : taskSets[set];
  const seeds = given ?? (quick ? 1 : 10);
  const peer = program === undefined ? undefined : botorchMethod(program);
  const methods: Readonly<Record<string, LargeMethod>> = {
    ...ownMethods,
    ...(peer && { [botorch]: peer.run }),
  };
  const names = chosen(Object.keys(methods));
  const problem = { error: await lcbench(), linalg: await wasm() };
  const summary: Record<string, unknown> = {};
  const cold = new Map<string, readonly number[]>();
  for (const kind of chosen(kindNames)) {
    const curves: Curves = new Map(names.map((name) => [name, new Map()]));
    for (let seed = 0; seed < seeds; seed++)
      for (const task of tasks) {
        const source = await sourceOf({ ...problem, kind, task, seed });
        for (const method of names) {
          if (method === botorch && seed > 0 && !words.includes(botorch)) continue;
          const started = performance.now();
          const key = `${task} ${seed}`;
          // A cold start is the same beside every source.
          const known = method === 'cold start' ? cold.get(key) : undefined;
          const run = { ...problem, task, seed, source, trials: largeTrials };
          const curve = known ?? regretsSoFar(task, await methods[method]!(run));
          if (method === 'cold start') cold.set(key, curve);
          curves.get(method)!.set(task, [...(curves.get(method)!.get(task) ?? []), curve]);
          const milliseconds = Math.round(performance.now() - started);
          emit({ bench: 'few-sources', kind, method, task, seed, curve: curve.map(rounded), milliseconds });
        }
      }
    summary[kind] = Object.fromEntries(names.map((name) => [name, summaryOf(curves, name)]));
  }
  await peer?.close();
  const about = { tasks: tasks.length, set, seeds, after: shownAfter };
  emit({ bench: 'few-sources', summary: { ...about, ...summary } });
}

/** Means over tasks with their standard errors, and the same of the differences to `auto`. */
function summaryOf(curves: Curves, method: string) {
  const auto = curves.get('auto');
  const own = [...curves.get(method)!];
  const meansAfter = (runs: readonly (readonly number[])[]) =>
    shownAfter.map((k) => mean(runs.map((curve) => curve[k - 1]!)));
  const means = own.map(([, runs]) => meansAfter(runs));
  const compared = auto && method !== 'auto';
  const differences = compared
    ? own.map(([task, runs], i) => {
        const ours = meansAfter(auto.get(task)!.slice(0, runs.length));
        return means[i]!.map((value, k) => value - ours[k]!);
      })
    : [];
  const over = (rows: readonly (readonly number[])[], of: (values: readonly number[]) => number) =>
    shownAfter.map((_, k) => rounded(of(rows.map((row) => row[k]!))));
  return {
    runs: own.reduce((sum, [, runs]) => sum + runs.length, 0),
    regret: over(means, mean),
    standardError: over(means, standardError),
    ...(compared && {
      difference: over(differences, mean),
      differenceError: over(differences, standardError),
    }),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const square = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(square / Math.max(values.length - 1, 1) / values.length);
}

function rounded(value: number): number {
  return Math.round(1e4 * value) / 1e4;
}
