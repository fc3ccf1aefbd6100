/**
 * Covariance over the rows: Matérn of smoothness 1/2, 3/2 or 5/2 in the distance of two positions (Rasmussen, Williams
 * 2006, eq. 4.17), unit variance.
 */

export type Smoothness = 0.5 | 1.5 | 2.5;

/** k(d/ℓ) for all pairs of an n×n array of distances, and its derivative in log ℓ. */
export function rowKernel(
  distance: Float64Array,
  logLengthscale: number,
  smoothness: Smoothness,
): { readonly value: Float64Array; readonly slope: Float64Array } {
  const value = new Float64Array(distance.length);
  const slope = new Float64Array(distance.length);
  const rate = Math.sqrt(2 * smoothness) / Math.exp(logLengthscale);
  for (let i = 0; i < distance.length; i++) {
    const r = rate * distance[i]!;
    const e = Math.exp(-r);
    if (smoothness === 0.5) {
      value[i] = e;
      slope[i] = r * e;
    } else if (smoothness === 1.5) {
      value[i] = (1 + r) * e;
      slope[i] = r * r * e;
    } else {
      value[i] = (1 + r + (r * r) / 3) * e;
      slope[i] = ((r * r * (1 + r)) / 3) * e;
    }
  }
  return { value, slope };
}
