import type { Params } from '@foothold/core';
import { claimOf, claimsOfOthers } from '../ask/claims.ts';
import { isUsable, type Suggested } from '../ask/suggested.ts';
import type { Asked } from '../ask/suggestion.ts';
import type { LiveState } from '../state/study-state.ts';
import type { SuggestionAnswer } from './suggestion-backend.ts';

/** Where in the log a batch is made. */
export interface BatchPlace {
  readonly prefix: number;
  /** How many numbers of trials were given. */
  readonly given: number;
  /** Results that the study had. */
  readonly ended: number;
  readonly edits: number | undefined;
  readonly deletions: number;
  readonly claims: number;
}

/** Suggestions that were made of one prefix of the log: proposal i is for the new trial i after it. */
export interface PreparedBatch extends BatchPlace, Omit<SuggestionAnswer, 'suggestions'> {
  readonly suggestions: readonly Asked[];
}

/** Who asks, and the workers whose asks wait for one another. */
interface BatchAsk {
  readonly owner: string;
  readonly owners: ReadonlySet<string>;
}

export function batchPlace<P extends Params>(state: LiveState<P>): BatchPlace {
  return {
    prefix: state.length,
    given: state.count,
    ended: endedIn(state),
    edits: state.edits?.length,
    deletions: state.deletions,
    claims: state.claims.size,
  };
}

/** Results that a study has. */
function endedIn<P extends Params>({ trials, running }: LiveState<P>): number {
  return trials.length - running.size;
}

/** Results that a batch lacks. Trials that were deleted or restored since are other results. */
export function isBehind<P extends Params>(state: LiveState<P>, { ended, deletions }: BatchPlace): boolean {
  return endedIn(state) !== ended || state.deletions !== deletions;
}

/** Which proposal of a batch is for the next new trial: others are for the trials since, and for those that other processes choose. */
function indexAt<P extends Params>(
  { count, claims }: LiveState<P>,
  batch: BatchPlace,
  owners: ReadonlySet<string>,
): number {
  return count - batch.given + claimsOfOthers(claims, owners);
}

/** The suggestion of a batch for the next new trial, where the batch goes as far and an ask may have it. */
export function preparedFor<P extends Params>(
  state: LiveState<P>,
  batch: PreparedBatch,
  { owner, owners }: BatchAsk,
): Suggested | undefined {
  const index = indexAt(state, batch, owners);
  if (index >= batch.suggestions.length || state.deletions !== batch.deletions) return undefined;
  // As many results as others evaluate are missing in any asynchronous run.
  if (endedIn(state) - batch.ended > state.running.size) return undefined;
  const one = suggestedAt(state, batch, { index, owner });
  return isUsable(state, one) ? one : undefined;
}

/** The suggestion of a batch that was made for this ask: the last one where the batch does not go as far. */
export function madeFor<P extends Params>(
  state: LiveState<P>,
  batch: PreparedBatch,
  { owner, owners }: BatchAsk,
): Suggested {
  const index = Math.min(indexAt(state, batch, owners), batch.suggestions.length - 1);
  return suggestedAt(state, batch, { index, owner });
}

function suggestedAt<P extends Params>(
  { claims }: LiveState<P>,
  batch: PreparedBatch,
  { index, owner }: { readonly index: number; readonly owner: string },
): Suggested {
  const { prefix, edits, count, suggestions } = batch;
  const claim = claimOf(claims, owner);
  const isAlone = count === 1 && batch.claims === 0;
  const asked = {
    ...suggestions[index]!,
    ...(!isAlone && { batch: { count, index } }),
    ...(claim !== undefined && { claim }),
  };
  return { asked, prefix, edits };
}
