import type { Params, SampleRequest } from '@foothold/core';
import { type Axis, combinations } from './combinations.ts';
import { pointSet } from './point-set.ts';

/** The combinations of finitely many values in order, each looked at once in a request. */
export function openCombinations<P extends Params>(
  { space }: SampleRequest<P>,
  axes: readonly (Axis | undefined)[],
) {
  const product = axes.reduce((size, axis) => size * (axis?.count ?? Infinity), 1);
  const isFiniteSpace = axes.every((axis) => axis !== undefined);
  const size = Math.min(product, space.size ?? Infinity);
  const walk = isFiniteSpace ? combinations(space, axes as readonly Axis[]) : undefined;
  // A projection brings many combinations to one point.
  const mayRepeat =
    space.project !== undefined || (!space.parentsFirst && (space.features?.includes('conditional') ?? true));
  // Where no order of conditions is known, several combinations may stand for one point.
  const seen = mayRepeat ? pointSet(space.columns) : undefined;
  let allowed = 0;
  /** Returned last. It is looked at again, since a caller may have left it open. */
  let latest: Float64Array | undefined;
  let isWalked = false;
  return {
    /** True where no continuous column is left to choose. */
    isFinite: isFiniteSpace,
    /** Number of points, constraints not counted; Infinity where there is no end. */
    size,
    /** Combinations that a whole walk looks at. */
    length: space.parentsFirst ? size : product,
    /** Allowed points that the walk has met and that were taken. */
    get allowed() {
      return allowed;
    },
    /** True when every combination has been looked at. */
    get isWalked() {
      return isWalked;
    },
    /** The first open point among the next `limit` combinations. */
    first(
      limit: number,
      look: (point: Float64Array) => { readonly allowed: Float64Array | undefined; readonly isOpen: boolean },
    ): Float64Array | undefined {
      const again = latest && look(latest);
      if (again?.isOpen) return again.allowed;
      for (let count = 0; walk && count < limit; count++) {
        const { value, done } = walk.next();
        if (done) {
          isWalked = true;
          return undefined;
        }
        const found = look(value);
        if (found.allowed && (seen?.add(found.allowed) ?? true)) allowed++;
        latest = found.isOpen ? value : undefined;
        if (found.isOpen) return found.allowed;
      }
      return undefined;
    },
  };
}
