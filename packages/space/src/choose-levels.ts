/** Values with steps that keep linear constraints, near given ones: a depth-first search bounded by what the rest can add. */
import { largestOf, smallestOf } from '@foothold/core';
import type { Slab } from './project-numbers.ts';
import type { Quantity } from './quantity.ts';

/** Values tried before the search gives up. */
const maxTried = 20_000;
/** Rounding of a sum, relative to its scale. */
const roundOff = 1e-11;

export interface Choice {
  readonly quantity: Quantity;
  /** The value that the chosen one should be near to. */
  readonly wanted: number;
  /** Weight in each slab. */
  readonly weights: readonly number[];
}

/** Smallest and largest sum of each slab that the quantities beside the choices can add. */
export interface Rest {
  readonly least: readonly number[];
  readonly most: readonly number[];
}

/**
 * One value for each choice, such that every slab can still be kept by the rest, the nearer to what is wanted the earlier
 * tried; undefined where none was found among 20,000.
 */
export function chooseLevels(
  choices: readonly Choice[],
  slabs: readonly Slab[],
  rest: Rest,
): readonly number[] | undefined {
  // Coarse quantities first: fine ones take up what these leave.
  const order = choices
    .map((_, i) => i)
    .sort((a, b) => coarseness(choices[b]!) - coarseness(choices[a]!) || a - b);
  const least = [[...rest.least]];
  const most = [[...rest.most]];
  for (const i of [...order].reverse()) {
    const { quantity, weights } = choices[i]!;
    const ends = weights.map((w) => [w * quantity.low, w * quantity.high]);
    least.unshift(ends.map((pair, r) => smallestOf(pair) + least[0]![r]!));
    most.unshift(ends.map((pair, r) => largestOf(pair) + most[0]![r]!));
  }
  const chosen = new Array<number>(choices.length).fill(Number.NaN);
  const sums = slabs.map(() => 0);
  let tried = 0;
  const search = (k: number): boolean => {
    const i = order[k];
    if (i === undefined) return true;
    const { quantity, weights, wanted } = choices[i]!;
    let [low, high] = [-Infinity, Infinity];
    slabs.forEach(({ lower, upper, scale }, r) => {
      const w = weights[r]!;
      const slack = roundOff * scale;
      const from = lower - slack - sums[r]! - most[k + 1]![r]!;
      const to = upper + slack - sums[r]! - least[k + 1]![r]!;
      if (w === 0) {
        if (from > 0 || to < 0) high = -Infinity;
        return;
      }
      low = Math.max(low, Math.min(from / w, to / w));
      high = Math.min(high, Math.max(from / w, to / w));
    });
    for (const value of nearest(quantity, wanted, { low, high })) {
      if (++tried > maxTried) return false;
      chosen[i] = value;
      for (let r = 0; r < sums.length; r++) sums[r]! += weights[r]! * value;
      if (search(k + 1)) return true;
      for (let r = 0; r < sums.length; r++) sums[r]! -= weights[r]! * value;
    }
    return false;
  };
  return search(0) ? chosen : undefined;
}

function coarseness({ quantity, weights }: Choice): number {
  const step = quantity.step ?? (quantity.high - quantity.low) / Math.max(quantity.count - 1, 1);
  return step * largestOf(weights.map(Math.abs));
}

/** The quantity's values within the bounds, nearest to what is wanted first. */
function* nearest(
  { count, step, ranked, low: first }: Quantity,
  wanted: number,
  { low, high }: { readonly low: number; readonly high: number },
): Generator<number> {
  if (!(low <= high)) return;
  if (step === undefined) {
    const values = Array.from({ length: count }, (_, rank) => ranked(rank));
    const inside = values.filter((value) => value >= low && value <= high);
    yield* inside.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
    return;
  }
  const lowest = Math.max(0, Math.ceil((low - first) / step));
  const highest = Math.min(count - 1, Math.floor((high - first) / step));
  let down = Math.min(Math.max(Math.round((wanted - first) / step), lowest), highest);
  let up = down + 1;
  while (down >= lowest || up <= highest) {
    const takesDown =
      up > highest || (down >= lowest && Math.abs(ranked(down) - wanted) <= Math.abs(ranked(up) - wanted));
    yield ranked(takesDown ? down-- : up++);
  }
}
