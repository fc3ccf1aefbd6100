import type { ProgramState, Trial } from '@foothold/core';
import { isState } from './is-state.ts';

/**
 * What the models that proposed the trial keep of their sources, `transfer` of their states in `samplerState`: of several objectives one a
 * model, of a model without sources none.
 */
export function transferStates({ samplerState = {} }: Pick<Trial, 'samplerState'>): readonly ProgramState[] {
  const { model, objectives } = samplerState;
  const states = isState(objectives) ? Object.values(objectives) : [model];
  return states.flatMap((state) => {
    const transfer = isState(state) ? state['transfer'] : undefined;
    return isState(transfer) ? [transfer] : [];
  });
}
