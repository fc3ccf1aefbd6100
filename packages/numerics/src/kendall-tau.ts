/**
 * Kendall's rank correlation (Kendall 1938, "A New Measure of Rank Correlation"), τ_a: of all pairs the share in which both values have the same order, less the
 * share in which they have opposite ones. A pair with equal values counts as neither, and so does
 * one with NaN, which is in no order.
 *
 * x, y  n values each
 */

/** τ in [−1, 1]; 0 for fewer than two values. Quadratic in n. */
export function kendallTau(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = Math.min(x.length, y.length);
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += order(x[i]!, x[j]!) * order(y[i]!, y[j]!);
  return sum === 0 ? 0 : (2 * sum) / (n * (n - 1));
}

/** 1 where a is larger, −1 where b is, else 0: a difference would be NaN for equal infinities. */
function order(a: number, b: number): number {
  return Number(a > b) - Number(a < b);
}
