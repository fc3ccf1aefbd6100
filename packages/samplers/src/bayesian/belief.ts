/** What is believed of the value and of the other metrics of a goal. */
import {
  type Acquisition,
  concatRows,
  type Dataset,
  matrix,
  type Params,
  type Posterior,
  type SampleRequest,
  type Surrogate,
  violationOf,
} from '@foothold/core';
import { conditionedOnMean } from './condition-on-pending.ts';
import { rowsWhere } from './dataset-rows.ts';
import type { Term } from './goal-terms.ts';

/** A term with its fitted model. */
export interface FittedTerm extends Term {
  readonly posterior: Posterior;
}

export interface Belief {
  /** As it was fitted, in the units of the data. */
  readonly fitted: Posterior;
  /** Where the belief is Gaussian, conditioned on pending points: what an acquisition sees. */
  readonly posterior: Posterior;
  /** The rows to improve on, in the posterior's scale: with outcome constraints those that keep them. */
  readonly data: Dataset;
  readonly terms: readonly FittedTerm[];
}

/** The models of a request, fitted. */
export async function goalBelief<P extends Params>(
  request: SampleRequest<P>,
  {
    data,
    fit,
    metrics,
  }: {
    readonly data: Dataset;
    readonly fit: (request: SampleRequest<P>, data: Dataset) => Promise<Posterior>;
    readonly metrics: Surrogate;
  },
): Promise<Belief> {
  const fitted = await fit(request, data);
  const terms = await fittedTerms(request, metrics);
  const whole: Belief = { posterior: fitted, data, ...fitted.latent, fitted, terms };
  const belief = { ...whole, data: await insideData(whole) };
  if (!request.constraints?.length) return belief;
  // Only what keeps the constraints is there to be improved on.
  const kept = request.trials.filter(
    (trial) => trial.state === 'complete' && violationOf(request, trial) === 0,
  );
  const points = new Set(kept.map(({ params }) => request.space.encode(params).join()));
  return { ...belief, data: rowsWhere(belief.data, (row) => points.has(row.join())) };
}

/** The models of constraints and cost, whose code is loaded where there are some. */
export async function fittedTerms<P extends Params>(
  request: SampleRequest<P>,
  metrics: Surrogate,
): Promise<readonly FittedTerm[]> {
  if (!request.constraints?.length && request.cost === undefined) return [];
  const { goalTerms } = await import('./goal-terms.ts');
  return Promise.all(
    goalTerms(request).map(async (term): Promise<FittedTerm> => {
      const rng = request.rng.fork(`term ${term.name}`);
      return { ...term, posterior: await metrics.fit(term.data, { rng, signal: request.signal }) };
    }),
  );
}

/**
 * The rows in the unit cube: only these are there to be improved on. Those of an edited study may lie outside; where all do, what
 * is expected at the nearest points inside.
 */
async function insideData({ data, posterior }: Pick<Belief, 'data' | 'posterior'>): Promise<Dataset> {
  const isInside = (u: number) => u >= 0 && u <= 1;
  if (data.x.data.every(isInside)) return data;
  const inside = rowsWhere(data, (row) => row.every(isInside));
  if (inside.y.length > 0) return inside;
  const x = matrix(
    data.x.rows,
    data.x.columns,
    data.x.data.map((u) => Math.min(Math.max(u, 0), 1)),
  );
  return { x, y: (await posterior.marginals(x)).mean };
}

/** The belief with these points as evaluated at their means, unless the acquisition handles pending points itself. */
export async function conditionedBelief(
  belief: Belief,
  points: readonly Float64Array[],
  acquisition: Acquisition,
): Promise<Belief> {
  if (acquisition.handlesPending) return belief;
  const next = await conditionedOnMean(belief.posterior, points);
  if (!next) return belief;
  // What is expected of a running trial counts as reached: improving on less would ask for it again.
  return { ...belief, posterior: next.posterior, data: concatRows(belief.data, next.rows) };
}
