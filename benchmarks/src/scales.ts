/** Epochs 5, 15 and 52 on LCBench as scales of one run: regret by cost, beside two stages and a cold start. */
import type { Params, SearchSpace } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { minimize, multiFidelity, smallToLarge } from 'foothold';
import type { BenchOptions } from './bench-options.ts';
import { type LcbenchError, lcbench, lcbenchReference, lcbenchSpace, smallLargeTasks } from './lcbench.ts';

const epochs = [5, 15, 52] as const;
const last = 52;
/** Cost of 21 trials of 5 epochs and 10 of 52, in epochs: what the two stages spend. */
const budget = 625;
const smallTrials = 21;
/** After 1, 2, 3, 5, 7 and 10 large trials of the two stages. */
const marks = [157, 209, 261, 365, 469, 625] as const;

/** A run: what was spent when each evaluation at the last epoch had ended, and its error. */
type Curve = readonly (readonly [spent: number, error: number])[];
interface Run {
  readonly error: LcbenchError;
  readonly linalg: Awaited<ReturnType<typeof wasm>>;
  readonly space: SearchSpace<Params>;
  readonly task: string;
  /** The task that cheap evaluations look at, where they mislead. */
  readonly other: string;
  readonly seed: number;
}
interface Ended {
  readonly curve: Curve;
  readonly trials?: readonly number[];
}

const methods: Readonly<Record<string, (run: Run) => Promise<Ended>>> = {
  scales: (run) => scaled(run, (params, epoch) => run.error(run.task, epoch, params)),
  'two epochs': (run) => scaled(run, (params, epoch) => run.error(run.task, epoch, params), [5, 52]),
  'two stages': (run) => twoStages(run, run.task),
  cold,
  'scales, another task below': (run) =>
    scaled(run, (params, epoch) => run.error(epoch < last ? run.other : run.task, epoch, params)),
  'two stages, another task below': (run) => twoStages(run, run.other),
  'scales, negated below': (run) =>
    scaled(
      run,
      async (params, epoch) => (epoch < last ? -1 : 1) * (await run.error(run.task, epoch, params)),
    ),
};

export async function scales(options: BenchOptions): Promise<void> {
  const error = await lcbench();
  const linalg = await wasm();
  const space = lcbenchSpace() as SearchSpace<Params>;
  const reference = lcbenchReference();
  const tasks = options.quick ? smallLargeTasks.slice(0, 2) : smallLargeTasks;
  const seeds = options.seeds ?? (options.quick ? 1 : 3);
  const wanted = options.words.length > 0 ? options.words : Object.keys(methods);
  const summary: Record<string, unknown> = {};
  for (const method of wanted) {
    const run = methods[method];
    if (!run) throw new Error(`no method ${method}; there are ${Object.keys(methods).join(', ')}`);
    const regrets: (readonly (number | undefined)[])[] = [];
    for (const [t, task] of tasks.entries())
      for (let seed = 0; seed < seeds; seed++) {
        const other = smallLargeTasks[(t + 1) % smallLargeTasks.length]!;
        const started = performance.now();
        // Seeds of their own, so that one lucky design does not count for all tasks.
        const own = 1000 * t + seed;
        const { curve, trials } = await run({ error, linalg, space, task, other, seed: own });
        const { best, best_local: least = best, median } = reference[task]!;
        const regret = marks.map((mark) => {
          const seen = curve.filter(([spent]) => spent <= mark).map(([, value]) => value);
          return seen.length === 0 ? undefined : (Math.min(...seen) - least) / (median - least);
        });
        regrets.push(regret);
        options.emit({
          bench: 'scales',
          method,
          task,
          seed,
          regret: regret.map((r) => r ?? null).map((r) => r && Math.round(1000 * r) / 1000),
          ...(trials && { trials }),
          milliseconds: Math.round(performance.now() - started),
        });
      }
    const mean = marks.map((_, k) => {
      const known = regrets.flatMap((r) => r[k] ?? []);
      // A mean over the runs that have an answer already would flatter the others.
      return known.length < regrets.length
        ? null
        : Math.round((1000 * known.reduce((a, b) => a + b, 0)) / known.length) / 1000;
    });
    summary[method] = { cost: marks, regret: mean };
    options.emit({ bench: 'scales', method, cost: marks, regret: mean });
  }
  options.emit({ bench: 'scales', summary });
}

async function scaled(
  { space, linalg, seed }: Run,
  evaluate: (params: Params, epoch: number) => Promise<number>,
  at: readonly number[] = epochs,
): Promise<Ended> {
  let spent = 0;
  const curve: [number, number][] = [];
  const result = await multiFidelity<Params>({
    space,
    linalg,
    seed,
    budget,
    fidelities: at.map((fidelity) => ({ fidelity })),
    evaluate: (params, { fidelity }) => evaluate(params, fidelity),
    onTrial: (trial, scale) => {
      spent = scale.spent;
      if (trial.state === 'complete' && scale.index === at.length - 1) curve.push([spent, trial.value]);
    },
  });
  return { curve, trials: result.fidelities.map(({ trials }) => trials.length) };
}

async function twoStages({ error, space, linalg, task, seed }: Run, below: string): Promise<Ended> {
  const { large } = await smallToLarge<Params>({
    space,
    linalg,
    seed,
    small: (params) => error(below, epochs[0], params),
    large: (params) => error(task, last, params),
    smallTrials,
    largeTrials: 10,
  });
  return { curve: large.y.map((value, k) => [smallTrials * epochs[0] + (k + 1) * last, value] as const) };
}

async function cold({ error, space, task, seed }: Run): Promise<Ended> {
  const { trials } = await minimize<Params>((params) => error(task, last, params), space, {
    trials: Math.floor(budget / last),
    seed,
  });
  return {
    curve: trials.flatMap((t, k) => (t.state === 'complete' ? [[(k + 1) * last, t.value] as const] : [])),
  };
}
