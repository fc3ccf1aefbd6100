/**
 * What penalties cost: the default model on functions with penalties on a part of the space, told as values and told as
 * failures, with the same seeds in one run.
 *
 * `pnpm bench outliers [--quick] [--seeds N]`: 30 evaluations and 11 seeds of each task; `--quick` runs case F5 and three
 * more with 3 seeds. `ratio` is the median regret with penalties over that with failures, regrets below 1e-6
 * counting as that; `raw` is the ratio without this floor.
 */
import { logExpectedImprovement } from '@foothold/acquisitions';
import { seeded, type Trial } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { bayesian } from '@foothold/samplers';
import type { BenchOptions } from './bench-options.ts';
import { type OutlierTask, outlierTasks } from './outlier-tasks.ts';

const evaluations = 30;
/** Regrets below this are rounding and no evidence about a model. */
const floor = 1e-6;

export async function outliers(options: BenchOptions): Promise<void> {
  const { quick, words, emit } = options;
  const seeds = options.seeds ?? (quick ? 3 : 11);
  const named = outlierTasks.filter(({ name }) => words.some((word) => name.startsWith(word)));
  const tasks = named.length > 0 ? named : quick ? outlierTasks.slice(0, 8) : outlierTasks;
  const ratios: number[] = [];
  const raws: number[] = [];
  for (const task of tasks) {
    const told: number[] = [];
    const failed: number[] = [];
    for (let seed = 0; seed < seeds; seed++) {
      told.push(await regret(task, { seed, fails: false }));
      failed.push(await regret(task, { seed, fails: true }));
    }
    const ratio = Math.max(median(told), floor) / Math.max(median(failed), floor);
    const raw = median(told) / median(failed);
    ratios.push(ratio);
    raws.push(raw);
    emit({ bench: 'outliers', task: task.name, penalty: median(told), failed: median(failed), ratio, raw });
  }
  emit({
    bench: 'outliers',
    summary: {
      seeds,
      evaluations,
      tasks: tasks.length,
      medianRatio: median(ratios),
      worstRatio: Math.max(...ratios),
      worstRaw: Math.max(...raws),
      aboveTwo: ratios.filter((r) => r > 2).length,
    },
  });
}

/** Gap of the best value that is no penalty to the minimum; infinite where there is none. */
async function regret(
  task: OutlierTask,
  { seed, fails }: { readonly seed: number; readonly fails: boolean },
): Promise<number> {
  const { space, minimum, maximize } = task;
  const sampler = bayesian({
    surrogate: gaussianProcess({ columns: space.columns, linalg: await wasm() }),
    acquisition: logExpectedImprovement(),
  });
  const rng = seeded(`penalties ${seed}`);
  const sign = maximize ? -1 : 1;
  const trials: Trial[] = [];
  let best = Infinity;
  for (let number = 0; number < evaluations; number++) {
    const [proposal] = await sampler.sample({
      space,
      direction: maximize ? 'maximize' : 'minimize',
      trials,
      count: 1,
      rng: seeded(`outliers ${seed}`).fork(number),
    });
    const { params, why } = proposal!;
    const value = task.f(params);
    const penalty = task.penalty(params, { value, rng });
    if (penalty === undefined) best = Math.min(best, value);
    const rest = { number, params, reports: [], ...(why && { why }) };
    trials.push(
      penalty !== undefined && fails
        ? { ...rest, state: 'failed', reason: 'penalty' }
        : { ...rest, state: 'complete', value: sign * (penalty ?? value) },
    );
  }
  return best - minimum;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
