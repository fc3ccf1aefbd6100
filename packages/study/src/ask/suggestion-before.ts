import type { AskOptions, Params } from '@foothold/core';
import type { StateView } from '../state/state-view.ts';
import type { LiveState } from '../state/study-state.ts';
import { isGiven } from './suggested.ts';
import { type Asked, type Dequeued, type SuggestionRequest, suggestion } from './suggestion.ts';

/** What the sampler sees, and its choice, which may still be made. */
interface Begun<P extends Params> {
  readonly seen: StateView<P>;
  readonly next: Promise<Asked | Dequeued>;
}

/**
 * The suggestion of the next ask, begun before it: the one that the ask would get, of the same events. Where an event has come since, it
 * is for no ask any more.
 */
export interface SuggestionBefore<P extends Params> {
  /**
   * Begins it, unless it is begun already or of no use: without any trial, where no model is made; while a trial runs, whose outcome it would lack; while something waits in the
   * queue; beside claims of others; and when all planned trials were given. What another state had begun ends.
   */
  begin(state: LiveState<P>, view: () => StateView<P>, signal?: AbortSignal): void;
  /** Whether there is one for an ask with these options in this state. */
  isFor(state: LiveState<P>, options: AskOptions<P>): boolean;
  /** Gives it to an ask, whose signal ends it from now on. Only where there is one. */
  take(options: AskOptions<P>): Begun<P>;
  /** Ends and forgets what was begun. */
  drop(): void;
}

/** Nothing is begun yet. */
export function suggestionBefore<P extends Params>(
  request: Omit<SuggestionRequest<P>, 'seed' | 'claim' | 'fixed' | 'signal'>,
): SuggestionBefore<P> {
  let begun: (Begun<P> & { end(reason?: unknown): void }) | undefined;
  const drop = () => {
    begun?.end();
    begun?.seen.release();
    begun = undefined;
  };
  return {
    drop,
    begin(state, view, signal) {
      if (begun?.seen.length === state.length || signal?.aborted) return;
      drop();
      if (!isOfUse(state, request.plannedTrials)) return;
      const ending = new AbortController();
      const seen = view();
      const next = suggestion(seen, { ...request, seed: state.created!.seed, signal: ending.signal });
      next.catch(() => undefined); // the ask throws it
      const own = { seen, next, end: (reason?: unknown) => ending.abort(reason) };
      begun = own;
      const end = () => {
        if (begun === own) drop();
      };
      signal?.addEventListener('abort', end, { once: true });
      void next.catch(() => undefined).then(() => signal?.removeEventListener('abort', end));
    },
    isFor: (state, { fixed }) => begun?.seen.length === state.length && !isGiven(fixed),
    take({ signal }) {
      const { seen, next, end } = begun!;
      begun = undefined;
      if (signal) {
        const abort = () => end(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        void next.catch(() => undefined).then(() => signal.removeEventListener('abort', abort));
      }
      return { seen, next };
    },
  };
}

function isOfUse<P extends Params>(
  { created, running, queue, claims, trials, loaded }: LiveState<P>,
  plannedTrials = Infinity,
): boolean {
  if (!created || trials.length === 0) return false;
  if (running.size > 0 || queue.length > 0 || claims.size > 0) return false;
  return trials.length - loaded < plannedTrials;
}
