import { type Rng, seeded } from '@foothold/core';
import { standardNormal } from '@foothold/numerics';
import { lowerFactor } from './dense.ts';

/** Joint normal belief over the rows' targets: mean n, covariance n×n. */
export interface RowBelief {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Index of the largest mean. */
export function bestRow(mean: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < mean.length; i++) if (mean[i]! > mean[best]!) best = i;
  return best;
}

/**
 * Rows that may still turn out best: those within `standardDeviations` standard deviations (of the difference) of the best one, it
 * first, at most `maxRows` of them in the order of mean plus three standard deviations. No single observation can move a difference by
 * more than its standard deviation, so beyond six nothing is lost.
 */
export function candidateRows(
  { mean, covariance }: RowBelief,
  {
    standardDeviations = 6,
    maxRows = 192,
  }: { readonly standardDeviations?: number; readonly maxRows?: number } = {},
): Int32Array {
  const n = mean.length;
  const best = bestRow(mean);
  const close: { readonly row: number; readonly reach: number }[] = [];
  for (let i = 0; i < n; i++) {
    if (i === best) continue;
    const variance = covariance[i * n + i]! + covariance[best * n + best]! - 2 * covariance[i * n + best]!;
    const standardDeviation = Math.sqrt(Math.max(variance, 0));
    if (mean[best]! - mean[i]! < standardDeviations * standardDeviation || mean[best] === mean[i])
      close.push({ row: i, reach: mean[i]! - mean[best]! + 3 * standardDeviation });
  }
  close.sort((a, b) => b.reach - a.reach || a.row - b.row);
  return Int32Array.from([best, ...close.slice(0, maxRows - 1).map((c) => c.row)]);
}

export interface BestProbability {
  /** Probability of each row that it is best, n. */
  readonly best: Float64Array;
  /** Probability that no row is above the one of the largest mean by more than the tolerance. */
  readonly within: number;
  /** Mean gain of the truly best row over that one. */
  readonly expectedRegret: number;
}

/** By `samples` joint draws over the candidate rows, whose seed is fixed: the same belief gives the same answer. */
export function bestProbability(
  belief: RowBelief,
  options: { readonly tolerance: number; readonly samples?: number; readonly rng?: Rng },
): BestProbability {
  const { tolerance, samples = 2000, rng = seeded('best-probability') } = options;
  const n = belief.mean.length;
  const rows = candidateRows(belief, { standardDeviations: 4.5, maxRows: 96 });
  const k = rows.length;
  const best = new Float64Array(n);
  // Differences to the leader: what all rows share (offsets of unobserved columns) cancels before it can round.
  const lead = rows[0]!;
  const shift = Float64Array.from(rows, (i) => belief.mean[i]! - belief.mean[lead]!);
  const c = (a: number, b: number): number => belief.covariance[rows[a]! * n + rows[b]!]!;
  const difference = new Float64Array((k - 1) ** 2);
  const size = k - 1;
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++)
      difference[a * size + b] = c(a + 1, b + 1) - c(a + 1, 0) - c(0, b + 1) + c(0, 0);
  let scale = 0;
  for (let a = 0; a < size; a++) scale = Math.max(scale, difference[a * size + a]!);
  let factor: Float64Array | undefined;
  for (let jitter = 1e-10; size > 0 && !factor; jitter *= 10) {
    const lifted = difference.slice();
    for (let a = 0; a < size; a++) lifted[a * size + a]! += jitter * (scale + 1e-300);
    factor = lowerFactor(lifted, size);
  }
  let within = 0;
  let regret = 0;
  const z = new Float64Array(size);
  for (let s = 0; s < samples; s++) {
    for (let a = 0; a < size; a++) z[a] = standardNormal(rng);
    let top = 0;
    let winner = 0;
    for (let a = 0; a < size; a++) {
      let v = shift[a + 1]!;
      for (let b = 0; b <= a; b++) v += factor![a * size + b]! * z[b]!;
      if (v > top) {
        top = v;
        winner = a + 1;
      }
    }
    best[rows[winner]!]! += 1 / samples;
    if (top <= tolerance) within += 1 / samples;
    regret += top / samples;
  }
  return { best, within: Math.min(within, 1), expectedRegret: regret };
}
