/**
 * Whether the beginnings of curves say where these curves end, by the curves that ended.
 *
 * Of one curve: r, C residuals and covariance of its observations, given all rows of other curves and none of its own
 * P, α   inverse covariance of all observations, and P·(observations − mean): C = (P over the curve's rows)⁻¹, r = C·α
 * z_f, z_e, ρ   residuals of the first value and of the end in standard deviations, and their correlation
 *
 * log p(end | others, first) − log p(end | others) = −½·log(1 − ρ²) − ½·(z_e − ρ·z_f)²/(1 − ρ²) + ½·z_e²
 */
import type { Dataset, Matrix, Posterior } from '@foothold/core';
import type { Fitted } from '../models/fitted.ts';

/** The rows of one curve that ended, at least two: the first value first, the end last. */
export type EndedCurve = readonly number[];

/**
 * The log density, in nats over all these curves, that the ends gain from the first value of their own curve; the rows of other curves are known in
 * both cases, hyperparameters are unchanged. Negative where beginnings mislead. Undefined for a posterior that is not this package's, and for a model of a subset
 * of the rows, which need not have those of a curve.
 */
export function firstValueGain(
  posterior: Posterior,
  {
    rows: { y },
    curves,
    inverseFactor,
  }: {
    readonly rows: Dataset;
    readonly curves: readonly EndedCurve[];
    /** Of the posterior, by `inverseFactorOf`. */
    readonly inverseFactor: Matrix | undefined;
  },
): number | undefined {
  const latent: Posterior & { readonly fitted?: Fitted } = posterior.latent?.posterior ?? posterior;
  const { fitted } = latent;
  if (!inverseFactor || fitted?.z.length !== y.length) return undefined;
  const { alpha } = fitted.fit;
  const n = fitted.z.length;
  const { data } = inverseFactor;
  const precision = (i: number, j: number) => {
    let sum = 0;
    for (let k = Math.max(i, j); k < n; k++) sum += data[k * n + i]! * data[k * n + j]!;
    return sum;
  };
  return curves.reduce((total, rows) => {
    const covariance = inverse(rows.map((i) => rows.map((j) => precision(i, j))));
    const residual = covariance.map((row) => row.reduce((sum, c, k) => sum + c * alpha[rows[k]!]!, 0));
    const last = rows.length - 1;
    const sd = (i: number) => Math.sqrt(covariance[i]![i]!);
    const correlation = covariance[0]![last]! / (sd(0) * sd(last));
    const [first, end] = [residual[0]! / sd(0), residual[last]! / sd(last)];
    const left = 1 - correlation * correlation;
    return total - 0.5 * (Math.log(left) + (end - correlation * first) ** 2 / left - end * end);
  }, 0);
}

/** Of a small positive definite matrix, by Gauss and Jordan. */
function inverse(a: readonly (readonly number[])[]): number[][] {
  const n = a.length;
  const rows = a.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))]);
  for (let c = 0; c < n; c++) {
    const pivot = rows[c]![c]!;
    rows[c] = rows[c]!.map((v) => v / pivot);
    for (let r = 0; r < n; r++) {
      const factor = rows[r]![c]!;
      if (r !== c) rows[r] = rows[r]!.map((v, j) => v - factor * rows[c]![j]!);
    }
  }
  return rows.map((row) => row.slice(n));
}
