/** The models of several objectives, under outcome constraints and cost: what a search for the Pareto front maximizes. */
import {
  concatMatrixRows,
  type Dataset,
  largestOf,
  type Matrix,
  type MultiObjectiveAcquisition,
  matrixOf,
  type Objective,
  type Params,
  type Posterior,
  rankedTrials,
  type SampleRequest,
  type Score,
  type Surrogate,
  smallestOf,
} from '@foothold/core';
import { type FittedTerm, fittedTerms } from './belief.ts';
import { conditionedOnMean } from './condition-on-pending.ts';
import { finite, inUserUnits } from './explanation.ts';
import type { GoalModel, ScoreContext } from './goal-model.ts';
import { multiObjectiveScore } from './multi-objective-score.ts';
import { objectiveData } from './objective-data.ts';
import { constantUtility, scoreOf } from './score.ts';

/**
 * Observed points whose means may be on the front: the best ones by front and crowding distance, so that a long history costs no more. Of six
 * objectives they are fewer, since the boxes of n points are O(n^⌊m/2⌋) (decisions/2026-11-30-several-objectives.md).
 */
const maxObserved = (m: number) => (m <= 5 ? 128 : 64);
/** Points of the front that the search begins around. */
const incumbentCount = 8;

interface ObjectiveBelief {
  readonly objective: Objective;
  /** As it was fitted, in units of the objective, to be maximized. */
  readonly fitted: Posterior;
  /** Where the belief is Gaussian, conditioned on pending points. */
  readonly posterior: Posterior;
  /** The rows that it was fitted to, in the posterior's scale. */
  readonly data: Dataset;
  /** Of the values of the regular rows there: neither of failed trials nor outliers. */
  readonly range: { readonly low: number; readonly high: number };
}

interface FrontBelief {
  readonly objectives: readonly ObjectiveBelief[];
  readonly terms: readonly FittedTerm[];
  /** The points to improve on, n×d; none where no trial keeps the outcome constraints. */
  readonly observed: Matrix;
  /** How many of them were observed; the others are pending. */
  readonly known: number;
}

/** How `bayesian` models several objectives: the models of a request, fitted. */
export interface MultiObjectiveModel {
  fitted<P extends Params>(
    request: SampleRequest<P>,
    models: {
      /** Fits one objective, going on from its last fit. */
      readonly fit: (objective: Objective, data: Dataset) => Promise<Posterior>;
      /** Of constraints and cost. */
      readonly metrics: Surrogate;
    },
  ): Promise<GoalModel>;
}

/**
 * A model of each objective, of which this acquisition decides, such as `logExpectedHypervolumeImprovement()`: for `multiObjective` of `bayesian`.
 * The code is with this function, so that bundles of one objective do without.
 */
export function multiObjectiveModel(acquisition: MultiObjectiveAcquisition): MultiObjectiveModel {
  return { fitted: (request, models) => severalObjectivesModel(request, { ...models, acquisition }) };
}

async function severalObjectivesModel<P extends Params>(
  request: SampleRequest<P>,
  {
    fit,
    metrics,
    acquisition,
  }: Parameters<MultiObjectiveModel['fitted']>[1] & { readonly acquisition: MultiObjectiveAcquisition },
): Promise<GoalModel> {
  const objectives: ObjectiveBelief[] = [];
  for (const objective of request.objectives ?? []) {
    const { data, irregular } = objectiveData(request, objective);
    const fitted = await fit(objective, data);
    const believed = { posterior: fitted, data, ...fitted.latent };
    objectives.push({ objective, fitted, ...believed, range: regularRange(believed.data.y, irregular) });
  }
  const observed = observedPoints(request, objectives[0]!.data, maxObserved(objectives.length));
  const terms = await fittedTerms(request, metrics);
  return frontModel(request, { objectives, terms, observed, known: observed.rows }, acquisition);
}

/**
 * The points of the trials that keep the outcome constraints, the best first; where no trial has all objectives, the points of all rows.
 * Those of an edited study may lie outside of the unit cube, and are brought to its border.
 */
function observedPoints<P extends Params>(request: SampleRequest<P>, { x }: Dataset, most: number): Matrix {
  const ranked = rankedTrials(request.trials, request);
  const kept = ranked.filter(({ violation }) => violation === 0).slice(0, most);
  const points = kept.map(({ trial }) => request.space.encode(trial.params));
  const inside = (row: Float64Array) => row.map((u) => Math.min(Math.max(u, 0), 1));
  if (ranked.length > 0) return matrixOf(points.map(inside), x.columns);
  const rows = Math.min(x.rows, most);
  return { rows, columns: x.columns, data: inside(x.data.slice(0, rows * x.columns)) };
}

function frontModel<P extends Params>(
  request: SampleRequest<P>,
  belief: FrontBelief,
  acquisition: MultiObjectiveAcquisition,
): GoalModel {
  const { objectives, observed, known } = belief;
  const count = Math.min(known, incumbentCount);
  const states = objectives.flatMap(({ objective: { metric }, fitted: { state } }) =>
    state ? [[metric, state] as const] : [],
  );
  return {
    acquisition: acquisition.name ?? 'unnamed',
    incumbents: { ...observed, rows: count, data: observed.data.slice(0, count * observed.columns) },
    score: (context) => frontScore(belief, acquisition, context),
    // There is no best value on a front: the score alone ranks candidates.
    isExpectedBest: async () => false,
    async prediction(point) {
      const x = matrixOf([point]);
      const each: [string, ReturnType<typeof inUserUnits>][] = [];
      for (const { objective, fitted } of objectives)
        each.push([objective.metric, inUserUnits(objective, await fitted.marginals(x))]);
      return { ...each.find(([metric]) => metric === 'value')?.[1], objectives: Object.fromEntries(each) };
    },
    conditioned: async (points) =>
      acquisition.handlesPending
        ? frontModel(request, belief, acquisition)
        : frontModel(request, await conditionedFront(belief, points), acquisition),
    why: {
      objectives: Object.fromEntries(
        objectives.map(({ objective: { metric }, fitted: { why } }) => [metric, why ?? finite(Number.NaN)]),
      ),
    },
    samplerState: { objectives: Object.fromEntries(states) },
  };
}

/** Each objective conditioned on its mean at the points, which then count as observed. Where one cannot be, none is. */
async function conditionedFront(belief: FrontBelief, points: readonly Float64Array[]): Promise<FrontBelief> {
  if (points.length === 0) return belief;
  const objectives: ObjectiveBelief[] = [];
  for (const of of belief.objectives) {
    const next = await conditionedOnMean(of.posterior, points);
    if (!next) return belief;
    objectives.push({ ...of, posterior: next.posterior });
  }
  // Without an observed row the constraints alone count, pending or not.
  if (belief.observed.rows === 0) return { ...belief, objectives };
  return { ...belief, objectives, observed: concatMatrixRows(belief.observed, matrixOf(points)) };
}

/** Log utility of the front plus the log terms of constraints and cost. */
async function frontScore(
  { objectives, observed, terms }: FrontBelief,
  acquisition: MultiObjectiveAcquisition,
  { domain, pending, rng, prior }: ScoreContext,
): Promise<Score> {
  const posteriors = objectives.map(
    ({ posterior, data }) => prior?.onPosterior(posterior, data) ?? posterior,
  );
  const added = (score: Score) => prior?.onScore(score) ?? score;
  // Without a row to improve on, the constraints alone say where to look.
  if (observed.rows === 0)
    return added(
      scoreOf([{ posterior: posteriors[0]!, utility: constantUtility }, ...terms], domain.columns),
    );
  const utility = await acquisition.prepare({
    posteriors,
    observed,
    ranges: objectives.map(({ range }) => range),
    rng: rng.fork('prepare'),
    pending: matrixOf(pending, domain.columns.length),
  });
  return added(scoreOf([multiObjectiveScore(posteriors, utility), ...terms], domain.columns));
}

/** The range without the rows of the smallest value, where there are irregular ones: a scale of the model is monotone. */
function regularRange(y: Float64Array, irregular: number): ObjectiveBelief['range'] {
  const least = smallestOf(y);
  const above = irregular > 0 ? y.filter((v) => v > least) : y;
  const regular = above.length > 0 ? above : y;
  return { low: smallestOf(regular), high: largestOf(regular) };
}
