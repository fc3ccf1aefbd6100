import {
  type AcquisitionOptimizer,
  type AcquisitionProblem,
  FitError,
  type Matrix,
  matrixOf,
  rowOf,
  type Score,
} from '@foothold/core';
import { minimizeMany } from '@foothold/numerics';
import { candidates } from './acquisition-optimizer-candidates.ts';
import { gridNeighbours } from './acquisition-optimizer-moves.ts';

export interface AcquisitionSearchOptions {
  /** Points scored in the first batch; 512. */
  readonly candidates?: number | undefined;
  /** How many of the best are polished; 4. */
  readonly starts?: number | undefined;
  /** Evaluations of each gradient ascent; 30. */
  readonly evaluations?: number | undefined;
}

interface Scored {
  readonly point: Float64Array;
  readonly value: number;
}

/**
 * Finds points of high score: one batch of spread and near points, then the best few climb by L-BFGS-B in the
 * continuous columns, in turn with the best step along one column that has a grid.
 *
 * A score without gradients climbs by grid steps and random perturbations alone. Throws FitError when `repair` allows
 * no point at all: every point is forbidden or taken.
 */
export function acquisitionSearch(options: AcquisitionSearchOptions = {}): AcquisitionOptimizer {
  const { candidates: count = 512, starts = 4, evaluations = 30 } = options;
  return {
    async maximize(score, problem) {
      const first = allowed(candidates(problem, count), problem);
      if (first.length === 0) throw new FitError('no point of the space may be evaluated');
      const scored = await scoredBest(score, first);
      let best = distinct(scored, starts);
      for (let round = 0; round < 3; round++) {
        const climbed = await climb(score, best, { problem, evaluations });
        const moved = await steps(score, climbed.points, problem);
        const gained = (moved[0]?.value ?? -Infinity) - (best[0]?.value ?? -Infinity);
        best = moved;
        if (!moved.some((at, i) => at !== climbed.points[i]) || gained < 1e-6) break;
      }
      return best[0]!.point;
    },
  };
}

/** The points that may be evaluated, repaired. */
function allowed(points: Matrix, { repair }: AcquisitionProblem): Float64Array[] {
  const rows = Array.from({ length: points.rows }, (_, i) => rowOf(points, i));
  return repair ? rows.flatMap((row) => repair(row) ?? []) : rows;
}

async function scoredBest(score: Score, points: readonly Float64Array[]): Promise<Scored[]> {
  if (points.length === 0) return [];
  const { value } = await score(matrixOf(points), { gradient: false });
  return points
    .map((point, i) => ({ point, value: Number.isNaN(value[i]!) ? -Infinity : value[i]! }))
    .sort((a, b) => b.value - a.value);
}

/** The best ones that are not next to a better one. */
function distinct(scored: readonly Scored[], count: number): Scored[] {
  const chosen: Scored[] = [];
  for (const candidate of scored) {
    if (chosen.length >= count) break;
    if (chosen.every(({ point }) => distance(point, candidate.point) > 1e-4 * point.length))
      chosen.push(candidate);
  }
  return chosen.length > 0 ? chosen : scored.slice(0, 1);
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

/** Each start after L-BFGS-B in its continuous columns; the start itself where that gains nothing. Best first. */
async function climb(
  score: Score,
  starts: readonly Scored[],
  { problem, evaluations }: { readonly problem: AcquisitionProblem; readonly evaluations: number },
): Promise<{ readonly points: Scored[] }> {
  const { columns, fixed, repair } = problem;
  const free = columns.flatMap((column, j) => (column.kind === 'continuous' && !fixed?.[j] ? [j] : []));
  if (free.length === 0) return { points: [...starts] };
  const probe = await score(matrixOf([starts[0]!.point]));
  if (!probe.gradient) return { points: [...starts] };
  const placed = (values: Float64Array, run: number) => {
    const point = Float64Array.from(starts[run]!.point);
    free.forEach((j, k) => {
      point[j] = values[k]!;
    });
    return point;
  };
  const minima = await minimizeMany(
    async (points, runs) => {
      const { value, gradient } = await score(matrixOf(runs.map((run, i) => placed(rowOf(points, i), run))));
      const gradients = matrixOf(
        runs.map((_, i) => {
          const row = rowOf(gradient!, i);
          return free.map((j) => -row[j]!);
        }),
        free.length,
      );
      return { values: value.map((u) => -u), gradients };
    },
    matrixOf(starts.map(({ point }) => free.map((j) => point[j]!))),
    {
      lower: Float64Array.from(free, (j) => problem.region?.lower[j] ?? 0),
      upper: Float64Array.from(free, (j) => problem.region?.upper[j] ?? 1),
      maxEvaluations: evaluations,
      firstStep: 0.05,
      valueTolerance: 1e-7,
      memory: 5,
      signal: problem.signal,
    },
  );
  const peaks = minima.map(({ point }, run) => placed(point, run));
  const repaired = peaks.flatMap((point, run) => {
    const valid = repair ? repair(point) : point;
    return valid ? [{ point: valid, run }] : [];
  });
  const values = await scoredBest(
    score,
    repaired.map(({ point }) => point),
  );
  const all = [...values, ...starts].sort((a, b) => b.value - a.value);
  return { points: distinct(all, starts.length) };
}

/** Each point after the best single step along a column with a grid, as often as that gains. */
async function steps(
  score: Score,
  points: readonly Scored[],
  problem: AcquisitionProblem,
): Promise<Scored[]> {
  const { columns, fixed, repair } = problem;
  if (columns.every((column) => column.kind === 'continuous')) return [...points];
  const result: Scored[] = [];
  for (const start of points) {
    let here = start;
    for (let round = 0; round < 2 * columns.length; round++) {
      const around = gridNeighbours(here.point, columns, fixed).flatMap((p) =>
        repair ? (repair(p) ?? []) : p,
      );
      const [top] = await scoredBest(score, around);
      if (!top || !(top.value > here.value + 1e-9)) break;
      here = top;
    }
    result.push(here);
  }
  return result.sort((a, b) => b.value - a.value);
}
