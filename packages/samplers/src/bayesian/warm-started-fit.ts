import type {
  Dataset,
  Params,
  Posterior,
  ProgramState,
  SampleRequest,
  Surrogate,
  Trial,
} from '@foothold/core';
import { isState } from '../is-state.ts';

/**
 * Fits that go on from the last one: `samplerState.model` of the latest trial that has one is the `previousState` of the next
 * fit, so that a resumed study does the same. A posterior that is still in memory only saves its rebuilding. The model of one of several
 * objectives has `samplerState.objectives[objective]` in its place.
 */
export function warmStartedFit(
  surrogate: Surrogate,
  objective?: string,
): <P extends Params>(request: SampleRequest<P>, data: Dataset) => Promise<Posterior> {
  let last: { readonly text: string; readonly posterior: Posterior } | undefined;
  return async (request, data) => {
    const previousState = lastModelState(request.trials, objective);
    const isLast = previousState !== undefined && last?.text === JSON.stringify(previousState);
    const posterior = await surrogate.fit(data, {
      rng: request.rng.fork(objective === undefined ? 'fit' : `fit ${objective}`),
      previous: isLast ? last?.posterior : undefined,
      previousState,
      signal: request.signal,
    });
    if (posterior.state) last = { text: JSON.stringify(posterior.state), posterior };
    return posterior;
  };
}

/** `samplerState` of a proposal that this model made. */
export function modelSamplerState({ state }: Pick<Posterior, 'state'>): ProgramState {
  return state ? { model: state } : {};
}

/** State of the latest model that proposed one of the trials, of this objective where one is named; undefined before the first. */
export function lastModelState(trials: readonly Trial[], objective?: string): ProgramState | undefined {
  for (let i = trials.length - 1; i >= 0; i--) {
    const { model, objectives } = trials[i]!.samplerState ?? {};
    const state = objective === undefined ? model : isState(objectives) ? objectives[objective] : undefined;
    if (isState(state)) return state;
  }
  return undefined;
}
