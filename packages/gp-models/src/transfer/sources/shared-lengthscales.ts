/**
 * One set of lengthscales for many datasets: those of the largest summed evidence.
 *
 * K  correlation over a dataset's points plus noise, n×n; y standardized values
 * log p = Σ over datasets of −½ (n·log(yᵀK⁻¹y / n) + log|K|), the scale of each dataset at its maximum
 */
import { type Dataset, type Kernel, type LinearAlgebra, type Matrix, matrix } from '@foothold/core';
import { preparationDefaults } from '../defaults.ts';
import { evenRows, evenSubset } from './row-subsets.ts';
import { samePoints } from './usable-tasks.ts';

export interface SharedKernel {
  /** Unit variance. */
  readonly kernel: Kernel;
  /** Noise variance relative to the signal's. */
  readonly noise: number;
}

/** Factors by which the coordinate search changes a lengthscale, one pass over the columns each. */
const searchFactors = [3, 2, 1.5];

interface Candidate {
  /** log ℓ of each column. */
  readonly log: Float64Array;
  readonly noise: number;
}

/**
 * The kernel with the lengthscales of the largest evidence, by a coordinate search, and that evidence: log p of all datasets
 * together, with the log prior of the lengthscales. `kernel` has theta [log s, log ℓ …], as `matern52` makes it.
 */
export async function sharedLengthscales(
  kernel: Kernel,
  datasets: readonly Dataset[],
  linalg: LinearAlgebra,
): Promise<SharedKernel & { readonly evidence: number }> {
  const { lengthscales, lengthscaleGrid, lengthscalePriorMedian } = preparationDefaults;
  const { maxTasks, maxRows } = lengthscales;
  const { lengths, noises, min, max } = lengthscaleGrid;
  const groups = grouped(evenSubset(datasets, maxTasks).map((dataset) => evenRows(dataset, maxRows)));
  const d = kernel.theta.length - 1;
  const evidence = async ({ log, noise }: Candidate) => {
    const candidate = withLengthscales(kernel, log);
    let total = 0;
    for (const u of log) total -= 0.5 * (u - Math.log(lengthscalePriorMedian)) ** 2;
    for (const group of groups) total += await groupEvidence(candidate, group, { noise, linalg });
    return total;
  };
  let best = { log: new Float64Array(d), noise: noises[1] as number, value: -Infinity };
  const consider = async (candidate: { readonly log: Float64Array<ArrayBuffer>; readonly noise: number }) => {
    const value = await evidence(candidate);
    if (value > best.value) best = { ...candidate, value };
  };
  for (const length of lengths)
    for (const noise of noises) await consider({ log: new Float64Array(d).fill(Math.log(length)), noise });
  for (const step of searchFactors.map(Math.log))
    for (let k = 0; k < d; k++) {
      const from = best;
      for (const sign of [1, -1]) {
        const log = Float64Array.from(from.log);
        log[k] = Math.min(Math.max(log[k]! + sign * step, Math.log(min)), Math.log(max));
        await consider({ log, noise: from.noise });
      }
    }
  for (const noise of noises) if (noise !== best.noise) await consider({ log: best.log, noise });
  return { kernel: withLengthscales(kernel, best.log), noise: best.noise, evidence: best.value };
}

/** The kernel with these log lengthscales and unit variance. */
function withLengthscales(kernel: Kernel, log: Float64Array): Kernel {
  return kernel.withTheta(Float64Array.of(0, ...log));
}

interface Group {
  readonly x: Matrix;
  /** Centred values, a column a dataset, n×k. */
  readonly y: Matrix;
}

async function groupEvidence(
  kernel: Kernel,
  { x, y }: Group,
  { noise, linalg }: { readonly noise: number; readonly linalg: LinearAlgebra },
): Promise<number> {
  const n = x.rows;
  const k = kernel.covariance(x, x);
  for (let i = 0; i < n; i++) k.data[i * n + i] = k.data[i * n + i]! + noise;
  const l = await linalg.cholesky(k);
  const white = await linalg.solveTriangular(l, y);
  let logDeterminant = 0;
  for (let i = 0; i < n; i++) logDeterminant += 2 * Math.log(l.data[i * n + i]!);
  let total = 0;
  for (let j = 0; j < y.columns; j++) {
    let square = 1e-12;
    for (let i = 0; i < n; i++) square += white.data[i * y.columns + j]! ** 2;
    total -= 0.5 * (n * Math.log(square / n) + logDeterminant);
  }
  return total;
}

/** Datasets over the same points share one factor. */
function grouped(datasets: readonly Dataset[]): Group[] {
  const groups: { x: Matrix; members: Dataset[] }[] = [];
  for (const dataset of datasets) {
    if (dataset.y.length < 3) continue;
    const group = groups.find(({ x }) => samePoints(x, dataset.x));
    if (group) group.members.push(dataset);
    else groups.push({ x: dataset.x, members: [dataset] });
  }
  return groups.map(({ x, members }) => {
    const y = matrix(x.rows, members.length);
    members.forEach((member, j) => {
      const mean = member.y.reduce((a, b) => a + b, 0) / x.rows;
      for (let i = 0; i < x.rows; i++) y.data[i * members.length + j] = member.y[i]! - mean;
    });
    return { x, y };
  });
}
