/**
 * A batch of points moved together to where the utility of all of them is largest (Wilson, Hutter, Deisenroth 2018, "Maximizing
 * acquisition functions for Bayesian optimization", §3.2; in BoTorch `optimize_acqf` with `sequential=False`).
 *
 * q  points of the batch
 * d  columns
 * X  m batches, each one row of q·d coordinates: what the acquisition optimizer searches
 */
import {
  type Acquisition,
  type AcquisitionDomain,
  type AcquisitionOptimizer,
  type JointUtility,
  type Matrix,
  matrix,
  matrixOf,
  type Posterior,
  type Rng,
  rowOf,
  type Score,
} from '@foothold/core';
import type { Belief } from './belief.ts';

interface BatchProblem {
  /** The batch that was chosen point by point, around which the search begins. */
  readonly points: readonly Float64Array[];
  /** Points whose evaluations still run. */
  readonly pending: readonly Float64Array[];
  readonly acquisition: Acquisition;
  readonly optimizer: AcquisitionOptimizer;
  readonly domain: AcquisitionDomain;
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}

/** The points of a batch, its utility, and that of the batch that was chosen point by point. */
interface JointBatch {
  readonly points: readonly Float64Array[];
  readonly value: number;
  readonly sequentialValue: number;
}

/**
 * The batch of the largest joint utility that was found, never of less than that of `points`; or why there is none: the acquisition
 * is no formula of a batch.
 */
export async function jointBatch(belief: Belief, problem: BatchProblem): Promise<JointBatch | string> {
  const { points, acquisition, optimizer, domain, rng, signal } = problem;
  const utility = await preparedFor(belief, problem);
  if (!utility) return `${acquisition.name ?? 'the acquisition'} is no formula of a batch`;
  const score = batchScore(belief.posterior, utility, points.length);
  const start = joined(points);
  const search = { incumbents: matrixOf([start]), rng: rng.fork('search'), signal };
  const found = await optimizer.maximize(score, { ...batchDomain(domain, points.length), ...search });
  const { value } = await score(matrixOf([start, found]), { gradient: false });
  const [sequentialValue, jointValue] = [value[0]!, value[1]!];
  return jointValue > sequentialValue
    ? { points: split(found, points.length), value: jointValue, sequentialValue }
    : { points, value: sequentialValue, sequentialValue };
}

/** The utility with all points of the batch but the last one beside the candidate; undefined where it does not take them alike. */
async function preparedFor(
  { posterior, data }: Belief,
  { points, pending, acquisition, domain, rng }: BatchProblem,
): Promise<JointUtility | undefined> {
  const beside = [...pending, ...points.slice(0, -1)];
  const utility = await acquisition.prepare({
    ...{ posterior, data, domain, rng: rng.fork('prepare') },
    pending: matrixOf(beside, domain.columns.length),
  });
  const isMovable = typeof utility !== 'function' && (utility.movable ?? 0) >= points.length - 1;
  return isMovable ? utility : undefined;
}

/** The utility of each batch, with its gradient where utility and posterior have one. */
function batchScore(posterior: Posterior, utility: JointUtility, q: number): Score {
  const { beside } = utility;
  const kept = beside.rows - (q - 1);
  return async (batches, { gradient: isWanted = true } = {}) => {
    const d = batches.columns / q;
    const value = new Float64Array(batches.rows);
    let gradient: Matrix | undefined = isWanted ? matrix(batches.rows, batches.columns) : undefined;
    for (let b = 0; b < batches.rows; b++) {
      const batch = rowOf(batches, b);
      const points = matrix(kept + q, d);
      points.data.set(beside.data.subarray(0, kept * d));
      points.data.set(batch, kept * d);
      const joint = await posterior.joint!(points);
      const candidate = batch.subarray((q - 1) * d);
      value[b] = utility.value(joint, candidate);
      if (!gradient) continue;
      const told = utility.derivatives?.(joint, candidate);
      const pulled = told && (await joint.gradient?.(told.dMean, told.dCovariance));
      if (pulled) gradient.data.set(pulled.data.subarray(kept * d), b * batches.columns);
      else gradient = undefined;
    }
    return gradient ? { value, gradient } : { value };
  };
}

/** The domain of batches of q points, no two of them the same. */
function batchDomain({ columns, repair, fixed, region }: AcquisitionDomain, q: number): AcquisitionDomain {
  const times = <T>(values: ArrayLike<T>): T[] => Array.from({ length: q }, () => Array.from(values)).flat();
  return {
    columns: times(columns),
    ...(fixed && { fixed: Uint8Array.from(times(fixed)) }),
    ...(region && {
      region: {
        lower: Float64Array.from(times(region.lower)),
        upper: Float64Array.from(times(region.upper)),
      },
    }),
    repair(batch) {
      const points: Float64Array[] = [];
      for (const point of split(batch, q)) {
        const near = repair ? repair(point) : point;
        if (!near || points.some((other) => other.every((u, j) => u === near[j]))) return undefined;
        points.push(near);
      }
      return joined(points);
    },
  };
}

function split(batch: Float64Array, q: number): Float64Array[] {
  const d = batch.length / q;
  return Array.from({ length: q }, (_, k) => batch.slice(k * d, (k + 1) * d));
}

function joined(points: readonly Float64Array[]): Float64Array {
  return matrixOf(points).data;
}
