import type { Params, Trial } from '@foothold/core';

/** Proposals as running trials, with the numbers after those of the trials. */
export function runningAfter<P extends Params>(
  trials: readonly Trial<P>[],
  made: readonly P[],
): readonly Trial<P>[] {
  const first = 1 + trials.reduce((top, { number }) => Math.max(top, number), -1);
  return made.map((params, i) => ({ number: first + i, params, reports: [], state: 'running' }));
}
