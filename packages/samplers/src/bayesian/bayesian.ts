import {
  type Acquisition,
  type AcquisitionOptimizer,
  type Awaitable,
  type Dataset,
  everyFeature,
  InvalidArgumentError,
  matrixOf,
  type Params,
  type Proposal,
  type SampleRequest,
  type Sampler,
  type Surrogate,
  type Why,
} from '@foothold/core';
import {
  type AcquisitionSearchOptions,
  acquisitionSearch,
} from '../acquisition-optimizer/acquisition-search.ts';
import { feasibleCandidates } from '../feasible-candidates.ts';
import { positiveWhole } from '../positive-whole.ts';
import { goalBelief } from './belief.ts';
import { inUserUnits } from './explanation.ts';
import { goalData } from './goal-data.ts';
import type { GoalModel } from './goal-model.ts';
import { initialDesignSize, initialPoint } from './initial-design.ts';
import { type ChosenPoint, modelProposal } from './model-proposal.ts';
import { outliersWhy } from './outliers.ts';
import type { SearchRegion } from './search-region.ts';
import type { MultiObjectiveModel } from './several-objectives-model.ts';
import { singleObjectiveModel } from './single-objective-model.ts';
import { warmStartedFit } from './warm-started-fit.ts';

export interface BayesianOptions {
  readonly surrogate: Surrogate;
  readonly acquisition: Acquisition;
  /** Model of every other metric of the goal. One with earlier studies behind it knows only the value. Default: `surrogate`. */
  readonly metrics?: Surrogate | undefined;
  /** Default: `acquisitionSearch`, with fewer points the longer the history is. */
  readonly optimizer?: AcquisitionOptimizer | undefined;
  /**
   * Trials before the first model, pending, failed and loaded ones included. Default: 2 + half the columns, 5 to 10, and at most
   * a fifth of a small budget.
   */
  readonly initialTrials?: number | undefined;
  /**
   * How the points of one request are chosen: 'sequential' one after the other, each given those before it; 'joint' then moves all of them
   * together to where their joint utility is largest, which takes an acquisition of several points. Default: 'sequential'.
   */
  readonly batches?: 'sequential' | 'joint' | undefined;
  /** Narrows an ask to a part of the space and of the data; see `trustRegion` and `warmStartRegion`. */
  readonly searchRegion?: SearchRegion | undefined;
  /**
   * With two to six objectives a model of each (`multiObjectiveModel`), or what loads it at the first such ask. Default: `acquisition`, of a
   * random scalarization. More objectives, and a `searchRegion` that leaves out rows, go by scalarizations too.
   */
  readonly multiObjective?: MultiObjectiveModel | (() => Awaitable<MultiObjectiveModel>) | undefined;
  /** Under `multiObjective`, models of single objectives by their metrics, such as ones with earlier studies behind them. Default: `surrogate` for 'value', else `metrics`. */
  readonly objectiveSurrogates?: Readonly<Record<string, Surrogate>> | undefined;
}

/**
 * Bayesian optimization: fit the surrogate to the finished trials, condition it on what it expects of the running ones,
 * and propose where the acquisition is largest.
 *
 * Outcome constraints weigh by their probability, cost divides; each of these metrics has a model of the same kind. Several objectives
 * (at most six) have a model each under `multiObjective`, else new random weights at each ask. A proposal depends on the trials and on the stream alone: `samplerState` has
 * what the next fit goes on from, and a posterior that is still at hand only saves its rebuilding. The first trials are the
 * space's defaults (the middle where it has none) and a stratified design.
 *
 * Of the request's `advice`, the preferred configuration takes the place of the point that the search found where the model expects the best
 * value there, else the candidate of largest acquisition value where that is above the search's; its prior multiplies the acquisition or
 * shifts the mean.
 *
 * `why` has the stage; of a model's proposal the acquisition's name and value, the predicted mean and standard deviation
 * before noise, and the incumbent, in units of the value.
 *
 * `why.scalarized` says why objectives that were to have a model each have none.
 *
 * `why.batch` of jointly chosen points has the utility of the batch and that of the one chosen sequentially, or why it stayed with that.
 *
 * Throws SpaceExhaustedError when every point is taken and `repeat` is not set, and at once InvalidArgumentError for
 * `initialTrials` that is no whole number from 1 and for another `batches`.
 */
export function bayesian(options: BayesianOptions): Sampler {
  const { acquisition, batches } = options;
  checkOptions(options);
  const modelOf = goalModels(options);
  return {
    name: 'bayesian',
    options: recordedOptions(options),
    supports: everyFeature,
    async sample<P extends Params>(request: SampleRequest<P>) {
      const { space, trials, count } = request;
      const feasible = feasibleCandidates(request);
      const size = options.initialTrials ?? initialDesignSize(space.columns.length, request.plannedTrials);
      const all =
        trials.length + count > size ? await goalData(request, request.rng.fork('weights')) : undefined;
      const searchRegion = all && options.searchRegion?.(request, all);
      const data = searchRegion?.data ?? all;
      const running = trials.filter(({ state }) => state === 'running');
      const pending = running.map(({ params }) => space.encode(params));
      const notes = all ? { ...(await outliersWhy(request)), ...scalarizedWhy(request, options) } : {};
      const optimizer = options.optimizer ?? acquisitionSearch(searchBudget(data?.y.length ?? 0));
      const chosen: ChosenPoint[] = [];
      let model: GoalModel | undefined;
      for (let k = 0; k < count; k++) {
        const index = trials.length + k;
        const isInitial = index < size || !data || data.y.length === 0;
        if (!isInitial)
          model ??= await (await modelOf(request, { data, isWhole: data === all })).conditioned(pending);
        const { point, why, samplerState } = isInitial
          ? await initialPoint(request, feasible, { index, size })
          : await modelProposal(request, model!, {
              feasible,
              optimizer,
              pending,
              searchRegion,
              rng: request.rng.fork(`proposal ${k}`),
            });
        if (isInitial) pending.push(point);
        else if (k + 1 < count) {
          pending.push(point);
          model = await model!.conditioned([point]);
        }
        feasible.take(point);
        chosen.push({ point, why: { ...why, ...notes }, samplerState });
      }
      const { jointProposals } = batches === 'joint' ? await import('./joint-proposals.ts') : {};
      const belief = model?.belief;
      const made = await jointProposals?.(request, belief, {
        ...{ chosen, acquisition, optimizer, searchRegion },
        feasible: feasibleCandidates(request),
        predictionAt: async (at) => inUserUnits(request, await belief!.fitted.marginals(matrixOf([at]))),
      });
      return (made ?? chosen).map(
        ({ point, ...rest }): Proposal<P> => ({ params: space.decode(point), ...rest }),
      );
    },
  };
}

/** The models of a request, fitted: those of all objectives where an acquisition of them is given, else one of the data. */
function goalModels({ surrogate, acquisition, metrics = surrogate, ...options }: BayesianOptions) {
  const fit = warmStartedFit(surrogate);
  const fits = new Map<string, ReturnType<typeof warmStartedFit>>();
  return async <P extends Params>(
    request: SampleRequest<P>,
    { data, isWhole }: { readonly data: Dataset; readonly isWhole: boolean },
  ): Promise<GoalModel> => {
    const { multiObjective, objectiveSurrogates = {} } = options;
    const count = request.objectives?.length ?? 1;
    if (!multiObjective || !isWhole || count < 2 || count > maxModelledObjectives)
      return singleObjectiveModel(request, await goalBelief(request, { data, fit, metrics }), acquisition);
    const several = typeof multiObjective === 'function' ? await multiObjective() : multiObjective;
    return several.fitted(request, {
      metrics,
      fit({ metric }, rows) {
        const given = Object.hasOwn(objectiveSurrogates, metric) ? objectiveSurrogates[metric] : undefined;
        const model = given ?? (metric === 'value' ? surrogate : metrics);
        const found = fits.get(metric) ?? warmStartedFit(model, metric);
        fits.set(metric, found);
        return found(request, rows);
      },
    });
  };
}

/** Most objectives with a model each: the boxes of a front grow with the number of its points to the power of half of the objectives. */
export const maxModelledObjectives = 6;

/** `why.scalarized` where there are more objectives than are modelled each. */
function scalarizedWhy(
  { objectives = [] }: Pick<SampleRequest, 'objectives'>,
  options: BayesianOptions,
): Why {
  const isScalarized = options.multiObjective && objectives.length > maxModelledObjectives;
  return isScalarized ? { scalarized: `more than ${maxModelledObjectives} objectives` } : {};
}

function checkOptions({ batches = 'joint', initialTrials = 1 }: BayesianOptions): void {
  if (batches !== 'sequential' && batches !== 'joint')
    throw new InvalidArgumentError('batches', batches, "'sequential' or 'joint'");
  positiveWhole('initialTrials', initialTrials);
}

function recordedOptions({ acquisition, initialTrials, batches }: BayesianOptions) {
  return {
    acquisition: acquisition.name ?? 'unnamed',
    ...(initialTrials !== undefined && { initialTrials }),
    ...(batches && { batches }),
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
