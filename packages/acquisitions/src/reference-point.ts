/** The point that a hypervolume is measured from, where nobody states one. */

/** Share of the front's range by which the reference point lies beyond its worst values (Ishibuchi et al. 2018; BoTorch's `infer_reference_point`). */
const margin = 0.1;

/**
 * Each objective's worst value on the front less a tenth of its range there, so that the ends of the front count too. Where the front has no
 * extent, the range of all values takes its place; where these have none either, 1. Objectives are maximized; front n×m, n ≥ 1.
 */
export function inferReferencePoint(
  front: readonly Float64Array[],
  ranges: readonly { readonly low: number; readonly high: number }[],
): Float64Array {
  return Float64Array.from(ranges, ({ low, high }, j) => {
    const values = front.map((point) => point[j]!);
    const worst = values.reduce((a, b) => Math.min(a, b));
    const range = values.reduce((a, b) => Math.max(a, b)) - worst;
    if (range > 0) return worst - margin * range;
    return high > low ? Math.min(worst, low) - margin * (high - low) : worst - 1;
  });
}
