import type { Json, ProgramState } from '@foothold/core';
import { isState } from './is-state.ts';

/**
 * `replayed` as a sampler within another one knows it: the states that it gave itself, which `stateIn` finds in those of the outer sampler.
 * Undefined where the request is no replay.
 */
export function innerStates(
  replayed: readonly ProgramState[] | undefined,
  stateIn: (outer: ProgramState) => Json | undefined,
): readonly ProgramState[] | undefined {
  return replayed?.flatMap((outer) => {
    const state = stateIn(outer);
    return isState(state) ? [state] : [];
  });
}
