import {
  type Dataset,
  OptimizationError,
  type Params,
  type Posterior,
  type ProgramState,
  type SampleRequest,
  type Surrogate,
  type Trial,
} from '@foothold/core';

/**
 * Fits that go on from the last one: its state is read from `samplerState.model` of the trials, so that a resumed study does
 * the same. A posterior that is still at hand only saves its rebuilding.
 */
export function warmStartedFit(
  surrogate: Surrogate,
): <P extends Params>(request: SampleRequest<P>, data: Dataset) => Promise<Posterior> {
  let last: { readonly text: string; readonly posterior: Posterior } | undefined;
  return async (request, data) => {
    const state = lastModelState(request.trials);
    const text = state && JSON.stringify(state);
    const previous = state && (last?.text === text ? last?.posterior : restoredPosterior(state));
    const posterior = await surrogate.fit(data, {
      rng: request.rng.fork('fit'),
      previous,
      previousState: state,
      signal: request.signal,
    });
    const found = stateOfFit(posterior);
    if (found) last = { text: JSON.stringify(found), posterior };
    return posterior;
  };
}

/** What the next fit needs of this one; the record for people stands in where a surrogate has no state. */
export function stateOfFit(posterior: Posterior): ProgramState | undefined {
  return posterior.state ?? posterior.why;
}

/** `samplerState` of a proposal that a model made: its state, and the weight of earlier tasks in it. */
export function modelSamplerState(posterior: Posterior): ProgramState {
  const model = stateOfFit(posterior);
  const transfer = posterior.why?.transfer;
  const weight = typeof transfer === 'object' && transfer !== null && 'gate' in transfer && transfer.gate;
  return {
    ...(model && { model }),
    ...(typeof weight === 'number' && { transferWeight: weight }),
  };
}

/** State of the last model that proposed one of the trials. */
function lastModelState(trials: readonly Trial[]): ProgramState | undefined {
  for (let i = trials.length - 1; i >= 0; i--) {
    const model = trials[i]!.samplerState?.model;
    if (typeof model === 'object' && model !== null && !Array.isArray(model)) return model as ProgramState;
  }
  return undefined;
}

/** A posterior that is no more than its state: a surrogate reads that of `previous`, and asks nothing else of it. */
function restoredPosterior(state: ProgramState): Posterior {
  return {
    state,
    why: state,
    marginals: () => {
      throw new OptimizationError('a restored posterior has only its state');
    },
  };
}
