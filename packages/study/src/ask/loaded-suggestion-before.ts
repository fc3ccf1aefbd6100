import type { AskOptions, Params } from '@foothold/core';
import type { LiveState } from '../state/study-state.ts';
import { isGiven } from './suggested.ts';
import { type SuggestionRequest, suggestion } from './suggestion.ts';
import type { SuggestionBefore } from './suggestion-before.ts';

/** A `SuggestionBefore` for asks, and what loads the code that begins one. */
export interface LoadedSuggestionBefore<P extends Params> extends Pick<SuggestionBefore<P>, 'take' | 'drop'> {
  /** Whether one is begun for an ask with these options in this state. */
  isFor(state: LiveState<P>, options: AskOptions<P>): boolean;
  loaded(): Promise<SuggestionBefore<P>>;
}

/** Nothing is begun yet, and the code is not loaded. */
export function loadedSuggestionBefore<P extends Params>(
  request: Omit<SuggestionRequest<P>, 'seed' | 'claim' | 'fixed' | 'signal'>,
): LoadedSuggestionBefore<P> {
  let own: SuggestionBefore<P> | undefined;
  return {
    isFor: (state, { fixed }) => !isGiven(fixed) && own?.isFor(state) === true,
    take: (state, options) => own?.take(state, options),
    drop: () => own?.drop(),
    async loaded() {
      const { suggestionBefore } = await import('./suggestion-before.ts');
      own ??= suggestionBefore<P>(request, suggestion);
      return own;
    },
  };
}
