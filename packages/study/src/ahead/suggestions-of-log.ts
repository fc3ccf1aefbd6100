import { type Goal, type Params, StorageError, type StudyEvent } from '@foothold/core';
import { suggestion, suggestionBatch } from '../ask/suggestion.ts';
import { checkedGoal } from '../goal.ts';
import { logFold } from '../state/replay.ts';
import { stateViews } from '../state/state-view.ts';
import type { StudyOptions } from '../study-options.ts';
import type { SuggestionAnswer, SuggestionCall } from './suggestion-backend.ts';

/** The suggestions that a study's log and sampler make, without the study: what a `SuggestionBackend` does elsewhere. */
export interface SuggestionsOfLog {
  /** Takes in the next events of the log. Throws StorageError for a log that no study can have written. */
  apply(events: readonly StudyEvent[]): void;
  /** The suggestion after the events so far. Throws StorageError where these are not `prefix`, and what the sampler throws. */
  suggest(call: SuggestionCall): Promise<SuggestionAnswer>;
}

/** Throws InvalidArgumentError for a goal that is none. */
export function suggestionsOfLog<P extends Params>(
  options: Pick<StudyOptions<P>, 'space' | 'sampler' | 'trials'> & Omit<StudyOptions<P>, 'storage' | 'lease'>,
): SuggestionsOfLog {
  const { space, sampler, trials: plannedTrials } = options;
  const goal = checkedGoal(options as Goal);
  const { state, apply } = logFold<P>();
  const views = stateViews(state);
  return {
    apply(events) {
      views.beforeChange();
      for (const event of events) apply(event);
    },
    async suggest({ prefix, count, claim, fixed }) {
      if (state.length !== prefix || !state.created)
        throw new StorageError(`a suggestion after ${prefix} events, of which ${state.length} are here`);
      const { seed } = state.created;
      const seen = views.view();
      const request = { space, sampler, goal, plannedTrials, seed, claim, fixed: fixed as Partial<P> };
      try {
        const made =
          count === undefined
            ? { suggestions: [await suggestion(seen, request)], count: 1 }
            : await suggestionBatch(seen, request, count);
        return { ...made, isLookedAt: seen.isLookedAt };
      } finally {
        seen.release();
      }
    },
  };
}
