/**
 * LKJ prior on the correlations of the tasks (Lewandowski, Kurowicka, Joe 2009, "Generating random correlation matrices
 * based on vines and extended onion method"): density ∝ det(C)^(η − 1).
 *
 * B = W·Wᵀ + diag(v)  covariance between tasks, m×m;  C its correlation matrix
 */
import { inverseOf } from './dense.ts';

export interface TaskCovariance {
  /** W, m×rank */
  readonly loadings: Float64Array;
  /** v, m */
  readonly ownVariance: Float64Array;
  readonly rank: number;
}

/** (η − 1)·log det C and its derivatives in W (m×rank) and v (m). Zero where C is singular in float64. */
export function logLkj({ loadings, ownVariance, rank, eta }: TaskCovariance & { readonly eta: number }): {
  readonly value: number;
  readonly dLoadings: Float64Array;
  readonly dOwnVariance: Float64Array;
} {
  const m = ownVariance.length;
  const b = taskCovariance({ loadings, ownVariance, rank });
  const dLoadings = new Float64Array(loadings.length);
  const dOwnVariance = new Float64Array(m);
  const inverted = inverseOf(b, m);
  if (!inverted) return { value: 0, dLoadings, dOwnVariance };
  const f = eta - 1;
  let value = inverted.logDeterminant;
  for (let j = 0; j < m; j++) {
    const variance = b[j * m + j]!;
    value -= Math.log(variance);
    dOwnVariance[j] = f * (inverted.inverse[j * m + j]! - 1 / variance);
    for (let r = 0; r < rank; r++) {
      let s = -loadings[j * rank + r]! / variance;
      for (let k = 0; k < m; k++) s += inverted.inverse[j * m + k]! * loadings[k * rank + r]!;
      dLoadings[j * rank + r] = 2 * f * s;
    }
  }
  return { value: f * value, dLoadings, dOwnVariance };
}

/** B, m×m. */
export function taskCovariance({ loadings, ownVariance, rank }: TaskCovariance): Float64Array {
  const m = ownVariance.length;
  const b = new Float64Array(m * m);
  for (let j = 0; j < m; j++)
    for (let k = 0; k < m; k++) {
      let s = j === k ? ownVariance[j]! : 0;
      for (let r = 0; r < rank; r++) s += loadings[j * rank + r]! * loadings[k * rank + r]!;
      b[j * m + k] = s;
    }
  return b;
}
