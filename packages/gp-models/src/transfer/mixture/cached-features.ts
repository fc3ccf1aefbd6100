/** Features of fixed points, and gradients through them; what bases share, the kernel between points and anchors, is computed once. */
import { type Kernel, type Matrix, matrix } from '@foothold/core';
import { matrixProduct } from '../../inference/dense.ts';
import type { FeatureBasis } from '../sources/feature-basis.ts';

/** Features of fixed points, computed once a basis. */
export type Features = (basis: FeatureBasis) => Matrix;

export function cachedFeatures(x: Matrix): Features {
  const known = new Map<FeatureBasis, Matrix>();
  const rows = new Map<Kernel, Map<Matrix, Matrix>>();
  const toAnchors = (kernel: Kernel, anchors: Matrix): Matrix => {
    const own = rows.get(kernel) ?? new Map<Matrix, Matrix>();
    const found = own.get(anchors) ?? kernel.covariance(x, anchors);
    rows.set(kernel, own.set(anchors, found));
    return found;
  };
  return (basis) => {
    const { span } = basis;
    const found =
      known.get(basis) ??
      (span
        ? matrixProduct(toAnchors(span.kernel, span.inducingPoints), span.coefficients)
        : basis.features(x));
    known.set(basis, found);
    return found;
  };
}

/** Σ over bases of ∂/∂xᵢ of Σⱼ wᵢⱼ·featuresᵢⱼ, m×d: one gradient of the kernel for bases over the same anchors. */
export function backpropFeatures(x: Matrix, weights: ReadonlyMap<FeatureBasis, Matrix>): Matrix {
  const total = matrix(x.rows, x.columns);
  const onAnchors = new Map<Kernel, Map<Matrix, Matrix>>();
  for (const [{ span, pullback }, w] of weights) {
    if (!span) {
      addInPlace(total, pullback(x, w));
      continue;
    }
    const part = matrixProduct(w, span.coefficients, true);
    const own = onAnchors.get(span.kernel) ?? new Map<Matrix, Matrix>();
    onAnchors.set(span.kernel, own);
    const before = own.get(span.inducingPoints);
    if (before) addInPlace(before, part);
    else own.set(span.inducingPoints, part);
  }
  for (const [kernel, own] of onAnchors)
    for (const [anchors, w] of own) addInPlace(total, kernel.inputGradient(x, anchors, w));
  return total;
}

export function addInPlace(target: Matrix, part: Matrix): void {
  for (let i = 0; i < target.data.length; i++) target.data[i] = target.data[i]! + part.data[i]!;
}
