/** The point that a hypervolume is measured from, where nobody states one. */
import { frontOf } from './front-of.ts';

/** Share of the range of all values by which the reference point lies beyond the worst one. */
const margin = 0.1;

/**
 * Each objective's worst value among all regular observations less a tenth of their range, and less 1 where they are equal; objectives are
 * maximized. Of the front alone (BoTorch's `infer_reference_point`) nothing beyond the ends found so far would count, and a search that began
 * with one part of the front would stay there (decisions/2026-11-30-several-objectives.md).
 */
export function inferReferencePoint(
  ranges: readonly { readonly low: number; readonly high: number }[],
): Float64Array {
  return Float64Array.from(ranges, ({ low, high }) => {
    const distance = margin * high - margin * low;
    return distance > 0 ? low - distance : low - 1;
  });
}

/**
 * The same of the front of these points, and of `ranges` where the front has no extent in an objective. Measured from the worst of all
 * observations, the ends of a front that lie on a face of the space, where an objective is least whatever the others are, draw most evaluations:
 * the belief that this objective is a little better still counts by all the distance to the reference point.
 */
export function referencePointOfFront(
  points: readonly Float64Array[],
  ranges: Parameters<typeof inferReferencePoint>[0],
): Float64Array {
  const front = frontOf(points).map((i) => points[i]!);
  const ofFront = ranges.map((_, j) => {
    const values = front.map((point) => point[j]!);
    return { low: Math.min(...values), high: Math.max(...values) };
  });
  const hasExtent = ofFront.every(({ low, high }) => high > low);
  return inferReferencePoint(hasExtent ? ofFront : ranges);
}
