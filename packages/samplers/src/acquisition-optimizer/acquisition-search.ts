import {
  type AcquisitionOptimizer,
  type AcquisitionProblem,
  FitError,
  type Matrix,
  matrix,
  matrixOf,
  type Score,
} from '@foothold/core';
import { quasiNewton } from '@foothold/numerics';
import { positiveWhole } from '../positive-whole.ts';
import { gridNeighbours, maxColumns } from './grid-neighbours.ts';
import { rawSamples } from './initial-points.ts';

export interface AcquisitionSearchOptions {
  /** Points scored in the first batch, at most 1,000,000; 512. */
  readonly candidates?: number | undefined;
  /** How many of the best are polished; 4. */
  readonly starts?: number | undefined;
  /** Evaluations of each gradient ascent; 30. */
  readonly evaluations?: number | undefined;
}

const maxCandidates = 1_000_000;

interface Scored {
  readonly point: Float64Array;
  readonly value: number;
}

/**
 * Finds points of high score: one batch of spread and near points, then the best few climb by BFGS in the
 * continuous columns, in turn with the best step along one column that has a grid.
 *
 * A score without gradients climbs by grid steps and random perturbations alone. Throws FitError when `repair` allows
 * no point at all: every point is forbidden or taken. Throws InvalidArgumentError at once for options that are not whole
 * numbers from 1.
 */
export function acquisitionSearch(options: AcquisitionSearchOptions = {}): AcquisitionOptimizer {
  const { candidates: count = 512, starts = 4, evaluations = 30 } = options;
  positiveWhole('candidates', count, maxCandidates);
  positiveWhole('starts', starts);
  positiveWhole('evaluations', evaluations);
  return {
    async maximize(score, problem) {
      const first = allowed(rawSamples(problem, count), problem);
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
  const result: Float64Array[] = [];
  for (let i = 0; i < points.rows; i++) {
    const point = points.data.slice(i * points.columns, (i + 1) * points.columns);
    const valid = repair ? repair(point) : point;
    if (valid) result.push(valid);
  }
  return result;
}

async function scoredBest(score: Score, points: readonly Float64Array[]): Promise<Scored[]> {
  if (points.length === 0) return [];
  const { value } = await score(matrixOf(points), { gradient: false });
  const result: Scored[] = [];
  for (let i = 0; i < points.length; i++)
    result.push({ point: points[i]!, value: Number.isNaN(value[i]!) ? -Infinity : value[i]! });
  return result.sort((a, b) => b.value - a.value);
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

/** Each start after a climb in its continuous columns; the start itself where that gains nothing. Best first. */
async function climb(
  score: Score,
  starts: readonly Scored[],
  { problem, evaluations }: { readonly problem: AcquisitionProblem; readonly evaluations: number },
): Promise<{ readonly points: Scored[] }> {
  const { columns, fixed, repair, project, region, signal } = problem;
  const free = columns.flatMap((column, j) => (column.kind === 'continuous' && !fixed?.[j] ? [j] : []));
  if (free.length === 0) return { points: [...starts] };
  const peaks = await climbed(score, starts, {
    free,
    lower: Float64Array.from(free, (j) => region?.lower[j] ?? 0),
    upper: Float64Array.from(free, (j) => region?.upper[j] ?? 1),
    evaluations,
    project,
    signal,
  });
  if (!peaks) return { points: [...starts] };
  // What the repair moved has another score.
  const kept: Scored[] = [];
  const moved: Float64Array[] = [];
  for (const peak of peaks) {
    const valid = repair ? repair(peak.point) : peak.point;
    if (!valid) continue;
    if (valid.every((u, j) => u === peak.point[j])) kept.push(peak);
    else moved.push(valid);
  }
  const all = [...kept, ...(await scoredBest(score, moved)), ...starts].sort((a, b) => b.value - a.value);
  return { points: distinct(all, starts.length) };
}

/** Up to so many continuous columns, a climb keeps all curvature that it has seen. */
const fewColumns = 48;

/** The starts after BFGS in the free columns, all in step, one batch a round; undefined when the score has no gradient. */
async function climbed(
  score: Score,
  starts: readonly Scored[],
  problem: {
    readonly free: readonly number[];
    readonly lower: Float64Array;
    readonly upper: Float64Array;
    readonly evaluations: number;
    readonly project: AcquisitionProblem['project'];
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly Scored[] | undefined> {
  const { free, lower, upper, project, signal } = problem;
  const d = starts[0]!.point.length;
  const options = {
    maxEvaluations: problem.evaluations,
    firstStep: 0.05,
    valueTolerance: 1e-7,
    maxDense: fewColumns,
  };
  const runs = await Promise.all(
    starts.map(({ point }) =>
      quasiNewton({ start: Float64Array.from(free, (j) => point[j]!), lower, upper }, options),
    ),
  );
  const slope = new Float64Array(free.length);
  while (true) {
    const open: number[] = [];
    for (let run = 0; run < runs.length; run++) if (runs[run]!.point) open.push(run);
    if (open.length === 0) break;
    signal?.throwIfAborted();
    const points = matrix(open.length, d);
    for (let i = 0; i < open.length; i++)
      points.data.set(placed(runs[open[i]!]!.point!, starts[open[i]!]!.point), i * d);
    const { value, gradient } = await score(points);
    if (!gradient) return undefined;
    for (let i = 0; i < open.length; i++) {
      const row = gradient.data.subarray(i * d, (i + 1) * d);
      const along = project ? projectedGradient(row, points.data.slice(i * d, (i + 1) * d), project) : row;
      for (let k = 0; k < free.length; k++) slope[k] = -along[free[k]!]!;
      runs[open[i]!]!.tell(-value[i]!, slope);
    }
  }
  return runs.map(({ minimum }, run) => {
    const point = placed(minimum!.point, starts[run]!.point);
    return { point, value: Number.isFinite(minimum!.value) ? -minimum!.value : -Infinity };
  });

  /** `base` with its free columns replaced, brought to where points may be evaluated. */
  function placed(values: Float64Array, base: Float64Array): Float64Array {
    const point = base.slice();
    for (let k = 0; k < free.length; k++) point[free[k]!] = values[k]!;
    return project?.(point) ?? point;
  }
}

/** Step along the gradient by which its projection is measured, in the unit cube. */
const shift = 1e-4;

/** The gradient of score(project(x)): J·g, for the Jacobian J of a projection is symmetric; J·g as a difference along g. */
function projectedGradient(
  gradient: Float64Array,
  at: Float64Array,
  project: NonNullable<AcquisitionProblem['project']>,
): Float64Array {
  const length = Math.hypot(...gradient);
  if (!(length > 0 && length < Infinity)) return gradient;
  const moved = project(at.map((u, j) => u + (shift * gradient[j]!) / length));
  return moved ? moved.map((u, j) => ((u - at[j]!) * length) / shift) : gradient;
}

/** Each point after the best single step along a column with a grid, as often as that gains. */
async function steps(
  score: Score,
  points: readonly Scored[],
  problem: AcquisitionProblem,
): Promise<Scored[]> {
  const { columns, repair } = problem;
  if (columns.every((column) => column.kind === 'continuous')) return [...points];
  const result: Scored[] = [];
  for (const start of points) {
    let here = start;
    for (let round = 0; round < 2 * Math.min(columns.length, maxColumns); round++) {
      const around = gridNeighbours(here.point, problem).flatMap((p) => (repair ? (repair(p) ?? []) : p));
      const [top] = await scoredBest(score, around);
      if (!top || !(top.value > here.value + 1e-9)) break;
      here = top;
    }
    result.push(here);
  }
  return result.sort((a, b) => b.value - a.value);
}
