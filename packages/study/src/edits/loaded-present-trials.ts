import type { Params, SearchSpace } from '@foothold/core';
import type { PresentTrials } from './present-trials.ts';
import { type EditableState, isSpaceEdited } from './study-edits.ts';

/** `presentTrials`, whose code is loaded for studies whose space was edited. */
export async function loadedPresentTrials<P extends Params>(
  state: EditableState,
  space: SearchSpace<P>,
): Promise<PresentTrials<P> | undefined> {
  if (!isSpaceEdited(state)) return undefined;
  const { presentTrials } = await import('./present-trials.ts');
  return presentTrials(state, space);
}
