import type { Params } from '@foothold/core';
import type { Asked, Dequeued } from '../ask/suggestion.ts';

/** Makes suggestions of a study from its log elsewhere than where its asks are answered, such as in a thread of its own. */
export interface SuggestionBackend {
  /**
   * What the sampler suggests after the first `prefix` events of the log, which no later call has less of. Undefined where it cannot be
   * made there: the study then calls its own sampler. Throws what the sampler throws.
   */
  suggest(call: SuggestionCall): Promise<SuggestionAnswer | undefined>;
}

export interface SuggestionCall {
  readonly prefix: number;
  /** How many suggestions of one batch, where nothing waits in the queue. Absent: the next one, of the queue first. */
  readonly count?: number | undefined;
  /** Position of the claim of the worker that asks, where it has one. */
  readonly claim?: number | undefined;
  readonly fixed?: Params | undefined;
}

export interface SuggestionAnswer {
  readonly suggestions: readonly (Asked | Dequeued)[];
  /** How many proposals the sampler was asked for: one where there were not as many points left. */
  readonly count: number;
  /** Whether the sampler looked at the trials. */
  readonly isLookedAt: boolean;
}
