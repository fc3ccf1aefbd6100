/**
 * What a budget of 20 full trainings finds on LCBench's learning curves: regret at every tenth of it.
 *
 * `pnpm bench curves [--quick] [--seeds N] [other] [CASE…] [METHOD…] [TASK…]`: the methods are random search and our default
 * sampler with full trainings, ASHA, Hyperband with TPE (the rule of BOHB), our sampler of several fidelities, freeze–thaw,
 * and Optuna's pruners where FOOTHOLD_PYTHON names a Python that has it. The cases are the true curves, and three that
 * mislead, with full trainings and freeze–thaw alone. `other` takes the tasks that defaults were chosen on. SIGINT ends it with the seeds
 * that are finished.
 */
import { seeded } from '@foothold/core';
import type { BenchOptions } from './bench-options.ts';
import { curveMethods } from './curves-methods.ts';
import { optunaMethods } from './curves-optuna.ts';
import { curveCases, curveProblem, epochs, fullTrainings, regretAtMarks, trainer } from './curves-problem.ts';
import { lcbenchCurves, smallLargeTasks } from './lcbench.ts';
import { bestOfOthers } from './lcbench-others.ts';

export async function curves({ quick, seeds: given, words, emit }: BenchOptions): Promise<void> {
  const others = Object.keys(bestOfOthers);
  const methods = { ...curveMethods, ...optunaMethods(process.env['FOOTHOLD_PYTHON']) };
  const known = [...Object.keys(methods), ...curveCases, ...smallLargeTasks, ...others, 'other'];
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: the words are ${known.join(', ')}`);
  const chosen = [...smallLargeTasks, ...others].filter((task) => words.includes(task));
  const all = chosen.length > 0 ? chosen : words.includes('other') ? others : smallLargeTasks;
  const tasks = quick ? all.slice(0, 2) : all;
  const seeds = given ?? (quick ? 1 : 5);
  const wanted = Object.keys(methods).filter((name) => words.includes(name));
  const cases = curveCases.filter((kind) => words.includes(kind));
  const surrogate = await lcbenchCurves();
  const runs: CurveRun[] = [];
  const named = wanted.length > 0 ? wanted : Object.keys(methods);
  let isStopped = false;
  process.once('SIGINT', () => {
    isStopped = true;
  });
  let finished = 0;
  for (; finished < seeds; finished++) {
    const own = await runsOf(finished);
    if (!own) break;
    runs.push(...own);
    emit({ bench: 'curves', seeds: finished + 1, ...summaryOf(runs) });
  }
  emit({ bench: 'curves', summary: { tasks, seeds: finished, fullTrainings, ...summaryOf(runs) } });

  /** All methods on one seed; undefined where it was stopped. */
  async function runsOf(seed: number): Promise<CurveRun[] | undefined> {
    const done: CurveRun[] = [];
    for (const kind of cases.length > 0 ? cases : curveCases)
      for (const method of kind === 'true' ? named : named.filter((name) => ofMisleading.includes(name)))
        for (const task of tasks) {
          if (isStopped) return undefined;
          const started = performance.now();
          const training = trainer(curveProblem(surrogate, { task, seed, kind }));
          // A stream of its own for each task, so that one lucky design does not count for all of them.
          const own = Math.floor(seeded(`curves ${task}`).fork(seed).next() * 2 ** 31);
          await methods[method]!({ trainer: training, seed: own });
          const regret = regretAtMarks(task, training.pieces);
          done.push({ kind, method, regret });
          const ends = training.pieces.filter(({ epoch }) => epoch === epochs).length;
          const configurations = new Set(training.pieces.map(({ key }) => key)).size;
          const milliseconds = Math.round(performance.now() - started);
          emit({
            ...{ bench: 'curves', kind, method, task, seed, regret: regret.map(rounded) },
            ...{ configurations, ends, milliseconds },
          });
        }
    return done;
  }
}

interface CurveRun {
  readonly kind: string;
  readonly method: string;
  readonly regret: readonly number[];
}

/** What the others are compared with. */
const compared = 'freeze-thaw';
/** Where curves mislead, the question is what they cost. */
const ofMisleading = ['default, full', compared];

/**
 * Of each case and method the mean regret at each tenth of the budget, the standard error of the mean at the end, and how much more it is at
 * the end than that of freeze–thaw on the same runs, with the standard error of this difference.
 */
function summaryOf(runs: readonly CurveRun[]): Record<string, Record<string, unknown>> {
  const summary: Record<string, Record<string, unknown>> = {};
  const regretsOf = (kind: string, method: string) =>
    runs.filter((run) => run.kind === kind && run.method === method).map(({ regret }) => regret);
  for (const { kind, method } of runs) {
    summary[kind] ??= {};
    if (summary[kind][method]) continue;
    const regrets = regretsOf(kind, method);
    const own = regretsOf(kind, compared);
    const end = meanOf(regrets.map((regret) => regret.at(-1)!));
    const more = meanOf(own.map((regret, i) => (regrets[i]?.at(-1) ?? Number.NaN) - regret.at(-1)!));
    summary[kind][method] = {
      regret: regrets[0]!.map((_, k) => rounded(meanOf(regrets.map((regret) => regret[k]!)).mean)),
      standardError: rounded(end.standardError),
      ...(own.length === regrets.length &&
        method !== compared && {
          more: rounded(more.mean),
          standardErrorOfMore: rounded(more.standardError),
        }),
    };
  }
  return summary;
}

function meanOf(values: readonly number[]): { readonly mean: number; readonly standardError: number } {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(n - 1, 1);
  return { mean, standardError: Math.sqrt(variance / n) };
}

function rounded(value: number): number {
  return Math.round(1e4 * value) / 1e4;
}
