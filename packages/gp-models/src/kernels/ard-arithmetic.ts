/**
 * Sums over pairs for a stationary kernel with one lengthscale a column.
 *
 * a, b   n×d, m×d points
 * w      n×m weights
 * f      correlation, a function of t; ∂k/∂log ℓₖ = −2s·f′(t)·δₖ², ∂k/∂aₖ = 2s·f′(t)·(aₖ − bₖ)/ℓₖ²
 * s      output scale; ℓ lengthscales, d; δⱼ = (aⱼ − bⱼ)/ℓⱼ, or [aⱼ ≠ bⱼ]/ℓⱼ in a categorical column; t = Σ δⱼ²
 */
import { type Matrix, matrix, ShapeError, type StationaryKernel } from '@foothold/core';
import type { StationaryProfile } from './stationary-profile.ts';

/** A stationary kernel that computes itself. */
export interface ArdKernel extends Omit<StationaryKernel, 'family'> {
  readonly profile: StationaryProfile;
}

/** k(aᵢ, bⱼ): n×m. Only half is computed when `a` and `b` are the same object. */
export function covarianceOf(kernel: ArdKernel, a: Matrix, b: Matrix): Matrix {
  requireColumns(kernel, a, b);
  const { outputScale, categorical, profile } = kernel;
  const inverse = kernel.lengthscales.map((l) => 1 / l);
  const d = a.columns;
  const m = b.rows;
  const result = matrix(a.rows, m);
  const out = result.data;
  const p = a.data;
  const q = b.data;
  const symmetric = a === b;
  for (let i = 0; i < a.rows; i++) {
    const end = symmetric ? i + 1 : m;
    for (let j = 0; j < end; j++) {
      let t = 0;
      for (let k = 0, u = i * d, v = j * d; k < d; k++, u++, v++) {
        const gap = p[u]! - q[v]!;
        if (gap === 0) continue;
        const delta = categorical[k] ? inverse[k]! : gap * inverse[k]!;
        t += delta * delta;
      }
      const value = outputScale * profile.value(t);
      out[i * m + j] = value;
      if (symmetric) out[j * m + i] = value;
    }
  }
  return result;
}

/** Derivatives of Σᵢⱼ wᵢⱼ k(aᵢ, aⱼ) in log s (first) and in log ℓ (d more). */
export function logGradient(kernel: ArdKernel, a: Matrix, w: Matrix): Float64Array {
  requireColumns(kernel, a, a);
  if (w.rows !== a.rows || w.columns !== a.rows)
    throw new ShapeError(`weights are ${w.rows}×${w.columns}, not ${a.rows}×${a.rows}`);
  const { outputScale, categorical, profile } = kernel;
  const inverse = kernel.lengthscales.map((l) => 1 / l);
  const n = a.rows;
  const d = a.columns;
  const p = a.data;
  const gradient = new Float64Array(1 + d);
  const squares = new Float64Array(d);
  let scale = 0;
  for (let i = 0; i < n; i++) {
    scale += w.data[i * n + i]!;
    for (let j = 0; j < i; j++) {
      const weight = w.data[i * n + j]! + w.data[j * n + i]!;
      let t = 0;
      for (let k = 0, u = i * d, v = j * d; k < d; k++, u++, v++) {
        const gap = p[u]! - p[v]!;
        const delta = gap === 0 ? 0 : categorical[k] ? inverse[k]! : gap * inverse[k]!;
        squares[k] = delta * delta;
        t += squares[k]!;
      }
      scale += weight * profile.value(t);
      if (t === 0) continue;
      const pull = -2 * weight * profile.derivative(t);
      if (pull === 0) continue; // its factor may be infinite
      for (let k = 0; k < d; k++) gradient[k + 1] = gradient[k + 1]! + pull * squares[k]!;
    }
  }
  gradient[0] = outputScale * scale;
  for (let k = 1; k <= d; k++) gradient[k] = outputScale * gradient[k]!;
  return gradient;
}

/** ∂/∂aᵢ of Σⱼ wᵢⱼ k(aᵢ, bⱼ): n×d; 0 in categorical columns. */
export function inputGradientOf(
  kernel: ArdKernel,
  points: { readonly a: Matrix; readonly b: Matrix },
  w: Matrix,
): Matrix {
  const { a, b } = points;
  requireColumns(kernel, a, b);
  if (w.rows !== a.rows || w.columns !== b.rows)
    throw new ShapeError(`weights are ${w.rows}×${w.columns}, not ${a.rows}×${b.rows}`);
  const { outputScale, categorical, profile } = kernel;
  const inverse = kernel.lengthscales.map((l) => 1 / l);
  const d = a.columns;
  const m = b.rows;
  const p = a.data;
  const q = b.data;
  const result = matrix(a.rows, d);
  const gaps = new Float64Array(d);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < m; j++) {
      const weight = w.data[i * m + j]!;
      if (weight === 0) continue;
      let t = 0;
      for (let k = 0, u = i * d, v = j * d; k < d; k++, u++, v++) {
        const gap = p[u]! - q[v]!;
        const delta = gap === 0 ? 0 : categorical[k] ? inverse[k]! : gap * inverse[k]!;
        gaps[k] = categorical[k] ? 0 : delta * inverse[k]!;
        t += delta * delta;
      }
      if (t === 0) continue;
      const pull = 2 * weight * outputScale * profile.derivative(t);
      if (pull === 0) continue; // its factor may be infinite
      for (let k = 0, u = i * d; k < d; k++, u++) result.data[u] = result.data[u]! + pull * gaps[k]!;
    }
  }
  return result;
}

function requireColumns(kernel: ArdKernel, a: Matrix, b: Matrix): void {
  const d = kernel.lengthscales.length;
  if (a.columns !== d || b.columns !== d)
    throw new ShapeError(`points have ${a.columns} and ${b.columns} columns, the kernel has ${d}`);
}
