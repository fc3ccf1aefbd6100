import type { AskOptions, Params } from '@foothold/core';
import type { StudyLog } from '../log/study-log.ts';
import type { StateView } from '../state/state-view.ts';
import type { LiveState } from '../state/study-state.ts';
import type { Asked, Dequeued, SuggestionRequest, suggestion } from './suggestion.ts';

/** What the sampler sees, and its choice, which may still be made. */
interface Begun<P extends Params> {
  readonly seen: StateView<P>;
  readonly next: Promise<Asked | Dequeued>;
}

/**
 * The suggestion of the next ask, begun before it: the one that the ask would get, of the same events. It ends with the next event, after
 * which it is for no ask any more.
 */
export interface SuggestionBefore<P extends Params> {
  /**
   * Begins it, unless it is begun already or of no use: without any trial, where no model is made; while a trial runs, whose outcome it would lack; while something waits in the
   * queue; beside claims of others; and when all planned trials were given.
   */
  begin(state: LiveState<P>, log: Pick<StudyLog<P>, 'view' | 'watch'>, signal?: AbortSignal): void;
  /** Whether there is one for an ask without fixed values in this state. */
  isFor(state: LiveState<P>): boolean;
  /** Gives it to an ask, whose signal alone ends it from now on. Undefined where there is none: its own signal may have ended it since `isFor`. */
  take(state: LiveState<P>, options: AskOptions<P>): Begun<P> | undefined;
  /** Ends and forgets what was begun. */
  drop(): void;
}

/** Nothing is begun yet. `suggest` is `suggestion`, given so that this code can be loaded without it. */
export function suggestionBefore<P extends Params>(
  request: Omit<SuggestionRequest<P>, 'seed' | 'claim' | 'fixed' | 'signal'>,
  suggest: typeof suggestion<P>,
): SuggestionBefore<P> {
  let begun: (Begun<P> & { end(reason?: unknown): void; unwatch(): void }) | undefined;
  /** It is what waits for an ask no more. */
  const taken = () => {
    const own = begun;
    begun = undefined;
    own?.unwatch();
    return own;
  };
  const drop = () => {
    const own = taken();
    own?.end();
    own?.seen.release();
  };
  const isFor = (state: LiveState<P>) => begun?.seen.length === state.length;
  return {
    drop,
    isFor,
    begin(state, log, signal) {
      if (begun || signal?.aborted || !isOfUse(state, request.plannedTrials)) return;
      const ending = new AbortController();
      const seen = log.view();
      const next = suggest(seen, { ...request, seed: state.created!.seed, signal: ending.signal });
      next.catch(() => undefined); // the ask throws it
      const unwatch = log.watch(drop);
      const own = { seen, next, unwatch, end: (reason?: unknown) => ending.abort(reason) };
      begun = own;
      if (signal)
        untilMade(next, signal, () => {
          if (begun === own) drop();
        });
    },
    take(state, options) {
      const own = isFor(state) ? taken() : undefined;
      if (!own) return undefined;
      const { seen, next, end } = own;
      const { signal } = options;
      if (signal?.aborted) end(signal.reason);
      else if (signal) untilMade(next, signal, () => end(signal.reason));
      return { seen, next };
    },
  };
}

/** Calls `onAbort` where the signal aborts before the suggestion is made. */
function untilMade(next: Promise<unknown>, signal: AbortSignal, onAbort: () => void): void {
  signal.addEventListener('abort', onAbort, { once: true });
  void next.catch(() => undefined).then(() => signal.removeEventListener('abort', onAbort));
}

function isOfUse<P extends Params>(
  { created, running, queue, claims, trials, loaded }: LiveState<P>,
  plannedTrials = Infinity,
): boolean {
  if (!created || trials.length === 0) return false;
  if (running.size > 0 || queue.length > 0 || claims.size > 0) return false;
  return trials.length - loaded < plannedTrials;
}
