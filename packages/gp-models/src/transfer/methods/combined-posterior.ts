/**
 * Beliefs made of several: each mean and variance a formula over those of the parts.
 *
 * m, C   mean and covariance of the combination; mₖ, Cₖ those of part k
 * C = Σ fₖ·Cₖ + Σ sₖ·(mₖ − m)(mₖ − m)ᵀ, with the factors f and, for a mixture, the shares s
 */
import {
  type JointBelief,
  type Marginals,
  type Matrix,
  matrix,
  type Posterior,
  type Why,
} from '@foothold/core';
import { addInPlace, columnOf, matrixProduct, symmetrized } from '../../inference/dense.ts';

/** Value and derivatives of a combination at one point; arrays run over the parts. */
export interface Combination {
  readonly mean: number;
  readonly variance: number;
  /** ∂mean/∂meanₖ, ∂variance/∂meanₖ and ∂variance/∂varianceₖ. */
  readonly meanByMean: readonly number[];
  readonly varianceByMean: readonly number[];
  readonly varianceByVariance: readonly number[];
}

/** How parts become one belief. */
export interface Combiner {
  at(means: readonly number[], variances: readonly number[]): Combination;
  /** fₖ. */
  readonly factors: readonly number[];
  /** sₖ; all 0 without it. */
  readonly mixtureWeights?: readonly number[];
}

/** Has `joint` and `condition` where every part has. */
export function combinedPosterior(parts: readonly Posterior[], combiner: Combiner, why: Why): Posterior {
  return {
    why,
    async marginals(x) {
      const beliefs = await Promise.all(parts.map((part) => part.marginals(x)));
      return combinedMarginals(beliefs, x, combiner);
    },
    ...(parts.every((part) => part.joint) && {
      joint: (x: Matrix) => combinedJoint(parts, x, combiner),
    }),
    ...(parts.every((part) => part.condition) && {
      condition: async (data) =>
        combinedPosterior(await Promise.all(parts.map((part) => part.condition!(data))), combiner, why),
    }),
  };
}

function combinedMarginals(beliefs: readonly Marginals[], x: Matrix, combiner: Combiner): Marginals {
  const m = x.rows;
  const at = Array.from({ length: m }, (_, i) =>
    combiner.at(
      beliefs.map(({ mean }) => mean[i]!),
      beliefs.map(({ variance }) => variance[i]!),
    ),
  );
  const result = {
    mean: Float64Array.from(at, ({ mean }) => mean),
    variance: Float64Array.from(at, ({ variance }) => Math.max(variance, 0)),
  };
  if (!beliefs.every(({ gradient }) => gradient)) return result;
  return {
    ...result,
    async gradient(dMean, dVariance) {
      const total = matrix(m, x.columns);
      for (const [k, belief] of beliefs.entries()) {
        const first = Float64Array.from(
          at,
          (c, i) => dMean[i]! * c.meanByMean[k]! + dVariance[i]! * c.varianceByMean[k]!,
        );
        const second = Float64Array.from(at, (c, i) => dVariance[i]! * c.varianceByVariance[k]!);
        const part = await belief.gradient!(first, second);
        for (let j = 0; j < total.data.length; j++) total.data[j] = total.data[j]! + part.data[j]!;
      }
      return total;
    },
  };
}

async function combinedJoint(
  parts: readonly Posterior[],
  x: Matrix,
  combiner: Combiner,
): Promise<JointBelief> {
  const m = x.rows;
  const joints = await Promise.all(parts.map((part) => part.joint!(x)));
  const at = Array.from({ length: m }, (_, i) =>
    combiner.at(
      joints.map((joint) => joint.mean[i]!),
      joints.map(({ covariance }) => covariance.data[i * m + i]!),
    ),
  );
  const mean = Float64Array.from(at, (combination) => combination.mean);
  const gaps = joints.map((joint) => joint.mean.map((v, i) => v - mean[i]!));
  const covariance = matrix(m, m);
  for (const [k, joint] of joints.entries()) {
    const factor = combiner.factors[k]!;
    const share = combiner.mixtureWeights?.[k] ?? 0;
    const gap = gaps[k]!;
    for (let i = 0, c = 0; i < m; i++)
      for (let j = 0; j < m; j++, c++)
        covariance.data[c] =
          covariance.data[c]! + factor * joint.covariance.data[c]! + share * gap[i]! * gap[j]!;
  }
  if (!joints.every(({ gradient }) => gradient)) return { mean, covariance };
  return {
    mean,
    covariance,
    gradient: (dMean, dCovariance) =>
      combinedGradient({ joints, at, gaps, combiner }, { dMean, dCovariance }),
  };
}

/** Σ over parts of the pullback of what reaches Cₖ, fₖ·D, and of what reaches mₖ: through m, and through the gaps mₖ − m. */
async function combinedGradient(
  state: {
    readonly joints: readonly JointBelief[];
    readonly at: readonly Combination[];
    readonly gaps: readonly Float64Array[];
    readonly combiner: Combiner;
  },
  { dMean, dCovariance }: { readonly dMean: Float64Array; readonly dCovariance: Matrix },
): Promise<Matrix> {
  const { joints, at, gaps, combiner } = state;
  const s = symmetrized(dCovariance);
  const dGaps = gaps.map((gap, k) => {
    const share = combiner.mixtureWeights?.[k] ?? 0;
    return matrixProduct(s, columnOf(gap)).data.map((v) => share * v);
  });
  let total: Matrix | undefined;
  for (const [k, joint] of joints.entries()) {
    const first = dMean.map((d, i) => {
      const through = dGaps.reduce((sum, dGap) => sum + dGap[i]!, 0);
      return (d - through) * at[i]!.meanByMean[k]! + dGaps[k]![i]!;
    });
    const second = { ...dCovariance, data: dCovariance.data.map((v) => combiner.factors[k]! * v) };
    const part = await joint.gradient!(first, second);
    if (total) addInPlace(total, part);
    else total = part;
  }
  return total!;
}

/** One part is true, with these probabilities: moments of the mixture. */
export function mixtureOf(weights: readonly number[]): Combiner {
  return {
    factors: weights,
    mixtureWeights: weights,
    at(means, variances) {
      const mean = weights.reduce((sum, w, k) => sum + w * means[k]!, 0);
      const variance = weights.reduce((sum, w, k) => sum + w * (variances[k]! + (means[k]! - mean) ** 2), 0);
      return {
        mean,
        variance,
        meanByMean: weights,
        varianceByMean: weights.map((w, k) => 2 * w * (means[k]! - mean)),
        varianceByVariance: weights,
      };
    },
  };
}

/** A weighted sum of independent parts; each variance enters with the factor given for it. */
export function weightedSum(weights: readonly number[], varianceFactors: readonly number[]): Combiner {
  const zeros = weights.map(() => 0);
  return {
    factors: varianceFactors,
    at: (means, variances) => ({
      mean: weights.reduce((sum, w, k) => sum + w * means[k]!, 0),
      variance: varianceFactors.reduce((sum, f, k) => sum + f * variances[k]!, 0),
      meanByMean: weights,
      varianceByMean: zeros,
      varianceByVariance: varianceFactors,
    }),
  };
}

/** y·scale + shift of a belief about y, so with variance·scale²; `scale` is not 0. Further observations are in its units. */
export function affine(
  posterior: Posterior,
  { scale, shift }: { readonly scale: number; readonly shift: number },
): Posterior {
  const square = scale * scale;
  const combiner: Combiner = {
    factors: [square],
    at: (means, variances) => ({
      mean: scale * means[0]! + shift,
      variance: square * variances[0]!,
      meanByMean: [scale],
      varianceByMean: [0],
      varianceByVariance: [square],
    }),
  };
  const { condition: _, ...rest } = combinedPosterior([posterior], combiner, posterior.why ?? {});
  if (!posterior.condition) return rest;
  return {
    ...rest,
    async condition({ x, y, noise }) {
      const inner = await posterior.condition!({
        x,
        y: y.map((v) => (v - shift) / scale),
        ...(noise && { noise: noise.map((v) => v / square) }),
      });
      return affine(inner, { scale, shift });
    },
  };
}
