/** Configurations that may be begun, and the points whose mean at the target fidelity may turn out the largest. */
import {
  type Acquisition,
  type AcquisitionProblem,
  type Dataset,
  type Matrix,
  matrixOf,
  OptimizationError,
  type Params,
  rowOf,
  rowsByValue,
  type SampleRequest,
} from '@foothold/core';
import { acquisitionSearch } from '../acquisition-optimizer/acquisition-search.ts';
import { rawSamples } from '../acquisition-optimizer/initial-points.ts';
import { scoreOf } from '../bayesian/score.ts';
import type { FeasibleCandidates } from '../feasible-candidates.ts';
import { candidatesAt } from '../multi-fidelity/fidelity-column.ts';
import type { CurveBelief } from './curve-belief.ts';
import type { Arm } from './training-gain.ts';
import type { TrainingState } from './training-state.ts';

/** Means at the target fidelity of what was begun. */
export interface BegunMeans {
  /** Configurations at the target fidelity, n×d. */
  readonly x: Matrix;
  readonly mean: Float64Array;
  /** Whether each was trained to the target fidelity. */
  readonly isEnd: readonly boolean[];
  /** Best mean of those that were; −Infinity without one. */
  readonly best: number;
}

export async function begunMeans(
  { column, configurations }: TrainingState,
  { posterior }: CurveBelief,
): Promise<BegunMeans> {
  const x = matrixOf(
    configurations.map(({ point }) => point),
    configurations[0]?.point.length,
  );
  const { mean } = await posterior.marginals(x);
  const isEnd = configurations.map(({ reached }) => reached === column.levels - 1);
  const best = mean.reduce((most, m, i) => (isEnd[i] ? Math.max(most, m) : most), -Infinity);
  return { x, mean, isEnd, best };
}

/** Points whose mean may turn out the largest, of begun configurations and of new ones. */
const [begunTargets, freshTargets] = [8, 24];

/** The begun configurations of the largest mean, and the new ones of the largest upper confidence bound. */
export async function targetsOf(
  { x, mean }: BegunMeans,
  fresh: readonly Arm[],
  posterior: CurveBelief['posterior'],
): Promise<Matrix> {
  const rows = rowsAt(x, rowsByValue(mean).slice(0, begunTargets));
  if (fresh.length === 0) return matrixOf(rows, x.columns);
  const belief = await posterior.marginals(matrixOf(fresh.map(({ point }) => point)));
  const upper = belief.mean.map((m, i) => m + Math.sqrt(Math.max(belief.variance[i]!, 0)));
  const chosen = rowsByValue(upper).slice(0, freshTargets);
  return matrixOf([...rows, ...chosen.map((i) => fresh[i]!.point)]);
}

/** New configurations that are rated beside the one of the largest acquisition. */
const freshCount = 96;
/** Begun configurations that new ones are sought around. */
const incumbentCount = 5;

/** New configurations: that of the largest acquisition at the target fidelity, and some over the space and near the best. */
export async function newConfigurations<P extends Params>(
  request: SampleRequest<P>,
  { column, configurations }: TrainingState,
  model: { readonly belief: CurveBelief; readonly acquisition: Acquisition; readonly begun: BegunMeans },
): Promise<Arm[]> {
  const { columns } = request.space;
  const { x, mean } = model.begun;
  const { repair: repaired, project, draw, fixed } = candidatesAt(request, column, column.levels - 1);
  const repair = (point: Float64Array) => {
    const found = repaired(point);
    return found && !configurations.some((begun) => isCopy(begun.point, found)) ? found : undefined;
  };
  const incumbents = matrixOf(rowsAt(x, rowsByValue(mean).slice(0, incumbentCount)), columns.length);
  const rng = request.rng.fork('new');
  const drawn = rawSamples({ columns, incumbents, rng: rng.fork('drawn'), draw }, freshCount);
  const points = Array.from({ length: drawn.rows }, (_, i) => repair(Float64Array.from(rowOf(drawn, i))));
  const domain = { columns, repair, project, draw, fixed, incumbents, rng, signal: request.signal };
  points.push(await bestNew(domain, model));
  return points.flatMap((point) => (point ? [{ point, reached: -1 }] : []));
}

/** The point of the largest acquisition, improvements counting from those at the target fidelity where there are some. */
async function bestNew(
  problem: AcquisitionProblem,
  {
    belief: { posterior },
    acquisition,
    begun: { x, mean, isEnd, best },
  }: { readonly belief: CurveBelief; readonly acquisition: Acquisition; readonly begun: BegunMeans },
): Promise<Float64Array | undefined> {
  const { columns, rng } = problem;
  const rows = Array.from(isEnd.keys()).filter((i) => isEnd[i] || best === -Infinity);
  const data: Dataset = {
    x: matrixOf(rowsAt(x, rows), columns.length),
    y: Float64Array.from(rows, (i) => mean[i]!),
  };
  try {
    const utility = await acquisition.prepare({
      ...{ posterior, data, domain: problem, rng: rng.fork('prepare') },
      pending: matrixOf([], columns.length),
    });
    const score = scoreOf([{ posterior, utility }], columns);
    return await acquisitionSearch({ candidates: 200, starts: 3, evaluations: 20 }).maximize(score, problem);
  } catch (error) {
    // No point is left.
    if (!(error instanceof OptimizationError)) throw error;
    return undefined;
  }
}

/** What may be proposed at a level beside the configurations that count as taken. */
export function candidatesBeside<P extends Params>(
  request: SampleRequest<P>,
  { column, configurations }: TrainingState,
  {
    level,
    taken,
  }: { readonly level: number; readonly taken: (one: TrainingState['configurations'][number]) => boolean },
): FeasibleCandidates {
  // A point may be proposed again in studies that allow it, a piece of training never.
  const candidates = candidatesAt({ ...request, repeat: false }, column, level);
  for (const { point } of configurations.filter(taken)) {
    const placed = point.slice();
    placed[column.index] = column.position(level);
    candidates.take(placed);
  }
  return candidates;
}

/** What a piece of training up to a level may begin with: no configuration that runs, or has come so far. */
export function startable<P extends Params>(
  request: SampleRequest<P>,
  state: TrainingState,
  level: number,
): FeasibleCandidates {
  return candidatesBeside(request, state, {
    level,
    taken: ({ running, reached }) => running >= 0 || reached >= level,
  });
}

/** Root mean square distance per column below which a configuration is a copy of another: it would teach the same once more. */
const minDistance = 3e-3;

function isCopy(a: Float64Array, b: Float64Array): boolean {
  let square = 0;
  for (let i = 0; i < a.length; i++) square += (a[i]! - b[i]!) ** 2;
  return square < minDistance ** 2 * a.length;
}

function rowsAt(x: Matrix, rows: ArrayLike<number>): Float64Array[] {
  return Array.from(rows, (i) => rowOf(x, i));
}
