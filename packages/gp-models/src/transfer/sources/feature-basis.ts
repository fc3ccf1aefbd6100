import type { Kernel, Matrix } from '@foothold/core';
import { matrixProduct } from '../../inference/dense.ts';

/** A prior mean and features over the unit cube. */
export interface FeatureBasis {
  /** [μ(x) φ(x)] at m points, m×(1 + r). */
  features(x: Matrix): Matrix;
  /** ∂/∂xᵢ of Σⱼ wᵢⱼ·featuresᵢⱼ: w m×(1 + r) → m×d. */
  pullback(x: Matrix, w: Matrix): Matrix;
  /** Where the features are kernel(x, inducingPoints)·coefficients. */
  readonly span?: { readonly kernel: Kernel; readonly inducingPoints: Matrix; readonly coefficients: Matrix };
}

/** The basis K(x, inducingPoints)·coefficients. */
export function spanBasis(kernel: Kernel, inducingPoints: Matrix, coefficients: Matrix): FeatureBasis {
  return {
    span: { kernel, inducingPoints, coefficients },
    features: (x) => matrixProduct(kernel.covariance(x, inducingPoints), coefficients),
    pullback: (x, w) => kernel.inputGradient(x, inducingPoints, matrixProduct(w, coefficients, true)),
  };
}
