import type { Json, ProgramState } from '@foothold/core';

/** Whether this is what a sampler keeps of a proposal: an object. */
export function isState(state: Json | undefined): state is ProgramState {
  return typeof state === 'object' && state !== null && !Array.isArray(state);
}
