import type { Awaitable, Params, Trial } from '@foothold/core';

/** Says when further trials are not worth it, from the trials so far. */
export interface StopRule<P extends Params = Params> {
  done(trials: readonly Trial<P>[]): Awaitable<boolean>;
}
