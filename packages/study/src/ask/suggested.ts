import type { Params } from '@foothold/core';
import { canonical } from '../log/canonical.ts';
import type { StateView } from '../state/state-view.ts';
import type { StudyState } from '../state/study-state.ts';
import { pieceRefusal } from '../training/training-pieces.ts';
import { claimOf } from './claims.ts';
import type { Asked } from './suggestion.ts';

/** A suggestion and the events that the sampler saw. */
export interface Suggested {
  readonly asked: Asked;
  readonly prefix: number;
  /** How many edits the study had then; undefined for none. */
  readonly edits: number | undefined;
}

/** A suggestion that was made from what was seen, for the log. */
export function suggested<P extends Params>(
  asked: Asked,
  { claims, length, edits }: Pick<StateView<P>, 'claims' | 'length' | 'edits'>,
  { owner, fixed }: { readonly owner: string; readonly fixed: Partial<P> | undefined },
): Suggested {
  const own = claimOf(claims, owner);
  return {
    asked: { ...withFixed(asked, fixed), ...(own !== undefined && { claim: own }) },
    prefix: length,
    edits: edits?.length,
  };
}

/** A suggestion with what the ask gave, so that a replay can ask for it again. */
function withFixed<P extends Params>(
  asked: Suggested['asked'],
  fixed: Partial<P> | undefined,
): Suggested['asked'] {
  return isGiven(fixed) && isSampled(asked) ? { ...asked, fixed: fixed as Params } : asked;
}

/** True where an ask gives a value. */
export function isGiven<P extends Params>(fixed: Partial<P> | undefined): fixed is Partial<P> {
  return fixed !== undefined && Object.values(fixed).some((value) => value !== undefined);
}

/** True where the sampler chose something: not all of the trial came from the queue. */
export function isSampled({ queued, given }: Pick<Suggested['asked'], 'queued' | 'given'>): boolean {
  return queued !== true || given !== undefined;
}

/**
 * Whether a suggestion may be written after the events that came since: it differs from each trial that came, or, where it is
 * from the queue, waits there still. None is used after an edit, and no piece of training of a configuration that another worker
 * trains since.
 */
export function isUsable<P extends Params>(state: StudyState<P>, { asked, edits }: Suggested): boolean {
  if (state.edits?.length !== edits) return false;
  const fidelity = state.goal?.fidelity;
  if (fidelity && pieceRefusal(state.trials, asked.params, fidelity)) return false;
  const newer = state.trials.slice(state.trials.findLastIndex(({ number }) => number < asked.number) + 1);
  if (newer.length === 0) return true;
  const isAmong = (all: readonly Partial<P>[], params: Params) => {
    const text = canonical(params);
    return all.some((other) => canonical(other) === text);
  };
  if (asked.queued) return isAmong(state.queue, asked.given ?? asked.params);
  return !isAmong(
    newer.map(({ params }) => params),
    asked.params,
  );
}
