import {
  type Acquisition,
  type AcquisitionOptimizer,
  type AcquisitionProblem,
  type Dataset,
  type Json,
  matrixOf,
  OptimizationError,
  type Params,
  type Posterior,
  type ProgramState,
  type Proposal,
  type SampleRequest,
  type Sampler,
  type Surrogate,
  type Utility,
  type Why,
} from '@foothold/core';
import {
  type AcquisitionSearchOptions,
  acquisitionSearch,
} from '../acquisition-optimizer/acquisition-search.ts';
import { type FeasibleCandidates, feasibleCandidates } from '../feasible-candidates.ts';
import { positiveWhole } from '../positive-whole.ts';
import { bestRows, rowsWhere, withRows } from './dataset-rows.ts';
import { goalData, goalTerms, isFeasible, type Term } from './goal-data.ts';
import { designed, designSize } from './initial-design.ts';
import { outliersWhy } from './outliers.ts';
import { indifferent, scoreOf } from './score.ts';
import { fitting } from './warm-started-fit.ts';

export interface BayesianOptions {
  readonly surrogate: Surrogate;
  readonly acquisition: Acquisition;
  /** Model of every other metric of the goal; `surrogate` unless told. One with earlier studies behind it knows only the value. */
  readonly metrics?: Surrogate | undefined;
  readonly optimizer?: AcquisitionOptimizer | undefined;
  /** Trials before the first model, pending and failed ones included; loaded ones count. By default 2 + half the columns, 5 to 10, and at most a fifth of a small budget. */
  readonly initialTrials?: number | undefined;
  /** Narrows an ask to a part of the space and of the data; see `trustRegion`. */
  readonly focus?: Focus | undefined;
}

/** Where an ask looks, and from which rows the model learns. `state` is recorded in `why`. */
export type Focus = <P extends Params>(
  request: SampleRequest<P>,
  data: Dataset,
) => {
  readonly data: Dataset;
  readonly region?: AcquisitionProblem['region'];
  readonly state: Why;
};

/**
 * Bayesian optimization: fit the surrogate to the finished trials, condition it on what it expects of the running ones,
 * and propose where the acquisition is largest.
 *
 * Outcome constraints weigh by their probability, cost divides, several objectives are weighted anew at each ask; each of
 * these metrics has a model of the same kind. A proposal depends on the trials and on the stream alone: what speeds the next
 * fit is recorded in `why.model`, and a posterior that is still at hand only saves its rebuilding. The first trials are the
 * space's defaults (the middle where it has none) and a stratified design. Throws SpaceExhaustedError when every point is taken and `repeat` is not set,
 * and at once InvalidArgumentError for `initialTrials` that is no whole number from 1.
 */
export function bayesian(options: BayesianOptions): Sampler {
  const { surrogate, acquisition, metrics = surrogate } = options;
  if (options.initialTrials !== undefined) positiveWhole('initialTrials', options.initialTrials);
  const fitted = fitting(surrogate);

  const beliefOf = async <P extends Params>(request: SampleRequest<P>, data: Dataset): Promise<Belief> => {
    const posterior = await fitted(request, data);
    const terms = await Promise.all(
      goalTerms(request).map(async (term): Promise<FittedTerm> => {
        const rng = request.rng.fork(`term ${term.name}`);
        return { ...term, posterior: await metrics.fit(term.data, { rng, signal: request.signal }) };
      }),
    );
    const belief: Belief = {
      posterior,
      data,
      ...posterior.latent,
      terms,
      model: posterior.why,
      state: posterior.state,
    };
    if (!request.constraints?.length) return belief;
    // Only what keeps the constraints is there to be improved on.
    const kept = request.trials.filter((trial) => isFeasible(trial, request.constraints));
    const points = new Set(kept.map(({ params }) => request.space.encode(params).join()));
    return { ...belief, data: rowsWhere(belief.data, (row) => points.has(row.join())) };
  };

  return {
    name: 'bayesian',
    supports: [
      'conditional',
      'input-constraints',
      'fixed',
      'outcome-constraints',
      'several-objectives',
      'cost',
      'known-noise',
      'continuous',
    ],
    async sample<P extends Params>(request: SampleRequest<P>) {
      const { space, trials, count } = request;
      const spots = feasibleCandidates(request);
      const size = options.initialTrials ?? designSize(space.columns.length, request.budget);
      const all = trials.length + count > size ? goalData(request, request.rng.fork('weights')) : undefined;
      const focus = all && options.focus?.(request, all);
      const data = focus?.data ?? all;
      const proposals: Proposal<P>[] = [];
      const pending = trials
        .filter(({ state }) => state === 'running')
        .map(({ params }) => space.encode(params));
      const outliers = all ? outliersWhy(request) : {};
      let belief: Belief | undefined;
      for (let k = 0; k < count; k++) {
        const index = trials.length + k;
        let chosen: {
          readonly point: Float64Array;
          readonly why: Why;
          readonly samplerState?: ProgramState;
        };
        if (index < size || !data || data.y.length === 0) {
          chosen = designed(request, spots, { index, size });
          pending.push(chosen.point);
        } else {
          belief ??= await withPending(await beliefOf(request, data), pending);
          chosen = await proposed(belief, spots, {
            acquisition,
            optimizer: options.optimizer ?? acquisitionSearch(searchBudget(data.y.length)),
            columns: space.columns,
            focus,
            rng: request.rng.fork(`proposal ${k}`),
            signal: request.signal,
          });
          if (k + 1 < count) belief = await withPending(belief, [chosen.point]);
        }
        spots.take(chosen.point);
        const { point, why, samplerState } = chosen;
        proposals.push({
          params: space.decode(point),
          why: { ...why, ...outliers },
          ...(samplerState && { samplerState }),
        });
      }
      return proposals;
    },
  };
}

/** A score costs O(n²) a point: fewer points the longer the history is. */
function searchBudget(n: number): AcquisitionSearchOptions {
  return {
    candidates: Math.round(Math.min(Math.max((512 * 150) / Math.max(n, 1), 96), 320)),
    starts: n > 300 ? 2 : 3,
    evaluations: 20,
  };
}

interface FittedTerm extends Term {
  readonly posterior: Posterior;
}

interface Belief {
  readonly posterior: Posterior;
  readonly data: Dataset;
  readonly terms: readonly FittedTerm[];
  /** Of the fit, in JSON. */
  readonly model: Why | undefined;
  readonly state: ProgramState | undefined;
}

/** Conditions on the mean at pending points, so that what they will teach is not sought twice. */
async function withPending(belief: Belief, points: readonly Float64Array[]): Promise<Belief> {
  const { posterior } = belief;
  if (points.length === 0 || !posterior.condition) return belief;
  const x = matrixOf(points);
  const { mean } = await posterior.marginals(x);
  try {
    return {
      ...belief,
      posterior: await posterior.condition({ x, y: mean }),
      // What is expected of a running trial counts as reached: improving on less would ask for it again.
      data: withRows(belief.data, x, mean),
    };
  } catch (error) {
    // A factor that cannot take the row: the points stay known as taken.
    if (error instanceof OptimizationError) return belief;
    throw error;
  }
}

/** Incumbents that the search begins around. */
const incumbentCount = 5;

async function proposed(
  belief: Belief,
  spots: FeasibleCandidates,
  context: {
    readonly acquisition: Acquisition;
    readonly optimizer: AcquisitionOptimizer;
    readonly columns: AcquisitionProblem['columns'];
    readonly focus: ReturnType<Focus> | undefined;
    readonly rng: SampleRequest['rng'];
    readonly signal: AbortSignal | undefined;
  },
): Promise<{ readonly point: Float64Array; readonly why: Why; readonly samplerState?: ProgramState }> {
  const { posterior, data, terms, model, state } = belief;
  // Without a row to improve on, the constraints alone say where to look.
  const utility: Utility =
    data.y.length > 0
      ? await context.acquisition.prepare({ posterior, data, rng: context.rng.fork('prepare') })
      : indifferent;
  const score = scoreOf([{ posterior, utility }, ...terms]);
  let point: Float64Array;
  let fallback: Why = {};
  try {
    point = await context.optimizer.maximize(score, {
      columns: context.columns,
      incumbents: bestRows(data, incumbentCount),
      rng: context.rng.fork('search'),
      repair: spots.repair,
      project: spots.project,
      draw: spots.draw,
      fixed: spots.fixed,
      region: context.focus?.region,
      signal: context.signal,
    });
  } catch (error) {
    if (!(error instanceof OptimizationError)) throw error;
    point = spots.any(context.rng.fork('any'));
    fallback = { fallback: `random point: ${error.message}` };
  }
  const at = await posterior.marginals(matrixOf([point]));
  const { value } = await score(matrixOf([point]), { gradient: false });
  return {
    point,
    why: {
      stage: 'model',
      acquisition: finite(value[0]!),
      mean: finite(at.mean[0]!),
      variance: finite(at.variance[0]!),
      ...(context.focus && { focus: context.focus.state }),
      ...(model && { model }),
      ...fallback,
    },
    ...(state && { samplerState: { model: state } }),
  };
}

function finite(value: number): Json {
  return Number.isFinite(value) ? value : null;
}
