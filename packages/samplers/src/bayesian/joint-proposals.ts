/** Proposals of one request, moved together where that gains. */
import type { Acquisition, AcquisitionOptimizer, Json, Params, SampleRequest, Why } from '@foothold/core';
import type { FeasibleCandidates } from '../feasible-candidates.ts';
import type { Belief } from './belief.ts';
import { jointBatch } from './joint-batch.ts';
import type { ChosenPoint } from './model-proposal.ts';
import type { SearchRegion } from './search-region.ts';

interface Setting {
  /** Chosen one after the other. */
  readonly chosen: readonly ChosenPoint[];
  readonly acquisition: Acquisition;
  readonly optimizer: AcquisitionOptimizer;
  readonly searchRegion: ReturnType<SearchRegion> | undefined;
  /** The points that are open before this request: each of its own may move. */
  readonly feasible: FeasibleCandidates;
  /** What `why` predicts at a point. */
  readonly predictionAt: (point: Float64Array) => Promise<Why>;
}

/**
 * The points of the best batch; those that were chosen one after the other where the goal has more than the acquisition's utility, where each
 * objective has a model of its own, and where the model did not choose them all.
 */
export async function jointProposals<P extends Params>(
  request: SampleRequest<P>,
  belief: Belief | undefined,
  { chosen, acquisition, optimizer, searchRegion, feasible, predictionAt }: Setting,
): Promise<readonly ChosenPoint[]> {
  if (chosen.length < 2 || chosen.some(({ why }) => why['stage'] !== 'model')) return chosen;
  if (!belief) return sequential(chosen, 'several objectives have no joint utility of a batch');
  const { space, trials, signal } = request;
  const { repair, fixed } = feasible;
  const running = trials.filter(({ state }) => state === 'running');
  const found =
    refusal(request, belief, feasible) ??
    (await jointBatch(belief, {
      points: chosen.map(({ point }) => point),
      pending: running.map(({ params }) => space.encode(params)),
      domain: { columns: space.columns, repair, fixed, region: searchRegion?.region },
      rng: request.rng.fork('batch'),
      ...{ acquisition, optimizer, signal },
    }));
  if (typeof found === 'string') return sequential(chosen, found);
  const { points, value, sequentialValue } = found;
  const batch = { method: 'joint', value: finite(value), sequentialValue: finite(sequentialValue) };
  return Promise.all(
    chosen.map(async ({ why, ...rest }, k) => {
      const point = points[k]!;
      // Its own value was that of the point that it moved away from: the batch has one value.
      const moved = { acquisition: { name: acquisition.name ?? 'unnamed' }, batch };
      return { ...rest, point, why: { ...why, ...moved, prediction: await predictionAt(point) } };
    }),
  );
}

function sequential(chosen: readonly ChosenPoint[], reason: string): readonly ChosenPoint[] {
  return chosen.map(({ why, ...rest }) => ({
    ...rest,
    why: { ...why, batch: { method: 'sequential', reason } },
  }));
}

/** Why the points stay as they are. */
function refusal<P extends Params>(
  request: SampleRequest<P>,
  { terms }: Belief,
  { project, draw }: FeasibleCandidates,
): string | undefined {
  if (terms.length > 0) return 'constraints on metrics or a cost weigh each point by itself';
  if (request.advice) return 'an adviser weighs each point by itself';
  if (project || draw) return 'the points that may be evaluated leave no volume';
  return undefined;
}

function finite(value: number): Json {
  return Number.isFinite(value) ? value : null;
}
