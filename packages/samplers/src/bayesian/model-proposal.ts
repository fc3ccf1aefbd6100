/** The point where an acquisition is largest, and in the user's units why. */
import {
  type AcquisitionOptimizer,
  concatMatrixRows,
  matrixOf,
  OptimizationError,
  type Params,
  type ProgramState,
  type SampleRequest,
  type Why,
} from '@foothold/core';
import type { FeasibleCandidates } from '../feasible-candidates.ts';
import { finite, incumbentWhy } from './explanation.ts';
import type { GoalModel } from './goal-model.ts';
import type { SearchRegion } from './search-region.ts';

/** Configurations of a prior that the search begins around. */
const priorCount = 5;

interface Context {
  readonly feasible: FeasibleCandidates;
  readonly optimizer: AcquisitionOptimizer;
  readonly pending: readonly Float64Array[];
  readonly searchRegion: ReturnType<SearchRegion> | undefined;
  readonly rng: SampleRequest['rng'];
}

/** A point in the unit cube, and what is recorded of its choice. */
export interface ChosenPoint {
  readonly point: Float64Array;
  readonly why: Why;
  readonly samplerState: ProgramState;
}

/** The optimizer's point, any feasible one where it finds none, or one of the request's candidates. */
export async function modelProposal<P extends Params>(
  request: SampleRequest<P>,
  model: GoalModel,
  { feasible, optimizer, pending, searchRegion, rng }: Context,
): Promise<ChosenPoint> {
  const { columns } = request.space;
  const domain = {
    columns,
    repair: feasible.repair,
    project: feasible.project,
    draw: feasible.draw,
    fixed: feasible.fixed,
    region: searchRegion?.region,
  };
  const advice = await request.advice?.();
  const prior = advice?.prior && (await import('./optimum-prior.ts')).priorOnColumns(request, advice.prior);
  const score = await model.score({ domain, pending, rng, prior });
  let point: Float64Array;
  let fallback: Why = {};
  try {
    const around = prior?.around.slice(0, priorCount) ?? [];
    const incumbents =
      around.length > 0 ? concatMatrixRows(model.incumbents, matrixOf(around)) : model.incumbents;
    const search = rng.fork('search');
    point = await optimizer.maximize(score, {
      ...domain,
      incumbents,
      rng: search,
      signal: request.signal,
    });
  } catch (error) {
    if (!(error instanceof OptimizationError)) throw error;
    point = feasible.any(rng.fork('any'));
    fallback = { fallback: `random point: ${error.message}` };
  }
  const outside = advice
    ? await (await import('./outside-candidate.ts')).outsideCandidate(request, {
        ...{ advice, score, model, feasible, own: point },
      })
    : undefined;
  point = outside?.point ?? point;
  const { value } = await score(matrixOf([point]), { gradient: false });
  return {
    point,
    why: {
      stage: 'model',
      acquisition: { name: model.acquisition, value: finite(value[0]!) },
      prediction: await model.prediction(point),
      ...incumbentWhy(request),
      ...(searchRegion && { searchRegion: searchRegion.why }),
      ...(model.why && { model: model.why }),
      ...fallback,
      ...(prior && { prior: { influence: prior.influence, strength: prior.strength } }),
      ...outside?.why,
    },
    samplerState: model.samplerState,
  };
}
