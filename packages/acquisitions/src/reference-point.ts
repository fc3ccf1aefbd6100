/** The point that a hypervolume is measured from, where nobody states one. */

/** Share of the range of all values by which the reference point lies beyond the worst one. */
const margin = 0.1;

/**
 * Each objective's worst value among all regular observations less a tenth of their range, and less 1 where they are equal; objectives are
 * maximized. Not the worst value on the front (BoTorch's `infer_reference_point`): beyond the ends of the front found so far nothing would then
 * count, and a search that began with one part of the front would stay there (decisions/2026-11-30-several-objectives.md).
 */
export function inferReferencePoint(
  ranges: readonly { readonly low: number; readonly high: number }[],
): Float64Array {
  return Float64Array.from(ranges, ({ low, high }) => {
    const distance = margin * high - margin * low;
    return distance > 0 ? low - distance : low - 1;
  });
}
