/**
 * Outliers on the bad side of a set of values: penalties, diverged runs, sentinels such as 1e30.
 *
 * b     distances to the best value, in increasing order, b₁ = 0
 * k     number of regular values
 * e     extent of k points: root of the summed squared ranges of their coordinates, over that of all points
 */
import type { Matrix } from './matrix.ts';

/**
 * An outlier is at least this many times as far from the best value as every regular one, no unit. From about twice as much
 * on a model of all values no longer resolves the good ones (measured, decisions/2026-11-28-outliers.md). Of k distances from a
 * density that is flat near the best value, a gap this large follows the kth by chance with probability gap^(1 − k).
 */
const gap = 100;
/** Two regular values tell little of their range: their gap is as improbable as that of three. */
const gapAfterTwo = gap ** 2;
/**
 * Least extent of the regular points, without unit: near the minimum of a quadratic function, values within 1/gap of the
 * range lie within 1/√gap of its points. A smaller extent is that of a search that converges, and is no evidence of outliers.
 */
const minExtent = gap ** -0.5;
/**
 * Regular values that differ by less than this share of their size may be a plateau, and what lies beyond it the way to
 * something better: then outliers must be large beside that size too, or tell nothing by their own differences.
 */
const plateau = 1e-3;
/** Regular values that differ by less than this share of their size differ by rounding: the rest is all there is to model. */
const rounding = 2 ** -30;

/**
 * The worst regular value; smaller ones are outliers. Undefined where there are none.
 *
 * y holds values to be maximized, n, of which those that are not finite are passed over; x their points, n×d. An outlier is
 * at least 100 times as far from the best value as every regular one, while the regular points extend over at least a tenth
 * of what all points extend over. Where the regular values differ by less than a thousandth of their size, an outlier must
 * be 100 times as far off as that size, unless the outliers differ among themselves by no more than the regular values do.
 * Exceptionally good values are never outliers. The answer does not depend on the order of the rows nor on the scale of y.
 * O(n log n + n·d).
 */
export function outlierBound(y: Float64Array, x: Matrix): number | undefined {
  const order = Array.from(y.keys())
    .filter((i) => Number.isFinite(y[i]))
    .sort((i, j) => y[j]! - y[i]!);
  const best = y[order[0] ?? 0];
  if (best === undefined || order.length < 3) return undefined;
  // In halves: the distance between the ends of the number range overflows.
  const distances = order.map((i) => best / 2 - y[i]! / 2);
  const farthest = distances.at(-1)!;
  const all = growingExtent(x);
  for (const i of order) all.add(i);
  const regular = growingExtent(x);
  for (let k = 1; k < order.length; k++) {
    regular.add(order[k - 1]!);
    const worst = y[order[k - 1]!]!;
    const reach = distances[k - 1]!;
    const nearest = distances[k]!;
    const size = Math.max(Math.abs(best), Math.abs(worst)) / 2;
    if (!(reach > rounding * size) || nearest / reach < (k === 2 ? gapAfterTwo : gap)) continue;
    const differs = reach > plateau * size || nearest / gap > size || farthest - nearest <= reach;
    if (differs && regular.extent() >= minExtent * all.extent()) return worst;
  }
  return undefined;
}

/** Root of the summed squared ranges of the coordinates of the rows added so far. */
function growingExtent(x: Matrix) {
  const d = x.columns;
  const low = new Float64Array(d).fill(Infinity);
  const high = new Float64Array(d).fill(-Infinity);
  return {
    add(row: number): void {
      for (let j = 0; j < d; j++) {
        const u = x.data[row * d + j]!;
        if (u < low[j]!) low[j] = u;
        if (u > high[j]!) high[j] = u;
      }
    },
    extent(): number {
      return Math.sqrt(low.reduce((sum, u, j) => sum + (high[j]! - u) ** 2, 0));
    },
  };
}
