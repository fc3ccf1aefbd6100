/** The model of one value, under outcome constraints and cost. */
import {
  type Acquisition,
  concatMatrixRows,
  matrixOf,
  type Params,
  type SampleRequest,
  type Score,
} from '@foothold/core';
import { type Belief, conditionedBelief } from './belief.ts';
import { bestRows } from './dataset-rows.ts';
import { inUserUnits } from './explanation.ts';
import type { GoalModel, ScoreContext } from './goal-model.ts';
import { inLogUnits } from './log-units.ts';
import { constantUtility, scoreOf } from './score.ts';
import { modelSamplerState } from './warm-started-fit.ts';

/** Incumbents that the search begins around. */
const incumbentCount = 5;

export function singleObjectiveModel<P extends Params>(
  request: SampleRequest<P>,
  belief: Belief,
  acquisition: Acquisition,
): GoalModel {
  const { fitted, posterior, data } = belief;
  return {
    acquisition: acquisition.name ?? 'unnamed',
    incumbents: bestRows(data, incumbentCount),
    score: (context) => goalScore(belief, acquisition, context),
    async isExpectedBest(point, own) {
      const { mean } = await posterior.marginals(concatMatrixRows(matrixOf([point, own]), data.x));
      return mean.every((u, i) => i === 0 || u < mean[0]!);
    },
    prediction: async (point) => inUserUnits(request, await fitted.marginals(matrixOf([point]))),
    conditioned: async (points) =>
      singleObjectiveModel(request, await conditionedBelief(belief, points, acquisition), acquisition),
    why: fitted.why,
    samplerState: modelSamplerState(fitted),
    belief,
  };
}

/** The acquisition's utility, in log units where constraints or cost are added to it. */
async function goalScore(
  { posterior: believed, data, terms }: Belief,
  acquisition: Acquisition,
  { domain, pending, rng, prior }: ScoreContext,
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
