/** Whether linear rows have a solution for the values that are held: found out once, not at each point. */
import { seeded } from '@foothold/core';
import type { Domain } from './domain.ts';
import type { LinearSystem } from './linear-rows.ts';
import { type LinearStart, linearSolution } from './linear-solution.ts';
import type { ParameterValue } from './parameter.ts';

/** Starts of the search: the middle of all ranges, then random ones. */
const starts = 4;
/** Answers that are kept; a space with more combinations of held values begins again. */
const maxKept = 1000;

/**
 * A solution for the columns of `start` that may move, or in words why none was found. It depends on the held values only,
 * never on where the others are: what one search found out holds for every point with these held values.
 */
export function knownSolutions(
  domains: readonly Domain[],
  system: LinearSystem,
): (start: LinearStart) => readonly ParameterValue[] | string {
  const kept = new Map<string, readonly ParameterValue[] | string>();
  return (start) => {
    const key = `${start.movable}|${start.slabs.map(({ lower, upper }) => `${lower},${upper}`)}`;
    const before = kept.get(key);
    if (before !== undefined) return before;
    const found = firstSolution(domains, system, start);
    if (kept.size >= maxKept) kept.clear();
    kept.set(key, found);
    return found;
  };
}

function firstSolution(
  domains: readonly Domain[],
  system: LinearSystem,
  start: LinearStart,
): readonly ParameterValue[] | string {
  const rng = seeded('linear solution');
  let refusal = '';
  for (let k = 0; k < starts; k++) {
    const values = [...start.values];
    for (const j of start.movable) values[j] = domains[j]!.valueAt(k === 0 ? 0.5 : rng.next());
    const found = linearSolution(domains, system, { ...start, values });
    if (typeof found !== 'string') return found;
    refusal = found;
  }
  return refusal;
}
