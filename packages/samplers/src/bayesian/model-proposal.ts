/** The point where an acquisition is largest, and in the user's units why. */
import {
  type Acquisition,
  type AcquisitionOptimizer,
  type AcquisitionProblem,
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

/** The optimizer's point, or any feasible one where it finds none. */
export async function modelProposal<P extends Params>(
  request: SampleRequest<P>,
  belief: Belief,
  context: Context,
): Promise<{ readonly point: Float64Array; readonly why: Why; readonly samplerState: ProgramState }> {
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
  const score = await goalScore(belief, domain, context);
  let point: Float64Array;
  let fallback: Why = {};
  try {
    const incumbents = bestRows(belief.data, incumbentCount);
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
    },
    samplerState: modelSamplerState(fitted),
  };
}

/** The acquisition's utility, in log units where constraints or cost are added to it. */
async function goalScore(
  { posterior, data, terms }: Belief,
  domain: Omit<AcquisitionProblem, 'incumbents' | 'rng' | 'signal'>,
  { acquisition, pending, rng }: Context,
): Promise<Score> {
  // Without a row to improve on, the constraints alone say where to look.
  if (data.y.length === 0)
    return scoreOf([{ posterior, utility: constantUtility }, ...terms], domain.columns);
  const prepared = await acquisition.prepare({
    posterior,
    data,
    rng: rng.fork('prepare'),
    pending: matrixOf(pending, domain.columns.length),
    domain,
  });
  const utility =
    acquisition.isLog || terms.length === 0 ? prepared : await inLogUnits(prepared, { posterior, data });
  return scoreOf([{ posterior, utility }, ...terms], domain.columns);
}
