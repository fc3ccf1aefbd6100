import type { Dataset, Params, Posterior, SampleRequest } from '@foothold/core';
import { conditionedOnMean } from '../bayesian/condition-on-pending.ts';
import type { FidelityColumn } from './fidelity-column.ts';
import { fidelityData } from './fidelity-data.ts';

export interface FidelityBelief {
  /** As it was fitted. */
  readonly fitted: Posterior;
  /** In the units of the values, conditioned on running trials. */
  readonly whole: Posterior;
  /** The same where it is Gaussian, with its data. */
  readonly posterior: Posterior;
  readonly data: Dataset;
}

/** The model of all fidelities, conditioned on its mean at the running trials; undefined without a finished one. */
export async function beliefOf<P extends Params>(
  request: SampleRequest<P>,
  column: FidelityColumn,
  fit: (data: Dataset) => Promise<Posterior>,
): Promise<FidelityBelief | undefined> {
  const data = fidelityData(request, column);
  if (data.y.length === 0) return undefined;
  const fitted = await fit(data);
  const belief = { fitted, whole: fitted, posterior: fitted, data, ...fitted.latent };
  const running = request.trials.filter(({ state }) => state === 'running');
  return conditionedBelief(
    belief,
    running.map(({ params }) => request.space.encode(params)),
  );
}

/** The belief with these points as evaluated at their means. */
export async function conditionedBelief(
  belief: FidelityBelief,
  points: readonly Float64Array[],
): Promise<FidelityBelief> {
  const next = await conditionedOnMean(belief.whole, points);
  if (!next) return belief;
  const { posterior: whole } = next;
  return { ...belief, whole, posterior: whole, ...whole.latent };
}
