import type { Params } from '@foothold/core';

/** A question to the adviser, by the number of trials that it saw and its name, and what it proposed. */
export type Answer<P extends Params = Params> = {
  readonly question: string;
  readonly proposed: readonly P[];
};
