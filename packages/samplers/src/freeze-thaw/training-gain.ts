/**
 * What training one configuration further is worth, per unit of the resource.
 *
 * μ, v   belief of its value at the target fidelity
 * s      standard deviation of the change of μ by an observation at level l: cov(f_l, f_T)/√(v_l + noise)
 * best   the best value at the target fidelity
 * rival  the largest μ of all other configurations
 */
import { type Matrix, matrix, type Params, type Posterior } from '@foothold/core';
import { logH } from '@foothold/numerics';

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
}

/**
 * The gains of every arm at every step that it has not reached. At the target fidelity the expected improvement on the best
 * value there, over the whole rest of the training; before it what the step is expected to raise the largest mean at the
 * target fidelity by, the knowledge gradient of one arm (Frazier, Powell, Dayanik 2009, "The Knowledge-Gradient Policy for
 * Correlated Normal Beliefs", without the correlations between arms). −Infinity where nothing is gained.
 */
export async function ratedArms(arms: readonly Arm[], trained: Trained): Promise<RatedArm[]> {
  const beliefs = await Promise.all(arms.map((arm) => armBelief(arm, trained)));
  const means = beliefs.map(({ mean }) => mean);
  const order = means.map((_, i) => i).sort((i, j) => means[j]! - means[i]!);
  return arms.flatMap((arm, i) => {
    const { mean, deviation, moves } = beliefs[i]!;
    const other = order[0] === i ? order[1] : order[0];
    const rival = Math.max(trained.best, other === undefined ? -Infinity : means[other]!);
    return moves.map(({ level, move }) => {
      const isTarget = level === trained.steps.at(-1);
      const gain = isTarget
        ? logGain(deviation, (mean - trained.best) / deviation)
        : logGain(move, -Math.abs(mean - rival) / move);
      return { ...arm, to: level, mean, rate: gain - Math.log(trained.costOf(arm.reached, level)) };
    });
  });
}

/** log(s·h(z)); −Infinity without a deviation. */
function logGain(s: number, z: number): number {
  if (!(s > 0)) return -Infinity;
  return Math.log(s) + (z === Infinity ? Infinity : logH(Math.max(z, -1e100)));
}

interface ArmBelief {
  readonly mean: number;
  readonly deviation: number;
  readonly moves: readonly { readonly level: number; readonly move: number }[];
}

/** The belief at the target fidelity, and how far an observation at each step would move its mean. */
async function armBelief(arm: Arm, { posterior, steps, placed }: Trained): Promise<ArmBelief> {
  const open = steps.filter((level) => level > arm.reached);
  const d = arm.point.length;
  const x = matrix(open.length, d);
  open.forEach((level, i) => {
    x.data.set(placed({ rows: 1, columns: d, data: arm.point }, level).data, i * d);
  });
  const { mean, covariance } = await posterior.joint!(x);
  const n = open.length;
  const last = n - 1;
  const noise = posterior.noise ?? 0;
  const variance = (i: number) => Math.max(covariance.data[i * n + i]!, 0);
  return {
    mean: mean[last]!,
    deviation: Math.sqrt(variance(last)),
    moves: open.map((level, i) => {
      const root = Math.sqrt(variance(i) + noise);
      return { level, move: root > 0 ? Math.abs(covariance.data[i * n + last]!) / root : 0 };
    }),
  };
}
