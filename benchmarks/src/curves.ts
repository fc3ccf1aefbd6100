/**
 * What a budget of 20 full trainings finds on LCBench's learning curves: regret at every tenth of it.
 *
 * `pnpm bench curves [--quick] [--seeds N] [other] [CASE…] [METHOD…] [TASK…]`: the methods are random search and our default
 * sampler with full trainings, ASHA, Hyperband with TPE (the rule of BOHB), our sampler of several fidelities, freeze–thaw,
 * and Optuna's pruners where FOOTHOLD_PYTHON names a Python that has it. The cases are the true curves, and three that
 * mislead. `other` takes the tasks that defaults were chosen on.
 */
import { seeded } from '@foothold/core';
import type { BenchOptions } from './bench-options.ts';
import { curveMethods } from './curves-methods.ts';
import { optunaMethods } from './curves-optuna.ts';
import { curveCases, curveProblem, fullTrainings, regretAtMarks, trainer } from './curves-problem.ts';
import { lcbenchCurves, smallLargeTasks } from './lcbench.ts';
import { bestOfOthers } from './lcbench-others.ts';

export async function curves({ quick, seeds: given, words, emit }: BenchOptions): Promise<void> {
  const others = Object.keys(bestOfOthers);
  const methods = { ...curveMethods, ...optunaMethods(process.env['FOOTHOLD_PYTHON']) };
  const known = [...Object.keys(methods), ...curveCases, ...smallLargeTasks, ...others, 'other'];
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: the words are ${known.join(', ')}`);
  const named = [...smallLargeTasks, ...others].filter((task) => words.includes(task));
  const all = named.length > 0 ? named : words.includes('other') ? others : smallLargeTasks;
  const tasks = quick ? all.slice(0, 2) : all;
  const seeds = given ?? (quick ? 1 : 5);
  const wanted = Object.keys(methods).filter((name) => words.includes(name));
  const cases = curveCases.filter((kind) => words.includes(kind));
  const surrogate = await lcbenchCurves();
  const summary: Record<string, Record<string, unknown>> = {};
  for (const kind of cases.length > 0 ? cases : curveCases)
    for (const method of wanted.length > 0 ? wanted : Object.keys(methods)) {
      const regrets: number[][] = [];
      for (const task of tasks)
        for (let seed = 0; seed < seeds; seed++) {
          const started = performance.now();
          const problem = curveProblem(surrogate, { task, seed, kind });
          const training = trainer(problem);
          // A stream of its own for each task, so that one lucky design does not count for all of them.
          const own = Math.floor(seeded(`curves ${task}`).fork(seed).next() * 2 ** 31);
          await methods[method]!({ trainer: training, seed: own });
          const regret = regretAtMarks(task, training.pieces);
          regrets.push(regret);
          const ends = training.pieces.filter(({ epoch }) => epoch === 52).length;
          const configurations = new Set(training.pieces.map(({ key }) => key)).size;
          const milliseconds = Math.round(performance.now() - started);
          emit({
            ...{ bench: 'curves', kind, method, task, seed, regret: regret.map(rounded) },
            ...{ configurations, ends, milliseconds },
          });
        }
      summary[kind] = { ...summary[kind], [method]: summaryOf(regrets) };
      emit({ bench: 'curves', kind, method, ...summaryOf(regrets) });
    }
  emit({ bench: 'curves', summary: { tasks, seeds, fullTrainings, ...summary } });
}

/** Mean regret at each tenth of the budget, and the standard error of the mean at the end. */
function summaryOf(regrets: readonly (readonly number[])[]) {
  const n = regrets.length;
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / n;
  const ends = regrets.map((regret) => regret.at(-1)!);
  const end = mean(ends);
  const variance = mean(ends.map((value) => (value - end) ** 2));
  return {
    regret: regrets[0]!.map((_, k) => rounded(mean(regrets.map((regret) => regret[k]!)))),
    standardError: rounded(Math.sqrt(variance / Math.max(n - 1, 1))),
  };
}

function rounded(value: number): number {
  return Math.round(1e4 * value) / 1e4;
}
