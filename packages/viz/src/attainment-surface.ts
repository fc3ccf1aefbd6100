/**
 * Attainment surfaces of two objectives (Grunert da Fonseca, Fonseca, Hall 2001, "Inferential Performance Assessment of Stochastic
 * Optimisers and the Attainment Function"): the k% surface bounds what at least k% of the runs attain, that is, equal or dominate.
 */

/** Two objectives of a trial, both to be minimized. */
export type ObjectivePair = readonly [number, number];

/**
 * Corners of the surface that at least the `share` in (0, 1] of the runs attains, from left to right: each is the smallest second objective that is
 * attained with at most this first one. Empty where too few runs have a point. O(n·log n + n·r·log r) for n points of r runs.
 */
export function attainmentSurface(
  runs: readonly (readonly ObjectivePair[])[],
  share: number,
): readonly ObjectivePair[] {
  const needed = Math.max(Math.ceil(share * runs.length - 1e-9), 1);
  const points = runs
    .flatMap((run, r) => run.map(([x, y]) => ({ x, y, r })))
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
    .sort((a, b) => a.x - b.x);
  const best = new Float64Array(runs.length).fill(Infinity);
  const corners: ObjectivePair[] = [];
  let last = Infinity;
  points.forEach(({ x, y, r }, i) => {
    best[r] = Math.min(best[r]!, y);
    // Points that share a first objective count together.
    if (points[i + 1]?.x === x) return;
    const attained = Float64Array.from(best).sort()[needed - 1] ?? Infinity;
    if (!(attained < last)) return;
    corners.push([x, attained]);
    last = attained;
  });
  return corners;
}
