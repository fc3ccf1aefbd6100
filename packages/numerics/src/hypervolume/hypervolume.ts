/** The hypervolume indicator (Zitzler, Thiele 1998, "Multiobjective Optimization Using Evolutionary Algorithms — A Comparative Case Study"). */
import { nonDominatedBoxes } from './non-dominated-boxes.ts';

/**
 * Volume that the points dominate above the reference point, m, all objectives maximized: 0 without a point that is above it in every
 * coordinate. Exact up to rounding: the box between the reference point and the largest coordinates, less what is not dominated of it.
 * Throws ShapeError for points of another length.
 */
export function hypervolume(points: readonly Float64Array[], referencePoint: Float64Array): number {
  const above = points.filter((point) => point.every((v, j) => v > referencePoint[j]! && v < Infinity));
  const m = referencePoint.length;
  const ideal = referencePoint.map((r, j) => above.reduce((top, point) => Math.max(top, point[j]!), r));
  const volume = (low: ArrayLike<number>, high: ArrayLike<number>, from: number) => {
    let product = 1;
    for (let j = 0; j < m; j++) product *= Math.max(Math.min(high[from + j]!, ideal[j]!) - low[from + j]!, 0);
    return product;
  };
  const { count, lower, upper } = nonDominatedBoxes(points, referencePoint);
  let rest = 0;
  for (let k = 0; k < count; k++) rest += volume(lower, upper, k * m);
  return Math.max(volume(referencePoint, ideal, 0) - rest, 0);
}
