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
  rowsByValue,
  type SampleRequest,
  type Sampler,
  type Surrogate,
  UnsupportedError,
  type Why,
} from '@foothold/core';
import { jointDraw, semidefiniteRoot } from '@foothold/numerics';
import { rawSamples } from '../acquisition-optimizer/initial-points.ts';
import { type FeasibleCandidates, feasibleCandidates } from '../feasible-candidates.ts';
import { positiveWhole } from '../positive-whole.ts';
import { bestRows } from './dataset-rows.ts';
import { incumbentWhy, inUserUnits } from './explanation.ts';
import { goalData } from './goal-data.ts';
import { initialDesignSize, initialPoint } from './initial-design.ts';
import { outliersWhy } from './outliers.ts';
import { modelSamplerState, warmStartedFit } from './warm-started-fit.ts';

export interface ThompsonSamplingOptions {
  /** Its posterior, or the latent one where it warps its outputs, needs `joint`. */
  readonly surrogate: Surrogate;
  /** Points that a function is drawn at, half of them near the best observed ones, at most 8,192; 512. Time grows with the cube. */
  readonly candidates?: number | undefined;
  /** Trials before the first model, pending and failed ones included; by default 2 + half the columns, 5 to 10. */
  readonly initialTrials?: number | undefined;
}

/** More would take minutes and gigabytes for one joint covariance. */
const maxCandidates = 8192;
/** Incumbents that the candidates lie near. */
const incumbentCount = 5;

/**
 * For many evaluations at once: proposals differ because their functions do, so that running trials need no fantasies
 * and any number of workers ask independently. Several objectives get new random weights at each ask.
 *
 * Throws InvalidArgumentError; `sample` throws UnsupportedError where the surrogate has no joint distribution, and
 * SpaceExhaustedError or InfeasibleSpaceError when no point is left.
 */
export function thompsonSampling(options: ThompsonSamplingOptions): Sampler {
  const { surrogate, initialTrials, candidates: count = 512 } = options;
  const points = positiveWhole('candidates', count, maxCandidates);
  if (initialTrials !== undefined) positiveWhole('initialTrials', initialTrials);
  const fitted = warmStartedFit(surrogate);
  return {
    name: 'thompson-sampling',
    options: { candidates: points, ...(initialTrials !== undefined && { initialTrials }) },
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
      const feasible = feasibleCandidates(request);
      const size = initialTrials ?? initialDesignSize(space.columns.length, request.plannedTrials);
      const data =
        trials.length + count > size ? await goalData(request, request.rng.fork('weights')) : undefined;
      const outliers = data ? await outliersWhy(request) : {};
      const proposals: Proposal<P>[] = [];
      let believed: Believed | undefined;
      for (let k = 0; k < count; k++) {
        const index = trials.length + k;
        let chosen: Chosen;
        if (index < size || !data || data.y.length === 0)
          chosen = await initialPoint(request, feasible, { index, size });
        else {
          believed ??= await beliefAt(await fitted(request, data), { data, request, feasible, points });
          chosen = await drawnBest(believed, request, { feasible, rng: request.rng.fork(`draw ${k}`) });
        }
        const { point, why, samplerState } = chosen;
        feasible.take(point);
        proposals.push({ params: space.decode(point), why: { ...why, ...outliers }, samplerState });
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
  readonly fitted: Posterior;
}

async function beliefAt<P extends Params>(
  posterior: Posterior,
  context: {
    readonly data: Dataset;
    readonly request: SampleRequest<P>;
    readonly feasible: FeasibleCandidates;
    readonly points: number;
  },
): Promise<Believed> {
  const { data, request, feasible } = context;
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
  const tried = rawSamples({ columns, incumbents, rng, draw: feasible.draw }, context.points);
  const points = Array.from({ length: tried.rows }, (_, i) => rowOf(tried, i)).flatMap(
    (point) => feasible.repair(point) ?? [],
  );
  if (points.length === 0) points.push(feasible.any(rng.fork('any')));
  const { mean, covariance } = await drawable.joint(matrixOf(points, columns.length));
  return { points, mean, root: semidefiniteRoot(covariance), fitted: posterior };
}

interface Chosen {
  readonly point: Float64Array;
  readonly why: Why;
  readonly samplerState: ProgramState;
}

/** The best feasible candidate of one draw. */
async function drawnBest<P extends Params>(
  { points, mean, root, fitted }: Believed,
  request: SampleRequest<P>,
  { feasible, rng }: { readonly feasible: FeasibleCandidates; readonly rng: SampleRequest['rng'] },
): Promise<Chosen> {
  const draw = jointDraw(mean, root, rng);
  const why: Why = { stage: 'model', ...(fitted.why && { model: fitted.why }) };
  const samplerState = modelSamplerState(fitted);
  for (const i of rowsByValue(draw)) {
    const point = feasible.repair(points[i]!);
    if (!point) continue;
    const prediction = inUserUnits(request, await fitted.marginals(matrixOf([point])));
    return { point, why: { ...why, prediction, ...incumbentWhy(request) }, samplerState };
  }
  const fallback = 'random point: every candidate is taken';
  return { point: feasible.any(rng.fork('any')), why: { ...why, fallback }, samplerState };
}
