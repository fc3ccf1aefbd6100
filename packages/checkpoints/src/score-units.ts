/**
 * Centre and unit of every column, so that the model sees scores of comparable spread.
 *
 * Two cells a column are too few to estimate a spread from, so the unit's shape across columns comes from what kind of score
 * it is, and one factor for all columns from the pooled spread:
 * shares (all in [0, 1]) and percentages (all in [0, 100]) vary like √(p(1 − p)), as the error of a proportion does;
 * other scores like their size (perplexity, loss, seconds), or alike where sizes are of one order.
 */
import { largestOf, smallestOf } from '@foothold/core';

export interface ScoreUnits {
  readonly centre: Float64Array;
  readonly unit: Float64Array;
}

/** `values[j]`: the scores seen in column j, oriented so that larger is better; `sign[j]` that orientation. */
export function scoreUnits(values: readonly (readonly number[])[], sign: ArrayLike<number>): ScoreUnits {
  const m = values.length;
  const means = values.map((v) => (v.length ? v.reduce((a, b) => a + b, 0) / v.length : Number.NaN));
  const known = means.filter((v) => Number.isFinite(v));
  const overall = known.length ? known.reduce((a, b) => a + b, 0) / known.length : 0;
  const centre = Float64Array.from(means, (v) => (Number.isFinite(v) ? v : overall));
  const shape = Float64Array.from({ length: m }, (_, j) => proportionUnit(values[j]!, sign[j]!));
  const isProportion = shape.map((unit) => (unit > 0 ? 1 : 0));
  const columns = Array.from({ length: m }, (_, j) => j);
  const others = columns.filter((j) => !isProportion[j]);
  if (others.length > 0) {
    // Where scores cancel in the mean, it is no measure of their size.
    const largest = (j: number): number => values[j]!.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
    const size = others.map((j) => Math.max(Math.abs(centre[j]!) || 1, 0.01 * largest(j)));
    const alike = largestOf(size) <= 5 * smallestOf(size);
    others.forEach((j, k) => {
      shape[j] = alike ? 1 : size[k]!;
    });
    // A group of its own: pooled separately from the proportions, on whose scale it is not.
    rescale(values, { shape, centre, group: others });
  }
  rescale(values, { shape, centre, group: columns.filter((j) => isProportion[j]) });
  return { centre, unit: shape };
}

/** √(p(1 − p)) on the column's scale, or NaN where it is no proportion. */
function proportionUnit(values: readonly number[], sign: number): number {
  if (values.length === 0) return Number.NaN;
  const scores = values.map((v) => v * sign);
  const low = smallestOf(scores);
  const high = largestOf(scores);
  const full = low < 0 ? 0 : high <= 1 ? 1 : high <= 100 && high > 5 ? 100 : 0;
  if (full === 0) return Number.NaN;
  const p = scores.reduce((a, b) => a + b, 0) / scores.length / full;
  return full * Math.sqrt(Math.max(p, 0.01) * Math.max(1 - p, 0.01));
}

/** Multiplies the group's units by their pooled spread; columns without scores get the group's mean unit. */
function rescale(
  values: readonly (readonly number[])[],
  options: { readonly shape: Float64Array; readonly centre: Float64Array; readonly group: readonly number[] },
): void {
  const { shape, centre, group } = options;
  // The root of the sum of squares, which the squares of 1e300 would overflow.
  let norm = 0;
  let freedom = 0;
  for (const j of group) {
    const seen = values[j]!;
    if (seen.length < 2) continue;
    freedom += seen.length - 1;
    for (const v of seen) norm = Math.hypot(norm, (v - centre[j]!) / shape[j]!);
  }
  const pooled = freedom > 0 ? norm / Math.sqrt(freedom) : 0;
  // Constant columns, or one cell each: a twentieth of the shape, as good as anything.
  for (const j of group) shape[j]! *= pooled > 1e-12 ? pooled : 0.05;
}
