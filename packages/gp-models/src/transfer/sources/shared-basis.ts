/**
 * The mean and covariance of many prior tasks as functions over the unit cube.
 *
 * Z    inducing points, M×d: the sources' common grid, or a spread of all their points
 * W    value of each source at each inducing point, centred a source, M×S: observed, or the mean of its Gaussian process
 * π    weights of the sources, sum 1
 * μ    Σ π W, the prior mean; F: rows √π·(W − μ), M×r, so that F·Fᵀ is the empirical covariance (Wang et al. 2021,
 *      "Pre-trained Gaussian Processes for Bayesian Optimization", closed form), but for the damping of empirical-features.ts
 * off the inducing points both continue as K(x, Z)·(K(Z, Z) + ε)⁻¹·[μ F]
 */
import { type Dataset, type Kernel, type LinearAlgebra, type Matrix, matrix } from '@foothold/core';
import { choleskySolve } from '../../inference/cholesky-solve.ts';
import { addToDiagonal, matrixProduct } from '../../inference/dense.ts';
import { safeCholesky } from '../../inference/safe-cholesky.ts';
import { preparationDefaults } from '../defaults.ts';
import { centreColumns, meanAndDampedDifferences, reducedRank } from './empirical-features.ts';
import { type FeatureBasis, spanBasis } from './feature-basis.ts';
import { inducingPointsOf } from './inducing-points.ts';
import { bestAndEvenRows } from './row-subsets.ts';
import type { SharedKernel } from './shared-lengthscales.ts';
import { samePoints } from './usable-tasks.ts';

/** Jitters of the correlation matrix of the inducing points. */
const jitters = [1e-6, 1e-5, 1e-4, 1e-2];

interface BasisSetting {
  readonly linalg: LinearAlgebra;
  /** Weights of the sources, not negative; all equal without them. */
  readonly weights?: readonly number[] | undefined;
}

export interface SharedBasis extends FeatureBasis {
  readonly inducingPoints: Matrix;
  /** M×(1 + r): coefficients of μ, then of F's columns. */
  readonly coefficients: Matrix;
  /** μ and F at the inducing points themselves, M×(1 + r). */
  readonly values: Matrix;
  /** Each source's centred values at the inducing points, M×S. */
  readonly taskValues: Matrix;
  readonly kernel: Kernel;
  /** Mean over the inducing points of diag(F·Fᵀ), and of μ². */
  readonly variance: number;
  readonly meanSquare: number;
  /** Mean over the sources of their mean value, and its variance. */
  readonly offset: { readonly mean: number; readonly variance: number };
}

/** The basis of these sources, whose values are in one scale. */
export async function sharedBasis(
  datasets: readonly Dataset[],
  { kernel, noise }: SharedKernel,
  { linalg, weights }: BasisSetting,
): Promise<SharedBasis> {
  const first = datasets[0]!.x;
  const { maxGridPoints } = preparationDefaults;
  const isGrid = first.rows <= maxGridPoints && datasets.every(({ x }) => samePoints(x, first));
  const inducingPoints = isGrid ? first : inducingPointsOf(datasets, kernel);
  const taskValues = isGrid
    ? columnsOf(datasets)
    : await predictedAt(inducingPoints, datasets, { kernel, noise, linalg });
  const shares = normalizedWeights(weights, datasets.length);
  const offset = centreColumns(taskValues, shares);
  return basisOf({ inducingPoints, kernel, offset, taskValues }, shares, linalg);
}

/** The basis with each source's centred values multiplied by its factor. */
export function rescaledBasis(
  { inducingPoints, kernel, offset, taskValues: given }: SharedBasis,
  factors: readonly number[],
  { linalg, weights }: BasisSetting,
): Promise<SharedBasis> {
  const { rows, columns, data } = given;
  const taskValues = matrix(
    rows,
    columns,
    data.map((v, i) => v * factors[i % columns]!),
  );
  const shares = normalizedWeights(weights, columns);
  return basisOf({ inducingPoints, kernel, offset, taskValues }, shares, linalg);
}

/** Weights of `count` sources, sum 1. */
function normalizedWeights(weights: readonly number[] | undefined, count: number): number[] {
  const total = weights?.reduce((a, b) => a + b, 0) ?? 0;
  return Array.from({ length: count }, (_, j) => (weights && total > 0 ? weights[j]! / total : 1 / count));
}

async function basisOf(
  known: Pick<SharedBasis, 'inducingPoints' | 'kernel' | 'offset' | 'taskValues'>,
  shares: readonly number[],
  linalg: LinearAlgebra,
): Promise<SharedBasis> {
  const { inducingPoints, kernel, taskValues } = known;
  const values = await reducedRank(meanAndDampedDifferences(taskValues, shares), linalg);
  const covariance = kernel.covariance(inducingPoints, inducingPoints);
  const factor = await safeCholesky(linalg, covariance, jitters);
  const half = await linalg.solveTriangular(factor, values);
  const coefficients = await linalg.solveTriangular(factor, half, { transpose: true });
  const columns = values.columns;
  let variance = 0;
  let meanSquare = 0;
  for (let i = 0; i < values.data.length; i++) {
    const square = values.data[i]! ** 2 / inducingPoints.rows;
    if (i % columns === 0) meanSquare += square;
    else variance += square;
  }
  return {
    ...known,
    coefficients,
    values,
    variance,
    meanSquare,
    ...spanBasis(kernel, inducingPoints, coefficients),
  };
}

/** Each source's values as a column, M×S. */
function columnsOf(datasets: readonly Dataset[]): Matrix {
  const w = matrix(datasets[0]!.y.length, datasets.length);
  datasets.forEach(({ y }, j) => {
    for (let i = 0; i < w.rows; i++) w.data[i * w.columns + j] = y[i]!;
  });
  return w;
}

/** Gaussian-process mean of each dataset at these points, M×S; one factor for datasets over the same points. */
async function predictedAt(
  points: Matrix,
  datasets: readonly Dataset[],
  { kernel, noise, linalg }: SharedKernel & { readonly linalg: LinearAlgebra },
): Promise<Matrix> {
  const w = matrix(points.rows, datasets.length);
  let last: { x: Matrix; factor: Matrix; cross: Matrix } | undefined;
  for (const [j, full] of datasets.entries()) {
    const { x, y } = bestAndEvenRows(full, preparationDefaults.maxTaskRows);
    if (!last || !samePoints(last.x, x)) {
      const factor = await linalg.cholesky(addToDiagonal(kernel.covariance(x, x), noise));
      last = { x, factor, cross: kernel.covariance(points, x) };
    }
    const mean = y.reduce((a, b) => a + b, 0) / y.length;
    const centred = y.map((v) => v - mean);
    const alpha = matrix(x.rows, 1, await choleskySolve(linalg, last.factor, centred));
    const at = matrixProduct(last.cross, alpha);
    for (let i = 0; i < points.rows; i++) w.data[i * w.columns + j] = mean + at.data[i]!;
  }
  return w;
}
