/**
 * What a study is after beside one value, as data to fit: limits on metrics, cost, several objectives.
 *
 * Outcome constraints weigh a point by the probability that it keeps them (Gardner et al. 2014, "Bayesian Optimization
 * with Inequality Constraints"); cost divides by the expected cost; several objectives become one by a random
 * augmented Chebyshev norm at each ask (Knowles 2006, "ParEGO").
 */
import {
  type Dataset,
  datasetOf,
  figureOf,
  type Goal,
  largestOf,
  matrixOf,
  type Objective,
  type OutcomeConstraint,
  type Params,
  type Rng,
  type SampleRequest,
  smallestOf,
  type Trial,
  type Utility,
  violationOf,
} from '@foothold/core';
import { logProbabilityAbove } from '@foothold/numerics';
import { objectiveOf, objectiveOutlierBound } from './objective-values.ts';
import { withinCosts, withinLimits } from './outliers.ts';

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

/** The data to maximize: one value, or the objectives under this ask's weights. */
export function goalData<P extends Params>(request: SampleRequest<P>, rng: Rng): Dataset {
  const { space, trials, direction, objectives } = request;
  if (!objectives || objectives.length < 2) return datasetOf(space, trials, direction);
  return datasetOf(space, scalarized(request, objectives, rng), 'maximize');
}

/**
 * Each complete trial with the smallest weighted gain over its objectives as its value; gains run from 0 to 1 over the
 * values that are no outliers. A trial with an outlier on the bad side, or without an objective, has NaN: it counts as failed.
 */
function scalarized<P extends Params>(
  { space, trials }: Pick<SampleRequest<P>, 'space' | 'trials'>,
  objectives: readonly Objective[],
  rng: Rng,
): Trial<P>[] {
  const raw = objectives.map(() => -Math.log(1 - rng.next()));
  const total = raw.reduce((a, b) => a + b) || 1;
  const points = matrixOf(
    trials.map(({ params }) => space.encode(params)),
    space.columns.length,
  );
  const gains = objectives.map((objective) => {
    const values = trials.map((trial) => objectiveOf(trial, objective));
    const bound = objectiveOutlierBound(Float64Array.from(values), points) ?? -Infinity;
    const known = values.filter((v) => v >= bound);
    const low = smallestOf(known);
    const high = largestOf(known);
    return values.map((v) => {
      if (!(v >= bound)) return Number.NaN;
      // In halves: the distance between the ends of the number range overflows.
      return high > low ? (v / 2 - low / 2) / (high / 2 - low / 2) : 1;
    });
  });
  return trials.map((trial, i) => {
    // What was reported is no weighted sum: a pruned trial has none.
    if (trial.state !== 'complete') return trial.state === 'pruned' ? { ...trial, reports: [] } : trial;
    // The gap to the ideal point, weighted: its largest part, and a little of their sum.
    const gaps = gains.map((gain, j) => (raw[j]! / total) * (1 - gain[i]!));
    const { standardError: _, ...rest } = trial;
    return { ...rest, value: -largestOf(gaps) - 0.05 * gaps.reduce((a, b) => a + b) };
  });
}

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

/** True where a finished trial keeps every constraint. */
export function isFeasible(trial: Trial, constraints: Goal['constraints']): boolean {
  return trial.state === 'complete' && violationOf({ constraints }, trial) === 0;
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
