/**
 * One set of lengthscales for many datasets: those of the largest summed evidence.
 *
 * K  correlation over a dataset's points plus noise, n×n; y standardized values
 * log p = Σ over datasets of −½ (n·log(yᵀK⁻¹y / n) + log|K|), the scale of each dataset at its maximum
 */
import { type Dataset, type Kernel, type LinearAlgebra, type Matrix, matrix } from '@foothold/core';
import { samePoints, taken } from './prior-task.ts';

export interface SharedKernel {
  /** Unit variance. */
  readonly kernel: Kernel;
  /** Noise variance relative to the signal's. */
  readonly noise: number;
}

/** Datasets and rows that take part: enough for a few numbers. */
const maxTasks = 10;
export const maxRows = 120;
const starts = [0.15, 0.3, 0.6, 1.2, 2.4];
const noises = [1e-3, 1e-2, 1e-1];

/** `kernel` has theta [log s, log ℓ …], as matern52 makes it. `evidence`: log p, summed, with that of the lengthscales. */
export async function sharedLengthscales(
  kernel: Kernel,
  datasets: readonly Dataset[],
  linalg: LinearAlgebra,
): Promise<SharedKernel & { readonly evidence: number }> {
  const groups = grouped(evenSubset(datasets, maxTasks).map(evenRows));
  const d = kernel.theta.length - 1;
  const evidence = async (log: Float64Array, noise: number) => {
    const theta = new Float64Array(d + 1);
    theta.set(log, 1);
    const candidate = kernel.withTheta(theta);
    let total = 0;
    // A weak pull towards long scales where the data does not say: N(log 0.7, 1) on each.
    for (const u of log) total -= (0.5 * (u - Math.log(0.7)) ** 2) / 1;
    for (const group of groups) total += await groupEvidence(candidate, group, { noise, linalg });
    return total;
  };
  let best = { log: new Float64Array(d) as Float64Array, noise: noises[1]!, value: -Infinity };
  const consider = async (log: Float64Array, noise: number) => {
    const value = await evidence(log, noise);
    if (value > best.value) best = { log, noise, value };
  };
  for (const start of starts)
    for (const noise of noises) await consider(new Float64Array(d).fill(Math.log(start)), noise);
  for (const step of [Math.log(3), Math.log(2), Math.log(1.5)])
    for (let k = 0; k < d; k++) {
      const from = best;
      for (const sign of [1, -1]) {
        const log = Float64Array.from(from.log);
        log[k] = Math.min(Math.max(log[k]! + sign * step, Math.log(0.05)), Math.log(10));
        await consider(log, from.noise);
      }
    }
  for (const noise of noises) if (noise !== best.noise) await consider(best.log, noise);
  const theta = new Float64Array(d + 1);
  theta.set(best.log, 1);
  return { kernel: kernel.withTheta(theta), noise: best.noise, evidence: best.value };
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

/** At most 120 of the rows, evenly spread. */
export function evenRows(dataset: Dataset): Dataset {
  const n = dataset.y.length;
  if (n <= maxRows) return dataset;
  return taken(
    dataset,
    evenSubset(
      Array.from({ length: n }, (_, i) => i),
      maxRows,
    ),
  );
}

/** At most `count` items, evenly spread over the list. */
export function evenSubset<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, k) => items[Math.floor(((k + 0.5) * items.length) / count)]!);
}
