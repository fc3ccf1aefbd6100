import {
  type Dataset,
  OptimizationError,
  type Params,
  type Posterior,
  type SampleRequest,
  type Surrogate,
  type Trial,
  type Why,
} from '@foothold/core';

/**
 * Fits that begin where the last one ended: its record is read from the trials' `why.model`, so that a resumed study does
 * the same. A posterior that is still at hand only saves its rebuilding.
 */
export function warmStartedFit(
  surrogate: Surrogate,
): <P extends Params>(request: SampleRequest<P>, data: Dataset) => Promise<Posterior> {
  let last: { readonly text: string; readonly posterior: Posterior } | undefined;
  return async (request, data) => {
    const record = latestModelState(request.trials);
    const text = record && JSON.stringify(record);
    const previous = record && (last?.text === text ? last?.posterior : restoredState(record));
    const posterior = await surrogate.fit(data, {
      rng: request.rng.fork('fit'),
      previous,
      signal: request.signal,
    });
    if (posterior.why) last = { text: JSON.stringify(posterior.why), posterior };
    return posterior;
  };
}

/** What the last model-based trial recorded of its model. */
function latestModelState(trials: readonly Trial[]): Why | undefined {
  for (let i = trials.length - 1; i >= 0; i--) {
    const model = trials[i]!.why?.model;
    if (typeof model === 'object' && model !== null && !Array.isArray(model)) return model as Why;
  }
  return undefined;
}

/** A posterior that is no more than its record: a surrogate reads `why` of `previous`, and asks nothing else of it. */
function restoredState(why: Why): Posterior {
  return {
    why,
    marginals: () => {
      throw new OptimizationError('a restoredState posterior has only its record');
    },
  };
}
