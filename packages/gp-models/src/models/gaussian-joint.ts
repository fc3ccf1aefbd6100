/**
 * The joint belief of a Gaussian process at m points, and its pullback to them.
 *
 * k_i   k(X, xᵢ) over the n observed points; w_i = L⁻¹k_i, the rows of `whitened`, m×n
 * cov   k(xᵢ, xⱼ) − w_i·w_j; mean μ + k_iᵀα
 * D, S  dCovariance and D + Dᵀ, m×m
 * ∂/∂k_i of Σ dMeanᵢ·meanᵢ + Σ Dᵢⱼ·covᵢⱼ is dMeanᵢ·α − Σⱼ Sᵢⱼ·L⁻ᵀw_j; ∂/∂xᵢ of Σ Dᵢⱼ·k(xᵢ, xⱼ) is Σⱼ Sᵢⱼ·∂₁k(xᵢ, xⱼ)
 */
import { type JointBelief, type Matrix, matrix } from '@foothold/core';
import type { Prediction } from '../inference/arithmetic.ts';
import { arithmeticOf } from '../inference/arithmetic-of.ts';
import { addInPlace, symmetrized, transposed } from '../inference/dense.ts';
import type { Fitted } from './fitted.ts';

export async function gaussianJoint(fitted: Fitted, x: Matrix): Promise<JointBelief> {
  const { kernel, linalg, fit, mean, inputWarping, input } = fitted;
  const points = inputWarping.warp?.inputs(x, input) ?? x;
  const prediction = await (await arithmeticOf(linalg, kernel)).predict(kernel, fit, points);
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
  return {
    mean: prediction.mean.map((u) => u + mean),
    covariance,
    async gradient(dMean, dCovariance) {
      const dInputs = await pulledBack(fitted, { points, prediction, dMean, s: symmetrized(dCovariance) });
      return inputWarping.warp?.backprop({ x, parameters: input, dInputs }) ?? dInputs;
    },
  };
}

/** Derivatives in the warped points, m×d. */
async function pulledBack(
  { kernel, linalg, fit }: Fitted,
  at: {
    readonly points: Matrix;
    readonly prediction: Prediction;
    readonly dMean: Float64Array;
    readonly s: Matrix;
  },
): Promise<Matrix> {
  const { points, prediction, dMean, s } = at;
  const n = fit.x.rows;
  const among = kernel.inputGradient(points, points, s);
  if (n === 0) return among;
  const solved = await linalg.solveTriangular(fit.factor, transposed(prediction.whitened), {
    transpose: true,
  });
  const explained = await linalg.multiply(s, solved, { transposeB: true });
  const weights = matrix(points.rows, n);
  for (let i = 0, at = 0; i < points.rows; i++)
    for (let j = 0; j < n; j++, at++) weights.data[at] = dMean[i]! * fit.alpha[j]! - explained.data[at]!;
  addInPlace(among, kernel.inputGradient(points, fit.x, weights));
  return among;
}
