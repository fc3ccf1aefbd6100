/**
 * What many earlier tasks say of a new one, as functions over the whole unit cube.
 *
 * Z    anchor points, M×d: the sources' common grid, or a spread of all their points
 * W    value of each source at each anchor, centred a source, M×S: observed, or its Gaussian process' mean
 * π    weights of the sources, sum 1
 * μ    Σ π W, the prior mean; F: rows √π·(W − μ), M×r, so that F·Fᵀ is the empirical covariance (Wang et al. 2021,
 *      "Pre-trained Gaussian Processes for Bayesian Optimization", closed form), but for what `damped` says
 * off the anchors both continue as K(x, Z)·(K(Z, Z) + ε)⁻¹·[μ F]
 */
import {
  type Dataset,
  type Kernel,
  type LinearAlgebra,
  type Matrix,
  matrix,
  NotPositiveDefiniteError,
} from '@foothold/core';
import { inducingPoints } from './inducing-points.ts';
import { samePoints, taken } from './prior-task.ts';
import type { SharedKernel } from './shared-lengthscales.ts';

/** A prior mean and features over the unit cube. */
export interface FeatureBasis {
  /** [μ(x) φ(x)] at m points, m×(1 + r). */
  features(x: Matrix): Matrix;
  /** ∂/∂xᵢ of Σⱼ wᵢⱼ·featuresᵢⱼ: w m×(1 + r) → m×d. */
  pullback(x: Matrix, w: Matrix): Matrix;
  /** Where the features are kernel(x, anchors)·coefficients. */
  readonly span?: { readonly kernel: Kernel; readonly inducingPoints: Matrix; readonly coefficients: Matrix };
}

export interface SharedBasis extends FeatureBasis {
  readonly inducingPoints: Matrix;
  /** M×(1 + r): coefficients of μ, then of F's columns. */
  readonly coefficients: Matrix;
  /** μ and F at the anchors themselves, M×(1 + r). */
  readonly values: Matrix;
  /** Each source's centred values at the anchors, M×S. */
  readonly taskValues: Matrix;
  readonly kernel: Kernel;
  /** Mean over the anchors of diag(F·Fᵀ), and of μ². */
  readonly variance: number;
  readonly meanSquare: number;
  /** Mean over the sources of their mean value, and its variance. */
  readonly offset: { readonly mean: number; readonly variance: number };
}

const maxGridPoints = 512;
const maxTaskRows = 400;
const maxRank = 64;

/** `datasets`: the sources in one scale. `weights`: theirs, not negative; equal without it. */
export async function sharedBasis(
  datasets: readonly Dataset[],
  { kernel, noise }: SharedKernel,
  { linalg, weights }: { readonly linalg: LinearAlgebra; readonly weights?: readonly number[] | undefined },
): Promise<SharedBasis> {
  const first = datasets[0]!.x;
  const grid = first.rows <= maxGridPoints && datasets.every(({ x }) => samePoints(x, first));
  const anchors = grid ? first : inducingPoints(datasets, kernel);
  const w = grid ? columnsOf(datasets) : await predictedAt(anchors, datasets, { kernel, noise, linalg });
  const share = normalizedWeights(weights, datasets.length);
  const offset = centreColumns(w, share);
  return basisOf({ inducingPoints: anchors, kernel, offset, taskValues: w }, share, linalg);
}

/** The same with each source's centred values multiplied by its factor. */
export function rescaledBasis(
  { inducingPoints: anchors, kernel, offset, taskValues: sourceValues }: SharedBasis,
  factors: readonly number[],
  { linalg, weights }: { readonly linalg: LinearAlgebra; readonly weights?: readonly number[] | undefined },
): Promise<SharedBasis> {
  const { rows, columns, data } = sourceValues;
  const w = matrix(
    rows,
    columns,
    data.map((v, i) => v * factors[i % columns]!),
  );
  return basisOf(
    { inducingPoints: anchors, kernel, offset, taskValues: w },
    normalizedWeights(weights, columns),
    linalg,
  );
}

/** Weights of `count` sources, sum 1. */
function normalizedWeights(weights: readonly number[] | undefined, count: number): number[] {
  const total = weights?.reduce((a, b) => a + b, 0) ?? 0;
  return Array.from({ length: count }, (_, j) => (weights && total > 0 ? weights[j]! / total : 1 / count));
}

async function basisOf(
  known: Pick<SharedBasis, 'inducingPoints' | 'kernel' | 'offset' | 'taskValues'>,
  share: readonly number[],
  linalg: LinearAlgebra,
): Promise<SharedBasis> {
  const { inducingPoints: anchors, kernel, taskValues: sourceValues } = known;
  const values = await reducedRank(meanAndDampedDifferences(sourceValues, share), linalg);
  const factor = await safeFactor(kernel.covariance(anchors, anchors), linalg);
  const half = await linalg.solveTriangular(factor, values);
  const coefficients = await linalg.solveTriangular(factor, half, { transpose: true });
  const columns = values.columns;
  let variance = 0;
  let meanSquare = 0;
  for (let i = 0; i < values.data.length; i++) {
    const square = values.data[i]! ** 2 / anchors.rows;
    if (i % columns === 0) meanSquare += square;
    else variance += square;
  }
  return {
    ...known,
    coefficients,
    values,
    variance,
    meanSquare,
    ...spanBasis(kernel, anchors, coefficients),
  };
}

/** K(x, anchors)·coefficients as a basis. */
export function spanBasis(kernel: Kernel, anchors: Matrix, coefficients: Matrix): FeatureBasis {
  return {
    span: { kernel, inducingPoints: anchors, coefficients },
    features: (x) => matrixProduct(kernel.covariance(x, anchors), coefficients),
    pullback: (x, w) => kernel.inputGradient(x, anchors, matrixProduct(w, coefficients, true)),
  };
}

/** a·b, or a·bᵀ. */
export function matrixProduct(a: Matrix, b: Matrix, transposeB = false): Matrix {
  const columns = transposeB ? b.rows : b.columns;
  const inner = a.columns;
  const result = matrix(a.rows, columns);
  const { data } = result;
  for (let i = 0; i < a.rows; i++) {
    if (transposeB) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0, u = i * inner, v = j * inner; k < inner; k++, u++, v++)
          sum += a.data[u]! * b.data[v]!;
        data[i * columns + j] = sum;
      }
      continue;
    }
    for (let k = 0; k < inner; k++) {
      const value = a.data[i * inner + k]!;
      if (value === 0) continue;
      for (let j = 0, u = i * columns, v = k * columns; j < columns; j++, u++, v++)
        data[u] = data[u]! + value * b.data[v]!;
    }
  }
  return result;
}

/** Each source's values as a column, M×S. */
function columnsOf(datasets: readonly Dataset[]): Matrix {
  const w = matrix(datasets[0]!.y.length, datasets.length);
  datasets.forEach(({ y }, j) => {
    for (let i = 0; i < w.rows; i++) w.data[i * w.columns + j] = y[i]!;
  });
  return w;
}

/** Gaussian-process mean of each dataset at the anchors, M×S; one factor for datasets over the same points. */
async function predictedAt(
  anchors: Matrix,
  datasets: readonly Dataset[],
  { kernel, noise, linalg }: SharedKernel & { readonly linalg: LinearAlgebra },
): Promise<Matrix> {
  const w = matrix(anchors.rows, datasets.length);
  let last: { x: Matrix; factor: Matrix; cross: Matrix } | undefined;
  for (const [j, full] of datasets.entries()) {
    const { x, y } = bestAndEvenRows(full);
    if (!last || !samePoints(last.x, x)) {
      const k = kernel.covariance(x, x);
      for (let i = 0; i < x.rows; i++) k.data[i * x.rows + i] = k.data[i * x.rows + i]! + noise;
      last = { x, factor: await linalg.cholesky(k), cross: kernel.covariance(anchors, x) };
    }
    const mean = y.reduce((a, b) => a + b, 0) / y.length;
    const column = matrix(
      x.rows,
      1,
      y.map((v) => v - mean),
    );
    const half = await linalg.solveTriangular(last.factor, column);
    const alpha = await linalg.solveTriangular(last.factor, half, { transpose: true });
    const at = matrixProduct(last.cross, alpha);
    for (let i = 0; i < anchors.rows; i++) w.data[i * w.columns + j] = mean + at.data[i]!;
  }
  return w;
}

/** At most `limit` rows: the best eighth of that, and an even share of the others. */
export function bestAndEvenRows(dataset: Dataset, limit: number = maxTaskRows): Dataset {
  const n = dataset.y.length;
  if (n <= limit) return dataset;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => dataset.y[b]! - dataset.y[a]!);
  const best = Math.floor(limit / 8);
  const rest = order.slice(best).sort((a, b) => a - b);
  const wanted = limit - best;
  const spread = Array.from(
    { length: wanted },
    (_, k) => rest[Math.floor(((k + 0.5) * rest.length) / wanted)]!,
  );
  return taken(dataset, [...order.slice(0, best), ...spread]);
}

/** Subtracts each column's mean in place; returns the weighted mean and variance of those means. */
function centreColumns(w: Matrix, share: readonly number[]) {
  const means = share.map((_, j) => {
    let sum = 0;
    for (let i = 0; i < w.rows; i++) sum += w.data[i * w.columns + j]!;
    return sum / w.rows;
  });
  for (let i = 0; i < w.data.length; i++) w.data[i] = w.data[i]! - means[i % w.columns]!;
  const mean = means.reduce((sum, u, j) => sum + share[j]! * u, 0);
  const variance = means.reduce((sum, u, j) => sum + share[j]! * (u - mean) ** 2, 0);
  return { mean, variance };
}

/**
 * [μ F], M×(1 + S); the shares are those of a sample, hence S/(S − 1).
 *
 * Damped: where the deviations below μ have the larger square sum, they are scaled down to that of those above. A
 * setting that fails on some tasks varies a lot and yet promises nothing; a Gaussian belief, being symmetric, would read
 * that variance as hope.
 */
function meanAndDampedDifferences(w: Matrix, share: readonly number[]): Matrix {
  const s = w.columns;
  const result = matrix(w.rows, 1 + s);
  const correction = s > 1 ? s / (s - 1) : 0;
  for (let i = 0; i < w.rows; i++) {
    let mean = 0;
    for (let j = 0; j < s; j++) mean += share[j]! * w.data[i * s + j]!;
    result.data[i * (1 + s)] = mean;
    let above = 0;
    let below = 0;
    for (let j = 0; j < s; j++) {
      const deviation = w.data[i * s + j]! - mean;
      if (deviation > 0) above += share[j]! * deviation * deviation;
      else below += share[j]! * deviation * deviation;
    }
    const damping = below > above ? Math.sqrt(above / below) : 1;
    for (let j = 0; j < s; j++) {
      const deviation = w.data[i * s + j]! - mean;
      result.data[i * (1 + s) + 1 + j] =
        Math.sqrt(share[j]! * correction) * (deviation < 0 ? damping * deviation : deviation);
    }
  }
  return result;
}

/** With many sources, F in fewer columns of (nearly) the same F·Fᵀ: a pivoted Cholesky factor. */
async function reducedRank(values: Matrix, linalg: LinearAlgebra): Promise<Matrix> {
  const m = values.rows;
  const s = values.columns - 1;
  if (s <= maxRank) return values;
  const f = matrix(m, s);
  for (let i = 0; i < m; i++) f.data.set(values.data.subarray(i * (s + 1) + 1, (i + 1) * (s + 1)), i * s);
  const c = await linalg.multiply(f, f, { transposeB: true });
  const rank = Math.min(maxRank, m);
  const result = matrix(m, 1 + rank);
  const left = Float64Array.from({ length: m }, (_, i) => c.data[i * m + i]!);
  for (let i = 0; i < m; i++) result.data[i * (1 + rank)] = values.data[i * (s + 1)]!;
  const whole = left.reduce((a, b) => a + b, 0);
  for (let k = 0; k < rank; k++) {
    const pivot = left.reduce((best, v, i) => (v > left[best]! ? i : best), 0);
    if (left[pivot]! <= 1e-12 * whole) break;
    const root = Math.sqrt(left[pivot]!);
    for (let i = 0; i < m; i++) {
      let value = c.data[i * m + pivot]!;
      for (let q = 1; q <= k; q++)
        value -= result.data[i * (1 + rank) + q]! * result.data[pivot * (1 + rank) + q]!;
      result.data[i * (1 + rank) + 1 + k] = value / root;
    }
    for (let i = 0; i < m; i++) left[i] = Math.max(left[i]! - result.data[i * (1 + rank) + 1 + k]! ** 2, 0);
    left[pivot] = 0;
  }
  return result;
}

/** Factor of a correlation matrix, with as much on its diagonal as it needs. */
async function safeFactor(k: Matrix, linalg: LinearAlgebra): Promise<Matrix> {
  for (const jitter of [1e-6, 1e-5, 1e-4]) {
    const lifted = matrix(k.rows, k.rows, Float64Array.from(k.data));
    for (let i = 0; i < k.rows; i++) lifted.data[i * k.rows + i] = k.data[i * k.rows + i]! + jitter;
    try {
      return await linalg.cholesky(lifted);
    } catch (error) {
      if (!(error instanceof NotPositiveDefiniteError)) throw error;
    }
  }
  const lifted = matrix(k.rows, k.rows, Float64Array.from(k.data));
  for (let i = 0; i < k.rows; i++) lifted.data[i * k.rows + i] = k.data[i * k.rows + i]! + 1e-2;
  return linalg.cholesky(lifted);
}
