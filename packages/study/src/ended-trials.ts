import type { Params, Trial } from '@foothold/core';
import type { LiveState } from './replay.ts';

/**
 * The trials that have ended, in the order in which they did, from an index on. All are looked at the first time only, by their times:
 * those that were loaded, or have none, are the first of these by number.
 */
export function endedTrials<P extends Params>(): (state: LiveState<P>, from: number) => readonly Trial<P>[] {
  let known: Trial<P>[] | undefined;
  return (state, from) => {
    if (!known) {
      const list = state.trials
        .filter(({ state: of }) => of !== 'running')
        .sort((a, b) => (a.finishedAt ?? -Infinity) - (b.finishedAt ?? -Infinity) || a.number - b.number);
      state.watch({
        reported: () => undefined,
        ended: ({ number }) => {
          list.push(state.trials[number]!);
        },
        restarted: () => undefined,
      });
      known = list;
    }
    return known.slice(from);
  };
}
