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
import { appendFactorRows, choleskySolve } from '../inference/dense.ts';
import { backpropInputWarp, type InputWarping, warpedInputs } from '../warps/input-warp.ts';

/** Everything that a Gaussian posterior computes from. */
export interface Fitted {
  readonly kernel: Kernel;
  readonly linalg: LinearAlgebra;
  readonly inputWarping: InputWarping;
  readonly input: Float64Array;
  readonly mean: number;
  /** Noise variance of an observation whose own is not known. */
  readonly noise: number;
  /** Points as given, n×d, and observed values in this scale, n, with the variances on the diagonal, n. */
  readonly x: Matrix;
  readonly z: Float64Array;
  readonly variances: Float64Array;
  /** Factored over the warped points. */
  readonly fit: Factored;
}

export function gaussianPosterior(fitted: Fitted): Posterior & { readonly fitted: Fitted } {
  const { kernel, linalg, fit, mean, inputWarping, input } = fitted;
  const arithmetic = arithmeticOf(linalg, kernel);
  const warp = (x: Matrix) => warpedInputs(inputWarping, x, input);
  return {
    fitted,
    noise: fitted.noise,
    async marginals(x) {
      const points = warp(x);
      const prediction = await arithmetic.predict(kernel, fit, points);
      return {
        mean: prediction.mean.map((u) => u + mean),
        variance: prediction.variance,
        async gradient(dMean, dVariance) {
          const at = { points, whitened: prediction.whitened, dMean, dVariance };
          const dInputs = await arithmetic.pullback(kernel, fit, at);
          return backpropInputWarp(inputWarping, { x, parameters: input, dInputs });
        },
      };
    },
    async joint(x) {
      const points = warp(x);
      const prediction = await arithmetic.predict(kernel, fit, points);
      const explained = await linalg.multiply(prediction.whitened, prediction.whitened, { transposeB: true });
      const covariance = kernel.covariance(points, points);
      const m = x.rows;
      for (let i = 0; i < m; i++)
        for (let j = 0; j <= i; j++) {
          const value =
            i === j ? prediction.variance[i]! : covariance.data[i * m + j]! - explained.data[i * m + j]!;
          covariance.data[i * m + j] = value;
          covariance.data[j * m + i] = value;
        }
      return { mean: prediction.mean.map((u) => u + mean), covariance };
    },
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
  const points = warpedInputs(inputWarping, data.x, input);
  const x = concatMatrixRows(fit.x, points);
  const rows = kernel.covariance(points, x);
  const variances = new Float64Array(n + k);
  variances.set(fitted.variances);
  for (let i = 0; i < k; i++) {
    variances[n + i] = fitted.noise + (data.noise?.[i] ?? 0);
    const at = i * (n + k) + n + i;
    rows.data[at] = rows.data[at]! + variances[n + i]!;
  }
  const factor = n === 0 ? await linalg.cholesky(rows) : await appendFactorRows(linalg, fit.factor, rows);
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
