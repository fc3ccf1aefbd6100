/**
 * The posterior of a Gaussian process in the standardized warped scale.
 *
 * fit   factor of K + noise over the observed points, and alpha
 * mean  the constant mean
 */
import {
  concatMatrixRows,
  type Dataset,
  type Kernel,
  type LinearAlgebra,
  type Matrix,
  matrix,
  type Posterior,
  selectMatrixRows,
} from '@foothold/core';
import type { Factored } from '../inference/arithmetic.ts';
import { arithmeticOf } from '../inference/arithmetic-of.ts';
import { choleskySolve } from '../inference/cholesky-solve.ts';
import type { Fitted } from './fitted.ts';

export function gaussianPosterior(fitted: Fitted): Posterior & { readonly fitted: Fitted } {
  const { kernel, linalg, fit, mean, inputWarping, input } = fitted;
  const { warp } = inputWarping;
  return {
    fitted,
    noise: fitted.noise,
    async marginals(x) {
      const points = warp?.inputs(x, input) ?? x;
      const arithmetic = await arithmeticOf(linalg, kernel);
      const prediction = await arithmetic.predict(kernel, fit, points);
      return {
        mean: prediction.mean.map((u) => u + mean),
        variance: prediction.variance,
        async gradient(dMean, dVariance) {
          const at = { points, whitened: prediction.whitened, dMean, dVariance };
          const dInputs = await arithmetic.pullback(kernel, fit, at);
          return warp?.backprop({ x, parameters: input, dInputs }) ?? dInputs;
        },
      };
    },
    joint: async (x) => (await import('./gaussian-joint.ts')).gaussianJoint(fitted, x),
    condition: async (data) => gaussianPosterior(await conditionOn(fitted, data)),
  };
}

/** The kernel with its fitted hyperparameters, of a posterior that `gaussianProcess` made; undefined for any other. */
export function fittedKernelOf(posterior: Posterior): Kernel | undefined {
  const latent: Posterior & { readonly fitted?: Fitted } = posterior.latent?.posterior ?? posterior;
  return latent.fitted?.kernel;
}

/** The same model with these rows after its own, O(k·n²). Throws NotPositiveDefiniteError. */
export async function conditionOn(fitted: Fitted, data: Dataset): Promise<Fitted> {
  return data.x.rows === 0 ? fitted : withAlpha(await appendRows(fitted, data));
}

/** `conditionOn`, one row at a time: to the bit the same, whether the rows come in one call or in several. */
export async function conditionRowByRow(fitted: Fitted, data: Dataset): Promise<Fitted> {
  if (data.x.rows === 0) return fitted;
  let next = fitted;
  for (let i = 0; i < data.x.rows; i++)
    next = await appendRows(next, {
      x: selectMatrixRows(data.x, [i]),
      y: data.y.subarray(i, i + 1),
      ...(data.noise && { noise: data.noise.subarray(i, i + 1) }),
    });
  return withAlpha(next);
}

/** The model with more rows and their factor, its weights still those of before. */
async function appendRows(fitted: Fitted, data: Dataset): Promise<Fitted> {
  const { kernel, linalg, fit, inputWarping, input } = fitted;
  const n = fitted.x.rows;
  const k = data.x.rows;
  const points = inputWarping.warp?.inputs(data.x, input) ?? data.x;
  const x = concatMatrixRows(fit.x, points);
  const rows = kernel.covariance(points, x);
  const variances = new Float64Array(n + k);
  variances.set(fitted.variances);
  for (let i = 0; i < k; i++) {
    variances[n + i] = fitted.noise + (data.noise?.[i] ?? 0);
    const at = i * (n + k) + n + i;
    rows.data[at] = rows.data[at]! + variances[n + i]!;
  }
  const factor = n === 0 ? await linalg.cholesky(rows) : await appended(linalg, fit.factor, rows);
  const z = new Float64Array(n + k);
  z.set(fitted.z);
  z.set(data.y, n);
  return {
    ...fitted,
    x: concatMatrixRows(fitted.x, data.x),
    z,
    variances,
    fit: { x, factor, alpha: fit.alpha },
  };
}

/** The factor of a matrix that grew by k rows (k×(n+k)), O(k·n²). Throws NotPositiveDefiniteError. */
async function appended(linalg: LinearAlgebra, l: Matrix, rows: Matrix): Promise<Matrix> {
  if (linalg.appendRows) return linalg.appendRows(l, rows);
  return (await import('../inference/append-factor-rows.ts')).appendFactorRows(linalg, l, rows);
}

async function withAlpha(fitted: Fitted): Promise<Fitted> {
  const { linalg, fit, z, mean } = fitted;
  const alpha = await choleskySolve(
    linalg,
    fit.factor,
    z.map((u) => u - mean),
  );
  return { ...fitted, fit: { ...fit, alpha } };
}

/** A problem without rows: the model's prior. */
export function emptyFit(d: number): Factored {
  return { x: matrix(0, d), factor: matrix(0, 0), alpha: new Float64Array(0) };
}
