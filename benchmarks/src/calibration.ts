/**
 * Do the model's intervals hold what they say? Share of held-out values inside the central 90 % interval of the default
 * Gaussian process, after a random design of 40 points, on the twenty tasks of the regret benchmark.
 *
 * `pnpm bench calibration [--quick] [--seeds N] [tasks…]`: `--quick` takes one design a task, else five. Values are
 * without noise, as are the intervals. Target: 0.85 to 0.95 in the mean over the tasks.
 */
import { type Dataset, matrixOf, type Params, type Surrogate, seeded } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { normalQuantile, standardNormal } from '@foothold/numerics';
import { random } from '@foothold/samplers';
import type { BenchOptions } from './bench-options.ts';
import { otherTasks, peerTasks, type RegretTask } from './regret-tasks.ts';

const design = 40;
const heldOut = 250;
/** Standard deviations on either side that hold this share of a normal distribution. */
const reach = (share: number) => normalQuantile(0.5 + share / 2);

export async function calibration(options: BenchOptions): Promise<void> {
  const { quick, words, emit } = options;
  const seeds = options.seeds ?? (quick ? 1 : 5);
  const linalg = await wasm();
  const tasks = [...peerTasks, ...otherTasks].filter(
    ({ name }) => words.length === 0 || words.includes(name),
  );
  const results: Measured[] = [];
  for (const task of tasks) {
    const surrogate = gaussianProcess({ columns: task.space.columns, linalg });
    const runs: Measured[] = [];
    for (let seed = 0; seed < seeds; seed++) runs.push(await measured(surrogate, task, seed));
    const result = averaged(runs);
    results.push(result);
    emit({ bench: 'calibration', task: task.name, ...result });
  }
  emit({
    bench: 'calibration',
    summary: {
      seeds,
      design,
      heldOut,
      ...averaged(results),
      lowest90: Math.min(...results.map(({ inside90 }) => inside90)),
      highest90: Math.max(...results.map(({ inside90 }) => inside90)),
    },
  });
}

interface Measured {
  /** Share of held-out values inside the central intervals of 50 %, 90 % and 99 %. */
  readonly inside50: number;
  readonly inside90: number;
  readonly inside99: number;
  /** Share of the variance of held-out values that the mean explains. */
  readonly explained: number;
}

async function measured(surrogate: Surrogate, task: RegretTask, seed: number): Promise<Measured> {
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
  return {
    inside50: inside(0.5),
    inside90: inside(0.9),
    inside99: inside(0.99),
    explained: whole > 0 ? 1 - left / whole : 1,
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
  };
}
