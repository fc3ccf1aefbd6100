/**
 * What a study is after beside its value, as data to fit.
 *
 * Outcome constraints weigh a point by the probability that it keeps them (Gardner et al. 2014, "Bayesian Optimization
 * with Inequality Constraints"); cost divides by the expected cost.
 */
import {
  type Dataset,
  figureOf,
  matrixOf,
  type OutcomeConstraint,
  type Params,
  type SampleRequest,
  type Trial,
  type Utility,
} from '@foothold/core';
import { logProbabilityAbove } from '@foothold/numerics';
import { withinCosts, withinLimits } from './within-limits.ts';

/** A model of its own whose belief adds to the score, in log units. */
export interface Term {
  readonly name: string;
  readonly data: Dataset;
  readonly utility: Utility;
  /** True of a log-probability: over a mixture the probabilities are averaged. Default: false. */
  readonly isLog?: boolean;
}

type Done = Extract<Trial, { readonly state: 'complete' }>;

/** Value or metric of a finished trial; undefined where it was not reported. */
function figure(trial: Done, metric: string): number | undefined {
  const found = figureOf(trial, metric);
  return Number.isFinite(found) ? found : undefined;
}

const limitOf = (constraint: OutcomeConstraint) =>
  'atLeast' in constraint ? { sign: 1, limit: constraint.atLeast } : { sign: -1, limit: constraint.atMost };

/** Models beside the main one: a probability for each constraint, and the logarithm of the cost. */
export function goalTerms<P extends Params>(request: SampleRequest<P>): Term[] {
  const terms: Term[] = [];
  for (const constraint of request.constraints ?? []) {
    const { sign, limit } = limitOf(constraint);
    const data = metricData(request, (trial) => {
      const value = figure(trial, constraint.metric);
      return value === undefined ? undefined : sign * (value - limit);
    });
    if (data.y.length > 0)
      terms.push({
        ...{ name: constraint.metric, data: withinLimits(data) },
        ...{ utility: logProbabilityOfFeasibility, isLog: true },
      });
  }
  if (request.cost !== undefined) {
    const metric = request.cost;
    const data = metricData(request, (trial) => {
      const value = figure(trial, metric);
      return value !== undefined && value > 0 ? Math.log(value) : undefined;
    });
    if (data.y.length > 0) terms.push({ name: metric, data: withinCosts(data), utility: minusMean });
  }
  return terms;
}

function metricData<P extends Params>(
  { space, trials }: Pick<SampleRequest<P>, 'space' | 'trials'>,
  read: (trial: Done) => number | undefined,
): Dataset {
  const rows: Float64Array[] = [];
  const y: number[] = [];
  for (const trial of trials) {
    const value = trial.state === 'complete' ? read(trial) : undefined;
    if (value === undefined) continue;
    rows.push(space.encode(trial.params));
    y.push(value);
  }
  return { x: matrixOf(rows, space.columns.length), y: Float64Array.from(y) };
}

/** log Φ(μ/σ): the probability that the limit is kept, when values count from the limit. */
const logProbabilityOfFeasibility: Utility = (marginals) => logProbabilityAbove(marginals, 0);

const minusMean: Utility = ({ mean }) => ({
  value: mean.map((u) => -u),
  dMean: new Float64Array(mean.length).fill(-1),
  dVariance: new Float64Array(mean.length),
});
