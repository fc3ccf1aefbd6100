/** Features of fixed points, and gradients through them; what bases have in common, the kernel between points and inducing points, is computed once. */
import { type Kernel, type Matrix, matrix } from '@foothold/core';
import { addInPlace, matrixProduct } from '../../inference/dense.ts';
import type { FeatureBasis } from '../sources/feature-basis.ts';

/** Features of fixed points, computed once a basis. */
export type Features = (basis: FeatureBasis) => Matrix;

export function cachedFeatures(x: Matrix): Features {
  const known = new Map<FeatureBasis, Matrix>();
  const rows = new Map<Kernel, Map<Matrix, Matrix>>();
  const toInducingPoints = (kernel: Kernel, inducingPoints: Matrix): Matrix => {
    const own = rows.get(kernel) ?? new Map<Matrix, Matrix>();
    const found = own.get(inducingPoints) ?? kernel.covariance(x, inducingPoints);
    rows.set(kernel, own.set(inducingPoints, found));
    return found;
  };
  return (basis) => {
    const { span } = basis;
    const found =
      known.get(basis) ??
      (span
        ? matrixProduct(toInducingPoints(span.kernel, span.inducingPoints), span.coefficients)
        : basis.features(x));
    known.set(basis, found);
    return found;
  };
}

/** Σ over bases of ∂/∂xᵢ of Σⱼ wᵢⱼ·featuresᵢⱼ, m×d: one gradient of the kernel for bases over the same inducing points. */
export function backpropFeatures(x: Matrix, weights: ReadonlyMap<FeatureBasis, Matrix>): Matrix {
  const total = matrix(x.rows, x.columns);
  const onInducingPoints = new Map<Kernel, Map<Matrix, Matrix>>();
  for (const [{ span, pullback }, w] of weights) {
    if (!span) {
      addInPlace(total, pullback(x, w));
      continue;
    }
    const part = matrixProduct(w, span.coefficients, true);
    const own = onInducingPoints.get(span.kernel) ?? new Map<Matrix, Matrix>();
    onInducingPoints.set(span.kernel, own);
    const before = own.get(span.inducingPoints);
    if (before) addInPlace(before, part);
    else own.set(span.inducingPoints, part);
  }
  for (const [kernel, own] of onInducingPoints)
    for (const [inducingPoints, w] of own) addInPlace(total, kernel.inputGradient(x, inducingPoints, w));
  return total;
}
