/**
 * A monotone transform of the outcomes, and a Gaussian posterior of the transformed ones in the units of the outcomes: moments by
 * Gauss–Hermite quadrature.
 *
 * y  an outcome, u its transformed value; u = μ + σ·ξₖ at the nodes; mean Σ wₖ·y(uₖ), variance Σ wₖ·(y(uₖ) − mean)²
 */
import {
  concatRows,
  type Dataset,
  type Marginals,
  type Matrix,
  type Posterior,
  type ProgramState,
  type Why,
} from '@foothold/core';
import { nodes, weights } from './gauss-hermite.ts';

export interface OutcomeTransform {
  readonly name: string;
  /** u. */
  forward(y: number): number;
  /** y and dy/du. */
  inverse(u: number): { readonly y: number; readonly slope: number };
  /** du/dy; 1 / `inverse(forward(y)).slope` without it. */
  slope?(y: number): number;
  /** dy/du where the transform is linear. */
  readonly unit?: number | undefined;
}

/** A posterior that still has its transform and its observations in the units of y. */
export interface UntransformedPosterior extends Posterior {
  readonly transform: OutcomeTransform;
  readonly observed: Float64Array;
}

/** The posterior of y, given that of u. `latent` is the posterior of u with its data. */
export function untransformPosterior(
  latent: Posterior,
  fit: {
    readonly transform: OutcomeTransform;
    readonly data: Dataset;
    readonly why: Why;
    readonly state?: ProgramState | undefined;
  },
): UntransformedPosterior {
  const { transform, data, why, state } = fit;
  const { unit } = transform;
  return {
    why,
    ...(state && { state }),
    transform,
    observed: data.y,
    ...(unit !== undefined && latent.noise !== undefined && { noise: latent.noise * unit * unit }),
    latent: { posterior: latent, data: transformRows(data, transform) },
    marginals: async (x) => untransformMarginals(await latent.marginals(x), transform),
    ...(latent.joint && {
      async joint(x: Matrix) {
        const { untransformJoint } = await import('./untransform-joint.ts');
        return untransformJoint(await latent.joint!(x), transform);
      },
    }),
    ...(latent.condition && {
      async condition(more: Dataset) {
        const next = await latent.condition!(transformRows(more, transform));
        return untransformPosterior(next, { ...fit, data: concatRows(data, more) });
      },
    }),
  };
}

/** The dataset of u, with its noise. */
export function transformRows({ x, y, noise }: Dataset, transform: OutcomeTransform): Dataset {
  return {
    x,
    y: y.map((v) => transform.forward(v)),
    ...(noise && { noise: transformNoise({ y, noise }, transform) }),
  };
}

/** Variances of u, n, to first order. */
export function transformNoise(
  { y, noise }: { readonly y: Float64Array; readonly noise: Float64Array },
  transform: OutcomeTransform,
): Float64Array {
  const slope = (v: number) => transform.slope?.(v) ?? 1 / transform.inverse(transform.forward(v)).slope;
  return noise.map((variance, i) => variance * slope(y[i]!) ** 2);
}

function untransformMarginals(latent: Marginals, transform: OutcomeTransform): Marginals {
  const m = latent.mean.length;
  const mean = new Float64Array(m);
  const variance = new Float64Array(m);
  const y = new Float64Array(nodes.length);
  for (let i = 0; i < m; i++) {
    const standardDeviation = Math.sqrt(latent.variance[i]!);
    let first = 0;
    for (let k = 0; k < nodes.length; k++) {
      y[k] = transform.inverse(latent.mean[i]! + standardDeviation * nodes[k]!).y;
      first += weights[k]! * y[k]!;
    }
    mean[i] = first;
    for (let k = 0; k < nodes.length; k++) variance[i] = variance[i]! + weights[k]! * (y[k]! - first) ** 2;
  }
  const { gradient } = latent;
  return {
    mean,
    variance,
    ...(gradient && {
      gradient(dMean: Float64Array, dVariance: Float64Array) {
        const pulled = backpropMoments(latent, transform, { mean, dMean, dVariance });
        return gradient(pulled.dMean, pulled.dVariance);
      },
    }),
  };
}

/** Derivatives in mean and variance of u from those in mean and variance of y. */
function backpropMoments(
  latent: Marginals,
  transform: OutcomeTransform,
  at: { readonly mean: Float64Array; readonly dMean: Float64Array; readonly dVariance: Float64Array },
) {
  const m = latent.mean.length;
  const dMean = new Float64Array(m);
  const dVariance = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const standardDeviation = Math.sqrt(latent.variance[i]!);
    for (let k = 0; k < nodes.length; k++) {
      const { y, slope } = transform.inverse(latent.mean[i]! + standardDeviation * nodes[k]!);
      const pull = weights[k]! * slope * (at.dMean[i]! + 2 * at.dVariance[i]! * (y - at.mean[i]!));
      dMean[i] = dMean[i]! + pull;
      // σ → 0: the nodes ±ξ cancel, and what stays is ½ of the second derivative; 0 serves there.
      if (standardDeviation > 1e-12)
        dVariance[i] = dVariance[i]! + (pull * nodes[k]!) / (2 * standardDeviation);
    }
  }
  return { dMean, dVariance };
}
