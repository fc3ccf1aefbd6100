/** Proposals of one request, moved together where that gains. */
import { type Acquisition, matrixOf, type Params, type SampleRequest } from '@foothold/core';
import { feasibleCandidates } from '../feasible-candidates.ts';
import type { Belief } from './belief.ts';
import { finite, inUserUnits } from './explanation.ts';
import { jointBatch } from './joint-batch.ts';
import type { ChosenPoint } from './model-proposal.ts';
import type { SearchRegion } from './search-region.ts';

interface Setting {
  /** Chosen one after the other. */
  readonly chosen: readonly ChosenPoint[];
  readonly acquisition: Acquisition;
  readonly searchRegion: ReturnType<SearchRegion> | undefined;
}

/** The points of the best batch; those that were chosen one after the other where the goal has more than the acquisition's utility. */
export async function jointProposals<P extends Params>(
  request: SampleRequest<P>,
  belief: Belief,
  { chosen, acquisition, searchRegion }: Setting,
): Promise<readonly ChosenPoint[]> {
  const { space, trials, signal } = request;
  // The points of this request are not taken here: each of them may move.
  const { repair, fixed, project, draw } = feasibleCandidates(request);
  const reason =
    refusal(request, belief) ??
    (project || draw ? 'the points that may be evaluated leave no volume' : undefined);
  const running = trials.filter(({ state }) => state === 'running');
  const found =
    reason ??
    (await jointBatch(belief, {
      points: chosen.map(({ point }) => point),
      pending: running.map(({ params }) => space.encode(params)),
      acquisition,
      domain: { columns: space.columns, repair, fixed, region: searchRegion?.region },
      rng: request.rng.fork('batch'),
      signal,
    }));
  if (typeof found === 'string')
    return chosen.map(({ why, ...rest }) => ({
      ...rest,
      why: { ...why, batch: { method: 'sequential', reason: found } },
    }));
  const { points, value, sequentialValue } = found;
  const batch = { method: 'joint', value: finite(value), sequentialValue: finite(sequentialValue) };
  return Promise.all(
    chosen.map(async ({ why, ...rest }, k) => {
      const point = points[k]!;
      const prediction = inUserUnits(request, await belief.fitted.marginals(matrixOf([point])));
      return { ...rest, point, why: { ...why, prediction, batch } };
    }),
  );
}

function refusal<P extends Params>(request: SampleRequest<P>, { terms }: Belief): string | undefined {
  if (terms.length > 0) return 'constraints on metrics or a cost weigh each point by itself';
  if (request.advice) return 'an adviser weighs each point by itself';
  return undefined;
}
