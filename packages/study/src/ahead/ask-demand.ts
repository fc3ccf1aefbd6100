import type { Params } from '@foothold/core';
import type { LiveState } from '../state/study-state.ts';

/** How many asks there are: what decides how many suggestions are prepared. */
export interface AskDemand {
  /** An ask waits for a trial, until what is returned is called; that answers whether it was the first call. */
  enter(running: number): () => boolean;
  /** A batch is begun. */
  begin(running: number): void;
  /** The batch is there. */
  end(): void;
  /** So many trials run. */
  see(running: number): void;
  /** Whether trials were asked for since and fewer suggestions are left than asks came while the batch was made. */
  isLow(used: number, left: number): boolean;
  /** Suggestions to make ahead: as many as are asked for while this batch and the next one are made. None of one worker's running trial. */
  ahead<P extends Params>(state: LiveState<P>): number;
  /** Suggestions to make for asks that wait, with those that come meanwhile. */
  now<P extends Params>(state: LiveState<P>): number;
}

export function askDemand(): AskDemand {
  /** Asks that have no trial yet. */
  let waiting = 0;
  /** Asks that came since the last batch was begun. */
  let arrived = 0;
  /** Asks that came while the last batch was made. */
  let before = 0;
  /** Most trials that ran or were waited for at once, since the last batch was begun. */
  let width = 0;
  const see = (running: number) => {
    width = Math.max(width, running + waiting);
  };
  /**
   * How many of a batch can still be of use: of w workers those without a trial get one at once, and then w − 1 others end and ask
   * before it lacks more results than trials run.
   */
  const usable = <P extends Params>({ running }: LiveState<P>) => 2 * width - 1 - running.size;
  return {
    enter(running) {
      waiting++;
      arrived++;
      see(running);
      let isWaiting = true;
      return () => {
        if (!isWaiting) return false;
        isWaiting = false;
        waiting--;
        return true;
      };
    },
    begin(running) {
      arrived = 0;
      width = running + waiting;
    },
    end: () => {
      before = arrived;
    },
    see,
    isLow: (used, left) => used > 0 && left <= before,
    ahead: (state) => Math.min(usable(state), Math.max(1, waiting + 2 * before)),
    now: (state) => Math.max(1, Math.min(usable(state), waiting + before)),
  };
}
