/**
 * What training one configuration further is worth, per unit of the resource.
 *
 * μ, v   belief of a value at the target fidelity
 * C      covariance of an observation at some level with values at the target fidelity
 * s_i    C_i/√(v + noise), what the mean of target i moves by for one standard deviation of the observation
 * best   the best value at the target fidelity
 */
import { type Matrix, matrix, type Params, type Posterior } from '@foothold/core';
import { knowledgeGradient, logH } from '@foothold/numerics';

export interface Arm {
  /** At the target fidelity. */
  readonly point: Float64Array;
  /** Level that it was trained to; −1 for a new configuration. */
  readonly reached: number;
  /** Of a configuration that was begun. */
  readonly params?: Params;
}

export interface RatedArm extends Arm {
  /** Level to train to. */
  readonly to: number;
  /** Log of the gain per unit of the resource. */
  readonly rate: number;
  /** Mean at the target fidelity, in the units of the belief. */
  readonly mean: number;
}

interface Trained {
  readonly posterior: Posterior;
  /** Levels at which training may pause, the target last. */
  readonly steps: readonly number[];
  readonly placed: (points: Matrix, level: number) => Matrix;
  readonly costOf: (from: number, to: number) => number;
  /** Best mean at the target fidelity of those that were trained to it; −Infinity without one. */
  readonly best: number;
  /** Points at the target fidelity whose mean may turn out the largest. */
  readonly targets: Matrix;
}

/** Arms of one joint belief: its covariance is quadratic in their steps. */
const batch = 24;

/**
 * The gains of every arm at every step that it has not reached: what an observation there is expected to raise the largest
 * mean at the target fidelity by (Frazier, Powell, Dayanik 2009, "The Knowledge-Gradient Policy for Correlated Normal
 * Beliefs"), and at the target fidelity itself the larger of this and of the expected improvement on the best value there.
 * −Infinity where nothing is gained.
 */
export async function ratedArms(arms: readonly Arm[], trained: Trained): Promise<RatedArm[]> {
  const rated: RatedArm[] = [];
  for (let from = 0; from < arms.length; from += batch)
    rated.push(...(await ratedBatch(arms.slice(from, from + batch), trained)));
  return rated;
}

async function ratedBatch(arms: readonly Arm[], trained: Trained): Promise<RatedArm[]> {
  const { posterior, steps, placed, targets, best, costOf } = trained;
  const last = steps.at(-1)!;
  const noise = posterior.noise ?? 0;
  const k = targets.rows;
  // The target fidelity first, then the steps before it.
  const open = arms.map(({ reached }) => [last, ...steps.filter((level) => level > reached && level < last)]);
  const d = targets.columns;
  const x = matrix(k + open.reduce((sum, { length }) => sum + length, 0), d);
  x.data.set(targets.data);
  let row = k;
  for (const [i, { point }] of arms.entries())
    for (const level of open[i]!)
      x.data.set(placed({ rows: 1, columns: d, data: point }, level).data, row++ * d);
  const { mean, covariance } = await posterior.joint!(x);
  const at = (i: number, j: number) => covariance.data[i * x.rows + j]!;
  const means = new Float64Array(k + 1);
  means.set(mean.subarray(0, k));
  const slopes = new Float64Array(k + 1);
  const rated: RatedArm[] = [];
  row = k;
  for (const [i, arm] of arms.entries()) {
    const end = row;
    means[k] = mean[end]!;
    for (const level of open[i]!) {
      const root = Math.sqrt(Math.max(at(row, row), 0) + noise) || 1;
      for (let t = 0; t < k; t++) slopes[t] = at(row, t) / root;
      slopes[k] = at(row, end) / root;
      const learned = Math.log(knowledgeGradient(means, slopes));
      const gain =
        level === last ? Math.max(learned, logImprovement(mean[end]! - best, at(end, end))) : learned;
      rated.push({ ...arm, to: level, mean: mean[end]!, rate: gain - Math.log(costOf(arm.reached, level)) });
      row++;
    }
  }
  return rated;
}

/** Log expected improvement of a value whose mean lies so far above the best one; −Infinity before the first. */
function logImprovement(above: number, variance: number): number {
  const sd = Math.sqrt(variance);
  if (!(sd > 0) || above === Infinity) return -Infinity;
  return Math.log(sd) + logH(Math.max(above / sd, -1e100));
}
