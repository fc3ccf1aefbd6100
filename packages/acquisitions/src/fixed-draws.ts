/**
 * Draws of a joint belief by fixed normals: smooth in mean and covariance (Balandat et al. 2020, "BoTorch", §4.1; Wilson,
 * Hutter, Deisenroth 2018, "Maximizing acquisition functions for Bayesian optimization").
 *
 * z_i normal scores of a scrambled Sobol sequence, N×q
 * L   Cholesky factor of the joint covariance, q×q, so that draw i is mean + L·z_i
 */
import { InvalidArgumentError, type Rng } from '@foothold/core';
import { maxSobolDimensions, normalQuantile, sobol } from '@foothold/numerics';

const maxSamples = 2 ** 16;

/** `samples` or 512. Throws InvalidArgumentError for what is no whole number from 1 to 65,536. */
export function sampleCount(samples = 512): number {
  if (!(Number.isInteger(samples) && samples >= 1 && samples <= maxSamples))
    throw new InvalidArgumentError('samples', samples, 'a whole number from 1 to 65,536');
  return samples;
}

/** Normal scores of a scrambled Sobol sequence, N×q; independent draws where q exceeds its dimensions. */
export function fixedNormals(q: number, samples: number, rng: Rng): Float64Array {
  const uniform =
    q <= maxSobolDimensions
      ? sobol({ dimensions: q, rng }).points(0, samples).data
      : Float64Array.from({ length: q * samples }, () => rng.next());
  return Float64Array.from(uniform, (u) => normalQuantile(Math.min(Math.max(u, 2 ** -53), 1 - 2 ** -53)));
}

/** Component j of L·z_i. */
export function drawOf(
  root: Float64Array,
  normals: Float64Array,
  { q, i, j }: { readonly q: number; readonly i: number; readonly j: number },
): number {
  let draw = 0;
  for (let k = 0; k <= j; k++) draw += root[j * q + k]! * normals[i * q + k]!;
  return draw;
}

/** Cholesky factor of a covariance, q×q; a pivot that rounding made negative counts as 0, and so does its column. */
export function lowerRoot(a: Float64Array, q: number): Float64Array {
  const l = new Float64Array(q * q);
  for (let i = 0; i < q; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * q + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * q + k]! * l[j * q + k]!;
      if (i === j) l[i * q + i] = sum > 1e-14 * a[i * q + i]! ? Math.sqrt(sum) : 0;
      else l[i * q + j] = l[j * q + j]! > 0 ? sum / l[j * q + j]! : 0;
    }
  return l;
}

/** Derivatives in the lower triangle of the covariance from those in its factor: `lowerRoot` in reverse. */
export function backpropRoot(l: Float64Array, dRoot: Float64Array, q: number): Float64Array {
  const dL = dRoot.slice();
  const result = new Float64Array(q * q);
  for (let i = q - 1; i >= 0; i--)
    for (let j = i; j >= 0; j--) {
      const pivot = l[j * q + j]!;
      if (!(pivot > 0)) continue;
      const d = i === j ? dL[i * q + i]! / (2 * pivot) : dL[i * q + j]! / pivot;
      if (i !== j) dL[j * q + j]! -= d * l[i * q + j]!;
      result[i * q + j] = d;
      for (let k = 0; k < j; k++) {
        dL[i * q + k]! -= d * l[j * q + k]!;
        dL[j * q + k]! -= d * l[i * q + k]!;
      }
    }
  return result;
}
