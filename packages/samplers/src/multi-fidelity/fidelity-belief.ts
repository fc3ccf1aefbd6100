import type { Acquisition, Dataset, Params, Posterior, SampleRequest } from '@foothold/core';
import { conditionedOnMean } from '../bayesian/condition-on-pending.ts';
import type { FidelityColumn } from './fidelity-column.ts';
import { fidelityData } from './fidelity-data.ts';

export interface FidelityBelief {
  /** As it was fitted. */
  readonly fitted: Posterior;
  /** In the units of the values, conditioned on running trials unless the acquisition handles them. */
  readonly whole: Posterior;
  /** The same where it is Gaussian, with its data. */
  readonly posterior: Posterior;
  readonly data: Dataset;
  /** Points of the running trials. */
  readonly pending: readonly Float64Array[];
}

/** The model of all fidelities, conditioned on its mean at the running trials; undefined without a finished one. */
export async function beliefOf<P extends Params>(
  request: SampleRequest<P>,
  column: FidelityColumn,
  {
    fit,
    acquisition,
  }: {
    readonly fit: (data: Dataset) => Promise<Posterior>;
    readonly acquisition: Acquisition;
  },
): Promise<FidelityBelief | undefined> {
  const data = fidelityData(request, column);
  if (data.y.length === 0) return undefined;
  const fitted = await fit(data);
  const belief = { fitted, whole: fitted, posterior: fitted, data, pending: [], ...fitted.latent };
  const running = request.trials.filter(({ state }) => state === 'running');
  const points = running.map(({ params }) => request.space.encode(params));
  return conditionedBelief(belief, points, acquisition);
}

/** The belief with these points as evaluated at their means, unless the acquisition handles pending points itself. */
export async function conditionedBelief(
  belief: FidelityBelief,
  points: readonly Float64Array[],
  acquisition: Acquisition,
): Promise<FidelityBelief> {
  const pending = [...belief.pending, ...points];
  const next = acquisition.handlesPending ? undefined : await conditionedOnMean(belief.whole, points);
  if (!next) return { ...belief, pending };
  const { posterior: whole } = next;
  return { ...belief, pending, whole, posterior: whole, ...whole.latent };
}
