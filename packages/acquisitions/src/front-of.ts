/** The front of some points, all objectives maximized. */

/** Indices of the points that no other one dominates. */
export function frontOf(points: readonly Float64Array[]): readonly number[] {
  return points.flatMap((p, i) =>
    points.some((q) => q.every((v, j) => v >= p[j]!) && q.some((v, j) => v > p[j]!)) ? [] : [i],
  );
}
