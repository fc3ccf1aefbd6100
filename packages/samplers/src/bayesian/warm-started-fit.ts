import type {
  Dataset,
  Json,
  Params,
  Posterior,
  ProgramState,
  SampleRequest,
  Surrogate,
  Trial,
} from '@foothold/core';

/**
 * Fits that start from the last one: `samplerState.model` of the latest trial that has one is the `previousState` of the next
 * fit, so that a resumed study does the same. A posterior that is still in memory only saves its rebuilding.
 */
export function fitting(
  surrogate: Surrogate,
): <P extends Params>(request: SampleRequest<P>, data: Dataset) => Promise<Posterior> {
  let last: { readonly text: string; readonly posterior: Posterior } | undefined;
  return async (request, data) => {
    const previousState = latestModelState(request.trials);
    const isLast = previousState !== undefined && last?.text === JSON.stringify(previousState);
    const posterior = await surrogate.fit(data, {
      rng: request.rng.fork('fit'),
      previous: isLast ? last?.posterior : undefined,
      previousState,
      signal: request.signal,
    });
    if (posterior.state) last = { text: JSON.stringify(posterior.state), posterior };
    return posterior;
  };
}

/** State of the model that proposed the latest model-based trial; undefined before the first. */
function latestModelState(trials: readonly Trial[]): ProgramState | undefined {
  for (let i = trials.length - 1; i >= 0; i--) {
    const model: Json | undefined = trials[i]!.samplerState?.model;
    if (typeof model === 'object' && model !== null && !Array.isArray(model)) return model as ProgramState;
  }
  return undefined;
}
