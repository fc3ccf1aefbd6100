import type { Params, SearchSpace } from '@foothold/core';
import type { PresentTrials } from './present-trials.ts';
import type { EditableState } from './study-edits.ts';

/** `presentTrials`, whose code is loaded for studies whose space was edited. */
export async function loadedPresentTrials<P extends Params>(
  state: EditableState,
  space: SearchSpace<P>,
): Promise<PresentTrials<P> | undefined> {
  if (!state.edits?.some((edit) => edit.space)) return undefined;
  const { presentTrials } = await import('./present-trials.ts');
  return presentTrials(state, space);
}
