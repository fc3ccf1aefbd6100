import type { DeletedTrial, Params, Trial } from '@foothold/core';
import type { LiveState } from './study-state.ts';

/**
 * The trials that have ended, in the order in which they did, from an index on, each as it is now. The same index means the same in every
 * process that reads the log.
 */
export function endedTrials<P extends Params>(
  state: LiveState<P>,
  from: number,
): readonly (Trial<P> | DeletedTrial<P>)[] {
  return state.endings.slice(from).map((number) => state.trial(number) ?? state.deleted.get(number)!);
}
