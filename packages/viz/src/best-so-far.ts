import type { Direction, Trial } from '@foothold/core';

/**
 * The best value after each finished trial, in the order given: one number a trial that is complete, failed or
 * pruned, NaN until the first finite value. Running trials are left out.
 */
export function bestSoFar(trials: readonly Trial[], direction: Direction): Float64Array {
  const finished = trials.filter((t) => t.state !== 'running');
  return bestOfValues(
    finished.map((t) => (t.state === 'complete' ? t.value : Number.NaN)),
    direction,
  );
}

/** The best of the values up to each position; what is not finite is passed over, NaN until the first finite one. */
export function bestOfValues(values: ArrayLike<number>, direction: Direction): Float64Array {
  const result = new Float64Array(values.length);
  let best = Number.NaN;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (Number.isFinite(v) && (Number.isNaN(best) || (direction === 'minimize' ? v < best : v > best)))
      best = v;
    result[i] = best;
  }
  return result;
}
