import { type AcquisitionOptimizer, type AcquisitionProblem, FitError, matrixOf } from '@foothold/core';
import { wholeFromOne } from '../whole-from-one.ts';

/**
 * The best of up to `count` random points that may be evaluated (fewer where most of the space may not), scored all at once and not refined: for surrogates whose belief costs
 * money. Default: 10. Throws FitError when no point may be evaluated, and at once InvalidArgumentError for a count that is no whole
 * number from 1.
 */
export function candidateSearch(options: { readonly count?: number | undefined } = {}): AcquisitionOptimizer {
  const { count = 10 } = options;
  wholeFromOne('count', count);
  return {
    async maximize(score, { columns, repair, draw, region, rng }) {
      const points = new Map<string, Float64Array>();
      for (let attempt = 0; attempt < 10 * count && points.size < count; attempt++) {
        const drawn = draw?.(rng) ?? Float64Array.from(columns, (_, j) => within(rng.next(), region, j));
        const point = repair ? repair(drawn) : drawn;
        if (point) points.set(point.join(), point);
      }
      if (points.size === 0) throw new FitError('no point of the space may be evaluated');
      const drawn = [...points.values()];
      const { value } = await score(matrixOf(drawn), { gradient: false });
      const rank = (i: number) => (Number.isNaN(value[i]) ? -Infinity : value[i]!);
      return drawn[[...drawn.keys()].reduce((best, i) => (rank(i) > rank(best) ? i : best), 0)]!;
    },
  };
}

function within(u: number, region: AcquisitionProblem['region'], j: number): number {
  return region ? region.lower[j]! + u * (region.upper[j]! - region.lower[j]!) : u;
}
