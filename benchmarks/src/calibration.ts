/**
 * Do the model's intervals hold what they say? Share of held-out values inside the central 90 % interval of the default
 * Gaussian process, after a random design of 40 points, on the twenty tasks of the regret benchmark.
 *
 * `pnpm bench calibration [--quick] [--seeds N] [averaged] [design:N] [tasks…]`: `--quick` takes one design a task, else five. Values are
 * without noise, as are the intervals. Target: 0.85 to 0.95 in the mean over the tasks. `averaged` measures beside it the model that averages
 * over eight draws of its hyperparameters; `within` counts the tasks with 85 to 95 % inside; `logDensity` is the mean log density of
 * held-out values over their standard deviation, and `gain` that of the average less that of the mode, by task, with its standard error.
 */
import { type Dataset, matrixOf, type Params, type Surrogate, seeded } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { normalQuantile, standardNormal } from '@foothold/numerics';
import { random } from '@foothold/samplers';
import type { BenchOptions } from './bench-options.ts';
import { otherTasks, peerTasks, type RegretTask } from './regret-tasks.ts';

const heldOut = 250;
/** Standard deviations on either side that hold this share of a normal distribution. */
const reach = (share: number) => normalQuantile(0.5 + share / 2);

export async function calibration(options: BenchOptions): Promise<void> {
  const { quick, words, emit } = options;
  const seeds = options.seeds ?? (quick ? 1 : 5);
  const linalg = await wasm();
  const design = Number(words.find((word) => word.startsWith('design:'))?.slice(7) ?? 40);
  const named = words.filter((word) => word !== 'averaged' && !word.startsWith('design:'));
  const tasks = [...peerTasks, ...otherTasks].filter(
    ({ name }) => named.length === 0 || named.includes(name),
  );
  const models = { mode: 'mode', ...(words.includes('averaged') && { averaged: { samples: 8 } }) } as const;
  const results: Record<string, Measured[]> = {};
  for (const task of tasks)
    for (const [model, hyperparameters] of Object.entries(models)) {
      const surrogate = gaussianProcess({ columns: task.space.columns, linalg, hyperparameters });
      const runs: Measured[] = [];
      for (let seed = 0; seed < seeds; seed++) runs.push(await measured(surrogate, task, { seed, design }));
      const result = averaged(runs);
      results[model] = [...(results[model] ?? []), result];
      emit({ bench: 'calibration', task: task.name, hyperparameters: model, ...result });
    }
  const { mode, averaged: other } = results;
  const gains = other?.map(({ logDensity }, i) => logDensity - mode![i]!.logDensity);
  emit({
    bench: 'calibration',
    summary: {
      ...{ seeds, design, heldOut },
      ...summaryOf(mode!),
      ...(other && gains && { averaged: { ...summaryOf(other), ...gainOf(gains) } }),
    },
  });
}

function summaryOf(rows: readonly Measured[]) {
  return {
    ...averaged(rows),
    lowest90: Math.min(...rows.map(({ inside90 }) => inside90)),
    highest90: Math.max(...rows.map(({ inside90 }) => inside90)),
    within: rows.filter(({ inside90 }) => inside90 >= 0.85 && inside90 <= 0.95).length,
  };
}

function gainOf(gains: readonly number[]) {
  const gain = gains.reduce((a, b) => a + b, 0) / gains.length;
  const square = gains.reduce((sum, g) => sum + (g - gain) ** 2, 0);
  return { gain, standardError: Math.sqrt(square / (gains.length - 1) / gains.length) };
}

interface Measured {
  /** Share of held-out values inside the central intervals of 50 %, 90 % and 99 %. */
  readonly inside50: number;
  readonly inside90: number;
  readonly inside99: number;
  /** Share of the variance of held-out values that the mean explains. */
  readonly explained: number;
  /** Mean log density of held-out values in units of their standard deviation, in nats. */
  readonly logDensity: number;
}

async function measured(
  surrogate: Surrogate,
  task: RegretTask,
  { seed, design }: { readonly seed: number; readonly design: number },
): Promise<Measured> {
  const { space, f } = task;
  const rng = seeded(`calibration ${task.name}`).fork(seed);
  const points = await random().sample<Params>({
    space,
    direction: 'minimize',
    trials: [],
    count: design + heldOut,
    rng: rng.fork('points'),
  });
  const noise = rng.fork('noise');
  const values = points.map(({ params }) => f(params));
  const told = values.map((v) => v + (task.noise > 0 ? task.noise * standardNormal(noise) : 0));
  const x = points.map(({ params }) => space.encode(params));
  const data: Dataset = {
    x: matrixOf(x.slice(0, design)),
    y: Float64Array.from(told.slice(0, design), (v) => -v),
  };
  const posterior = await surrogate.fit(data, { rng: rng.fork('fit') });
  const { mean, variance } = await posterior.marginals(matrixOf(x.slice(design)));
  const truth = values.slice(design).map((v) => -v);
  const off = truth.map((v, i) => Math.abs(v - mean[i]!) / Math.sqrt(Math.max(variance[i]!, 1e-300)));
  const inside = (share: number) => off.filter((u) => u <= reach(share)).length / off.length;
  const middle = truth.reduce((a, b) => a + b) / truth.length;
  const left = truth.reduce((sum, v, i) => sum + (v - mean[i]!) ** 2, 0);
  const whole = truth.reduce((sum, v) => sum + (v - middle) ** 2, 0);
  const unit = Math.log(Math.sqrt(Math.max(whole / truth.length, 1e-300)));
  const logs = truth.map(
    (_, i) => unit - 0.5 * (off[i]! ** 2 + Math.log(2 * Math.PI * Math.max(variance[i]!, 1e-300))),
  );
  return {
    inside50: inside(0.5),
    inside90: inside(0.9),
    inside99: inside(0.99),
    explained: whole > 0 ? 1 - left / whole : 1,
    logDensity: logs.reduce((a, b) => a + b, 0) / logs.length,
  };
}

function averaged(rows: readonly Measured[]): Measured {
  const mean = (read: (row: Measured) => number) =>
    rows.reduce((sum, row) => sum + read(row), 0) / rows.length;
  return {
    inside50: mean((row) => row.inside50),
    inside90: mean((row) => row.inside90),
    inside99: mean((row) => row.inside99),
    explained: mean((row) => row.explained),
    logDensity: mean((row) => row.logDensity),
  };
}
