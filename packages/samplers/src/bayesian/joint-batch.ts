/**
 * A batch of points moved together to where the utility of all of them is largest (Wilson, Hutter, Deisenroth 2018, "Maximizing
 * acquisition functions for Bayesian optimization", §3.2; in BoTorch `optimize_acqf` with `sequential=False`).
 *
 * q  points of the batch
 * X  their coordinates, q×d; the free ones move
 */
import {
  type Acquisition,
  type AcquisitionDomain,
  type Column,
  type JointUtility,
  type Matrix,
  matrix,
  matrixOf,
  type Posterior,
  type Rng,
  rowOf,
} from '@foothold/core';
import { minimizeMany } from '@foothold/numerics';
import { rawSamples } from '../acquisition-optimizer/initial-points.ts';
import type { Belief } from './belief.ts';
import { bestRows } from './dataset-rows.ts';

interface BatchProblem {
  /** The batch that was chosen point by point, where the search begins. */
  readonly points: readonly Float64Array[];
  /** Points whose evaluations still run. */
  readonly pending: readonly Float64Array[];
  readonly acquisition: Acquisition;
  readonly domain: AcquisitionDomain & { readonly columns: readonly Column[] };
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}

/** The points of a batch, its utility, and that of the batch that was chosen point by point. */
export interface JointBatch {
  readonly points: readonly Float64Array[];
  readonly value: number;
  readonly sequentialValue: number;
}

/** Batches drawn beside that of the start, and those of them that climb. */
const [drawnBatches, climbedBatches] = [64, 3];
const maxEvaluations = 40;

/**
 * The batch of the largest joint utility that was found, never of less than that of `points`; or why there is none: the acquisition or the
 * posterior states no derivatives of a batch, or no column may move.
 */
export async function jointBatch(belief: Belief, problem: BatchProblem): Promise<JointBatch | string> {
  const { points, domain } = problem;
  const free = domain.columns.flatMap(({ kind }, j) =>
    kind === 'continuous' && !domain.fixed?.[j] ? [j] : [],
  );
  if (free.length === 0) return 'no continuous column is free';
  const utility = await preparedFor(belief, problem);
  if (typeof utility === 'string') return utility;
  const score = batchScore(belief.posterior, utility, points.length);
  const first = await score(matrixOf(points));
  if (!first?.gradient || !Number.isFinite(first.value))
    return 'the posterior states no gradient of a joint belief';
  const starts = [matrixOf(points), ...(await drawnStarts(belief, problem, score))];
  let best: JointBatch = { points, value: first.value, sequentialValue: first.value };
  for (const x of await climbed(score, starts, { free, problem })) {
    const moved = repaired(x, domain);
    const value = moved && (await score(matrixOf(moved)))?.value;
    if (moved && value !== undefined && value > best.value) best = { ...best, points: moved, value };
  }
  return best;
}

/** The utility with all points of the batch but the last one beside the candidate. */
async function preparedFor(
  { posterior, data }: Belief,
  { points, pending, acquisition, domain, rng }: BatchProblem,
): Promise<JointUtility | string> {
  const beside = [...pending, ...points.slice(0, -1)];
  const utility = await acquisition.prepare({
    ...{ posterior, data, domain, rng: rng.fork('prepare') },
    pending: matrixOf(beside, domain.columns.length),
  });
  const isMovable = typeof utility !== 'function' && (utility.movable ?? 0) >= points.length - 1;
  return isMovable && utility.derivatives
    ? utility
    : `${acquisition.name ?? 'the acquisition'} is no formula of a batch`;
}

/** The utility of a batch, q×d, with its gradient, q·d numbers; undefined where the posterior has none. */
type BatchScore = (
  x: Matrix,
) => Promise<{ readonly value: number; readonly gradient: Float64Array } | undefined>;

function batchScore(posterior: Posterior, utility: JointUtility, q: number): BatchScore {
  const { beside } = utility;
  const kept = beside.rows - (q - 1);
  return async (x) => {
    const d = x.columns;
    const all = matrix(kept + q, d);
    all.data.set(beside.data.subarray(0, kept * d));
    all.data.set(x.data, kept * d);
    const joint = await posterior.joint!(all);
    if (!joint.gradient) return undefined;
    const { value, dMean, dCovariance } = utility.derivatives!(joint, rowOf(x, q - 1));
    const pulled = await joint.gradient(dMean, dCovariance);
    return { value, gradient: pulled.data.slice(kept * d) };
  };
}

/** The best of some batches that are drawn at random: more starts. */
async function drawnStarts(
  { data }: Belief,
  { points, domain, rng }: BatchProblem,
  score: BatchScore,
): Promise<Matrix[]> {
  const q = points.length;
  const around = { ...domain, incumbents: bestRows(data, 5), rng: rng.fork('starts') };
  const raw = rawSamples(around, drawnBatches * q);
  const order = Array.from({ length: raw.rows }, (_, i) => ({ i, key: around.rng.next() })).sort(
    (a, b) => a.key - b.key,
  );
  const valued: { readonly x: Matrix; readonly value: number }[] = [];
  for (let b = 0; b < drawnBatches; b++) {
    const chosen = order.slice(b * q, (b + 1) * q).map(({ i }) => {
      const point = Float64Array.from(rowOf(raw, i));
      return domain.repair?.(point) ?? point;
    });
    const value = (await score(matrixOf(chosen)))?.value ?? Number.NaN;
    if (Number.isFinite(value)) valued.push({ x: matrixOf(chosen), value });
  }
  return valued
    .sort((a, b) => b.value - a.value)
    .slice(0, climbedBatches)
    .map(({ x }) => x);
}

/** Each start after L-BFGS-B in the free coordinates of all its points. */
async function climbed(
  score: BatchScore,
  starts: readonly Matrix[],
  { free, problem }: { readonly free: readonly number[]; readonly problem: BatchProblem },
): Promise<Matrix[]> {
  const { points, domain, signal } = problem;
  const [q, d] = [points.length, domain.columns.length];
  const at = Array.from({ length: q }, (_, i) => free.map((j) => i * d + j)).flat();
  const placed = (values: Float64Array, base: Matrix) => {
    const x = matrix(q, d, Float64Array.from(base.data));
    at.forEach((k, v) => {
      x.data[k] = values[v]!;
    });
    return x;
  };
  const minima = await minimizeMany(
    async (rows, runs) => {
      const values = new Float64Array(rows.rows);
      const gradients = matrix(rows.rows, at.length);
      for (const [r, run] of runs.entries()) {
        const told = await score(placed(rowOf(rows, r), starts[run]!));
        values[r] = -told!.value;
        gradients.data.set(
          Float64Array.from(at, (k) => -told!.gradient[k]!),
          r * at.length,
        );
      }
      return { values, gradients };
    },
    matrixOf(starts.map((x) => Float64Array.from(at, (k) => x.data[k]!))),
    {
      lower: Float64Array.from(at, (k) => domain.region?.lower[k % d] ?? 0),
      upper: Float64Array.from(at, (k) => domain.region?.upper[k % d] ?? 1),
      maxEvaluations,
      firstStep: 0.05,
      valueTolerance: 1e-7,
      signal,
    },
  );
  return minima.map(({ point }, s) => placed(point, starts[s]!));
}

/** The points where they may be evaluated; undefined where one may not, or is there twice. */
function repaired(x: Matrix, { repair }: AcquisitionDomain): Float64Array[] | undefined {
  const points: Float64Array[] = [];
  for (let i = 0; i < x.rows; i++) {
    const point = repair ? repair(Float64Array.from(rowOf(x, i))) : Float64Array.from(rowOf(x, i));
    if (!point || points.some((other) => other.every((u, j) => u === point[j]))) return undefined;
    points.push(point);
  }
  return points;
}
