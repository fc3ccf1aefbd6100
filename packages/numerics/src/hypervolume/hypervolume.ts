/** The hypervolume indicator (Zitzler, Thiele 1998, "Multiobjective Optimization Using Evolutionary Algorithms — A Comparative Case Study"). */
import { boxesTaken } from './non-dominated-boxes.ts';

/**
 * Volume that the points dominate above the reference point, m, all objectives maximized: 0 without a point that is above it in every
 * coordinate. Exact up to rounding, whatever the scales of the objectives: the sum of what each point adds, in boxes, so that nothing
 * cancels (Lacour, Klamroth, Fonseca 2017, "A Box Decomposition Algorithm to Compute the Hypervolume Indicator", §3). Throws ShapeError for
 * points of another length.
 */
export function hypervolume(points: readonly Float64Array[], referencePoint: Float64Array): number {
  const m = referencePoint.length;
  let sum = 0;
  for (const { point, boxes } of boxesTaken(points, referencePoint))
    for (let k = 0; k < boxes.count; k++) {
      let product = 1;
      for (let j = 0; j < m; j++) {
        const low = boxes.lower[k * m + j]!;
        product *= Math.max(Math.min(boxes.upper[k * m + j]!, point[j]!) - low, 0);
      }
      sum += product;
    }
  return sum;
}
