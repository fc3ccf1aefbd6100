/**
 * The average of Gaussian posteriors, each of the same weight, by its first two moments.
 *
 * S            posteriors, with means μ_s and covariances C_s
 * mean         μ = Σ μ_s/S
 * covariance   Σ (C_s + (μ_s − μ)(μ_s − μ)ᵀ)/S, the law of total covariance
 */
import {
  type Dataset,
  type JointBelief,
  type Marginals,
  type Matrix,
  matrix,
  type Posterior,
} from '@foothold/core';

/** A posterior with the average's moments, `joint`, `condition` and gradients where all of these have them. */
export function averagedPosterior(posteriors: readonly Posterior[]): Posterior {
  const noises = posteriors.flatMap(({ noise }) => noise ?? []);
  return {
    ...(noises.length === posteriors.length && { noise: averageOf(noises) }),
    marginals: async (x) => averagedMarginals(await Promise.all(posteriors.map((p) => p.marginals(x)))),
    ...(posteriors.every((p) => p.joint) && {
      joint: async (x: Matrix) => averagedJoint(await Promise.all(posteriors.map((p) => p.joint!(x)))),
    }),
    ...(posteriors.every((p) => p.condition) && {
      condition: async (data: Dataset) =>
        averagedPosterior(await Promise.all(posteriors.map((p) => p.condition!(data)))),
    }),
  };
}

function averageOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function meanOf(parts: readonly { readonly mean: Float64Array }[]): Float64Array {
  return parts[0]!.mean.map((_, i) => averageOf(parts.map(({ mean }) => mean[i]!)));
}

function averagedMarginals(parts: readonly Marginals[]): Marginals {
  const mean = meanOf(parts);
  const share = 1 / parts.length;
  const variance = mean.map((m, i) => averageOf(parts.map((p) => p.variance[i]! + (p.mean[i]! - m) ** 2)));
  const gradient = async (dMean: Float64Array, dVariance: Float64Array) =>
    summed(
      await Promise.all(
        // Σ (μ_s − μ) is 0, so that μ itself need not move.
        parts.map((p) =>
          p.gradient!(
            dMean.map((d, i) => share * (d + 2 * dVariance[i]! * (p.mean[i]! - mean[i]!))),
            dVariance.map((d) => share * d),
          ),
        ),
      ),
    );
  return { mean, variance, ...(parts.every((p) => p.gradient) && { gradient }) };
}

function averagedJoint(parts: readonly JointBelief[]): JointBelief {
  const mean = meanOf(parts);
  const q = mean.length;
  const share = 1 / parts.length;
  const covariance = matrix(q, q);
  for (const part of parts) {
    const off = part.mean.map((m, i) => m - mean[i]!);
    for (let i = 0; i < q; i++)
      for (let j = 0; j < q; j++)
        covariance.data[i * q + j]! += share * (part.covariance.data[i * q + j]! + off[i]! * off[j]!);
  }
  const gradient = async (dMean: Float64Array, dCovariance: Matrix) =>
    summed(
      await Promise.all(
        parts.map((part) => {
          const off = part.mean.map((m, i) => m - mean[i]!);
          const along = dMean.map((d, i) => {
            let sum = d;
            for (let j = 0; j < q; j++)
              sum += (dCovariance.data[i * q + j]! + dCovariance.data[j * q + i]!) * off[j]!;
            return share * sum;
          });
          return part.gradient!(
            along,
            matrix(
              q,
              q,
              dCovariance.data.map((d) => share * d),
            ),
          );
        }),
      ),
    );
  return { mean, covariance, ...(parts.every((p) => p.gradient) && { gradient }) };
}

function summed(parts: readonly Matrix[]): Matrix {
  const { rows, columns } = parts[0]!;
  const total = matrix(rows, columns);
  for (const { data } of parts) for (let i = 0; i < data.length; i++) total.data[i]! += data[i]!;
  return total;
}
