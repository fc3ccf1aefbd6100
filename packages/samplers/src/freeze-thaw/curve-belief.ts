import type { Dataset, Params, Posterior, SampleRequest } from '@foothold/core';
import { conditionedOnMean } from '../bayesian/condition-on-pending.ts';
import { fidelityData } from '../multi-fidelity/fidelity-data.ts';
import { curveTrials } from './curve-trials.ts';
import type { TrainingState } from './training-state.ts';

export interface CurveBelief {
  /** As it was fitted, in the units of the values. */
  readonly fitted: Posterior;
  /** Conditioned on the running trials, in the scale in which it is Gaussian. */
  readonly posterior: Posterior;
}

/** The model of all curves, conditioned on its mean at the running trials; undefined without a value. */
export async function curveBelief<P extends Params>(
  request: SampleRequest<P>,
  { column, name, steps }: TrainingState,
  fit: (data: Dataset) => Promise<Posterior>,
): Promise<CurveBelief | undefined> {
  const { space, direction } = request;
  const trials = curveTrials(request, column, { name, steps });
  if (trials.length === 0) return undefined;
  const fitted = await fit(fidelityData({ space, trials, direction }, column));
  const running = request.trials.filter(({ state }) => state === 'running');
  const pending = running.map(({ params }) => space.encode(params));
  const whole = (await conditionedOnMean(fitted, pending))?.posterior ?? fitted;
  return { fitted, posterior: whole.latent?.posterior ?? whole };
}
