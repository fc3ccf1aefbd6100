/**
 * Joint moments of a mixture of hypotheses; the notation is that of mixture-posterior.ts.
 *
 * S  covariance of f + b/a at m points under one hypothesis: k(x, x′) + β − (L⁻¹k(x))ᵀ·L⁻¹k(x′), m×m
 * E[y·yᵀ] = Σ over hypotheses and scales of weight·(a²·S + (p₀ + a·p₁)(p₀ + a·p₁)ᵀ)
 */
import { type Matrix, matrix } from '@foothold/core';
import { cachedFeatures } from './cached-features.ts';
import { covariancesBetween, predictComponent } from './component-prediction.ts';
import type { MixtureState } from './mixture-model.ts';

export async function jointAt(
  state: MixtureState,
  x: Matrix,
): Promise<{ readonly mean: Float64Array; readonly covariance: Matrix }> {
  const { model, data, observed, components: parts } = state;
  const m = x.rows;
  const features = cachedFeatures(x);
  const here = { points: x, features };
  const covariances = covariancesBetween(model, { points: data.x, features: observed }, here);
  const among = covariancesBetween(model, here, here);
  const mean = new Float64Array(m);
  const covariance = matrix(m, m);
  const { data: c } = covariance;
  for (const part of parts) {
    const h = part.hypothesis;
    const prediction = await predictComponent(state, part, { x, features: features(h.basis), covariances });
    const { p0, p1, s, w0, w1, w2 } = prediction;
    const explained = await model.linalg.multiply(prediction.white, prediction.white, { transposeA: true });
    const own = among(h);
    for (let i = 0; i < m; i++) {
      mean[i] = mean[i]! + w0 * p0[i]! + w1 * p1[i]!;
      for (let j = 0; j < m; j++) {
        const at = i * m + j;
        const left = i === j ? s[i]! : own.data[at]! - explained.data[at]!;
        const square = w0 * p0[i]! * p0[j]! + w1 * (p0[i]! * p1[j]! + p1[i]! * p0[j]!) + w2 * p1[i]! * p1[j]!;
        c[at] = c[at]! + w2 * left + square;
      }
    }
  }
  for (let i = 0; i < m; i++)
    for (let j = 0; j <= i; j++) {
      const second = 0.5 * (c[i * m + j]! + c[j * m + i]!);
      const value = second - mean[i]! * mean[j]!;
      // The diagonal is that of `marginals`, rounding included.
      const kept = i === j ? Math.max(value, 1e-12 * Math.max(second, 1e-300)) : value;
      c[i * m + j] = kept;
      c[j * m + i] = kept;
    }
  return { mean: mean.map((v) => v + model.offset.mean), covariance };
}
