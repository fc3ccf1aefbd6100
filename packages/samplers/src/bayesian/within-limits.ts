/** What outliers count as in the figures beside the value. */
import { type Dataset, outlierBound } from '@foothold/core';

/** Share of the range of the regular values by which an outlier counts as worse; that of failed trials. */
const margin = 0.1;

/**
 * The data with outliers on both sides at a tenth of the range beyond the regular values, 0 counted among these: values
 * count from a limit, and each stays on its side of it.
 */
export function withinLimits({ x, y, ...rest }: Dataset): Dataset {
  return { ...rest, x, y: heldAbove(heldAbove(y, x, 0).map(negated), x, 0).map(negated) };
}

/** The data, to be minimized, with outliers on the large side at a tenth of the range above the regular values. */
export function withinCosts({ x, y, ...rest }: Dataset): Dataset {
  return { ...rest, x, y: heldAbove(y.map(negated), x).map(negated) };
}

const negated = (v: number) => -v;

/** Values with the outliers below at a tenth of the range under the worst regular value or `limit`; all if there are none. */
function heldAbove(y: Float64Array, x: Dataset['x'], limit?: number): Float64Array {
  const bound = outlierBound(y, x);
  if (bound === undefined) return y;
  const low = Math.min(bound, limit ?? bound);
  const high = y.reduce((a, b) => Math.max(a, b), limit ?? bound);
  // Each part by itself: the range may overflow.
  const held = low - margin * high + margin * low;
  return y.map((v) => (v < bound ? held : v));
}
