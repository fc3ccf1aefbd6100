/** The point where an acquisition is largest, and in the user's units why. */
import {
  type Acquisition,
  type AcquisitionOptimizer,
  type AcquisitionProblem,
  concatMatrixRows,
  matrixOf,
  OptimizationError,
  type Params,
  type ProgramState,
  type SampleRequest,
  type Score,
  type Why,
} from '@foothold/core';
import type { FeasibleCandidates } from '../feasible-candidates.ts';
import type { Belief } from './belief.ts';
import { bestRows } from './dataset-rows.ts';
import { finite, incumbentWhy, inUserUnits } from './explanation.ts';
import { inLogUnits } from './log-units.ts';
import type { PriorOnColumns } from './optimum-prior.ts';
import { outsideCandidate } from './outside-candidate.ts';
import { constantUtility, scoreOf } from './score.ts';
import type { SearchRegion } from './search-region.ts';
import { modelSamplerState } from './warm-started-fit.ts';

/** Incumbents that the search begins around. */
const incumbentCount = 5;

interface Context {
  readonly feasible: FeasibleCandidates;
  readonly acquisition: Acquisition;
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
  belief: Belief,
  context: Context,
): Promise<ChosenPoint> {
  const { columns } = request.space;
  const { feasible, rng, searchRegion } = context;
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
  const score = await goalScore(belief, domain, { ...context, prior });
  let point: Float64Array;
  let fallback: Why = {};
  try {
    const best = bestRows(belief.data, incumbentCount);
    const around = prior?.around.slice(0, incumbentCount) ?? [];
    const incumbents = around.length > 0 ? concatMatrixRows(best, matrixOf(around)) : best;
    const search = rng.fork('search');
    point = await context.optimizer.maximize(score, {
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
  const outside = await outsideCandidate(request, { advice, score, belief, feasible, own: point });
  point = outside?.point ?? point;
  const { value } = await score(matrixOf([point]), { gradient: false });
  const { fitted } = belief;
  return {
    point,
    why: {
      stage: 'model',
      acquisition: { name: context.acquisition.name ?? 'unnamed', value: finite(value[0]!) },
      prediction: inUserUnits(request, await fitted.marginals(matrixOf([point]))),
      ...incumbentWhy(request),
      ...(searchRegion && { searchRegion: searchRegion.why }),
      ...(fitted.why && { model: fitted.why }),
      ...fallback,
      ...(prior && { prior: { influence: prior.influence, strength: prior.strength } }),
      ...outside?.why,
    },
    samplerState: modelSamplerState(fitted),
  };
}

/** The acquisition's utility, in log units where constraints or cost are added to it. */
async function goalScore(
  { posterior: believed, data, terms }: Belief,
  domain: Omit<AcquisitionProblem, 'incumbents' | 'rng' | 'signal'>,
  { acquisition, pending, rng, prior }: Context & { readonly prior: PriorOnColumns | undefined },
): Promise<Score> {
  const posterior = prior && data.y.length > 0 ? prior.onPosterior(believed, data) : believed;
  const added = (score: Score) => prior?.onScore(score) ?? score;
  // Without a row to improve on, the constraints alone say where to look.
  if (data.y.length === 0)
    return added(scoreOf([{ posterior, utility: constantUtility }, ...terms], domain.columns));
  const prepared = await acquisition.prepare({
    posterior,
    data,
    rng: rng.fork('prepare'),
    pending: matrixOf(pending, domain.columns.length),
    domain,
  });
  const isLogWanted = terms.length > 0 || prior?.influence === 'prior';
  const utility =
    acquisition.isLog || !isLogWanted ? prepared : await inLogUnits(prepared, { posterior, data });
  const isLog = acquisition.isLog || isLogWanted;
  return added(scoreOf([{ posterior, utility, isLog }, ...terms], domain.columns));
}
