/**
 * Thompson sampling (Thompson 1933; Kandasamy, Krishnamurthy, Schneider, Póczos 2018, "Parallelised Bayesian Optimisation
 * via Thompson Sampling"): each proposal is the best point of one function drawn from the posterior.
 */
import {
  type Dataset,
  matrixOf,
  type Params,
  type Posterior,
  type ProgramState,
  type Proposal,
  rowOf,
  type SampleRequest,
  type Sampler,
  type Surrogate,
  UnsupportedError,
  type Why,
} from '@foothold/core';
import { candidates } from '../acquisition-optimizer/initial-points.ts';
import { type FeasibleCandidates, feasibleCandidates } from '../feasible-candidates.ts';
import { positiveWhole } from '../positive-whole.ts';
import { bestRows } from './dataset-rows.ts';
import { goalData } from './goal-data.ts';
import { designed, designSize } from './initial-design.ts';
import { jointDraw, semidefiniteRoot } from './joint-draws.ts';
import { outliersWhy } from './outliers.ts';
import { fitting } from './warm-started-fit.ts';

export interface ThompsonSamplingOptions {
  /** Its posterior, or the latent one where it warps its outputs, needs `joint`. */
  readonly surrogate: Surrogate;
  /** Points that a function is drawn at, half of them near the best observed ones, at most 8,192; 512. Time grows with the cube. */
  readonly candidates?: number | undefined;
  /** Trials before the first model, pending and failed ones included; by default 2 + half the columns, 5 to 10. */
  readonly initialTrials?: number | undefined;
}

/** More would take minutes and gigabytes for one joint covariance. */
const mostCandidates = 8192;
/** Points that candidates lie near. */
const incumbentCount = 5;

/**
 * For many evaluations at once: proposals differ because their functions do, so that running trials need no fantasies
 * and any number of workers ask independently. Several objectives are weighted anew at each ask.
 *
 * Throws InvalidArgumentError; `sample` throws UnsupportedError where the surrogate has no joint distribution, and
 * SpaceExhaustedError or InfeasibleSpaceError when no point is left.
 */
export function thompsonSampling(options: ThompsonSamplingOptions): Sampler {
  const { surrogate, initialTrials, candidates: count = 512 } = options;
  const points = positiveWhole('candidates', count, mostCandidates);
  if (initialTrials !== undefined) positiveWhole('initialTrials', initialTrials);
  const fitted = fitting(surrogate);
  return {
    name: 'thompson-sampling',
    supports: [
      'conditional',
      'input-constraints',
      'fixed',
      'several-objectives',
      'known-noise',
      'continuous',
    ],
    async sample<P extends Params>(request: SampleRequest<P>): Promise<readonly Proposal<P>[]> {
      const { space, trials, count } = request;
      const spots = feasibleCandidates(request);
      const size = initialTrials ?? designSize(space.columns.length, request.budget);
      const data = trials.length + count > size ? goalData(request, request.rng.fork('weights')) : undefined;
      const outliers = data ? outliersWhy(request) : {};
      const proposals: Proposal<P>[] = [];
      let believed: Believed | undefined;
      for (let k = 0; k < count; k++) {
        const index = trials.length + k;
        let chosen: {
          readonly point: Float64Array;
          readonly why: Why;
          readonly samplerState?: ProgramState;
        };
        if (index < size || !data || data.y.length === 0) chosen = designed(request, spots, { index, size });
        else {
          believed ??= await beliefAt(await fitted(request, data), { data, request, spots, points });
          chosen = drawnBest(believed, spots, request.rng.fork(`draw ${k}`));
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

/** The joint belief at the candidates. */
interface Believed {
  readonly points: readonly Float64Array[];
  readonly mean: Float64Array;
  readonly root: ReturnType<typeof semidefiniteRoot>;
  readonly model: Why | undefined;
  readonly state: ProgramState | undefined;
}

async function beliefAt<P extends Params>(
  posterior: Posterior,
  context: {
    readonly data: Dataset;
    readonly request: SampleRequest<P>;
    readonly spots: FeasibleCandidates;
    readonly points: number;
  },
): Promise<Believed> {
  const { data, request, spots } = context;
  const { columns } = request.space;
  // The largest value of a draw lies where its latent value is largest: the warp is monotone.
  const latent = posterior.latent?.posterior;
  const drawable = latent?.joint ? latent : posterior;
  if (!drawable.joint)
    throw new UnsupportedError(
      'draws at several points',
      'this surrogate',
      'thompsonSampling needs Posterior.joint; take bayesian',
    );
  const rng = request.rng.fork('candidates');
  const incumbents = bestRows(data, incumbentCount);
  const tried = candidates({ columns, incumbents, rng, draw: spots.draw }, context.points);
  const points = Array.from({ length: tried.rows }, (_, i) => rowOf(tried, i)).flatMap(
    (point) => spots.repair(point) ?? [],
  );
  if (points.length === 0) points.push(spots.any(rng.fork('any')));
  const { mean, covariance } = await drawable.joint(matrixOf(points, columns.length));
  return { points, mean, root: semidefiniteRoot(covariance), model: posterior.why, state: posterior.state };
}

function drawnBest(
  { points, mean, root, model, state }: Believed,
  spots: FeasibleCandidates,
  rng: SampleRequest['rng'],
): { readonly point: Float64Array; readonly why: Why; readonly samplerState?: ProgramState } {
  const draw = jointDraw(mean, root, rng);
  const order = Array.from(draw.keys()).sort((a, b) => draw[b]! - draw[a]!);
  const why = { stage: 'model', ...(model && { model }) };
  const kept = state && { samplerState: { model: state } };
  for (const i of order) {
    const point = spots.repair(points[i]!);
    if (point) return { point, why: { ...why, drawn: draw[i]!, mean: mean[i]! }, ...kept };
  }
  return { point: spots.any(rng.fork('any')), why, ...kept };
}
