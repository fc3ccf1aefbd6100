/**
 * Complexity of a curve: the number of its monotone pieces; a change of direction counts only if the curve then moves by more than
 * `tolerance` of its range. A line has 1, a parabola with its vertex inside 2, a polynomial of degree d at most d, a constant 0.
 */
export function curveDegree(curve: ArrayLike<number>, tolerance = 0.05): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < curve.length; i++) {
    low = Math.min(low, curve[i]!);
    high = Math.max(high, curve[i]!);
  }
  if (!(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)))) return 0;
  const least = tolerance * (high - low);
  let degree = 0;
  let direction: 'none' | 'up' | 'down' = 'none';
  // Highest and lowest value since the last change of direction.
  let top = curve[0]!;
  let bottom = curve[0]!;
  for (let i = 1; i < curve.length; i++) {
    const v = curve[i]!;
    top = Math.max(top, v);
    bottom = Math.min(bottom, v);
    if (direction !== 'up' && v - bottom > least) {
      degree++;
      direction = 'up';
      top = v;
    } else if (direction !== 'down' && top - v > least) {
      degree++;
      direction = 'down';
      bottom = v;
    }
  }
  return degree;
}
