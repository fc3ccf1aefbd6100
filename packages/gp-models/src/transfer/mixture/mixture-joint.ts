/**
 * Joint moments of a mixture of hypotheses; the notation is that of mixture-posterior.ts.
 *
 * S  covariance of f + b/a at m points under one hypothesis: k(x, x′) + β − (L⁻¹k(x))ᵀ·L⁻¹k(x′), m×m
 * E[y·yᵀ] = Σ over hypotheses and scales of weight·(a²·S + (p₀ + a·p₁)(p₀ + a·p₁)ᵀ)
 * W  dCovariance + dCovarianceᵀ, m×m
 */
import { type JointBelief, type Matrix, matrix } from '@foothold/core';
import { addInPlace, columnOf, matrixProduct, symmetrized } from '../../inference/dense.ts';
import type { FeatureBasis } from '../sources/feature-basis.ts';
import { backpropFeatures, cachedFeatures, type Features } from './cached-features.ts';
import {
  addLowRank,
  type ComponentPrediction,
  covariancesBetween,
  predictComponent,
} from './component-prediction.ts';
import type { MixtureState } from './mixture-model.ts';

export async function jointAt(state: MixtureState, x: Matrix): Promise<JointBelief> {
  const { model, data, observed, components: parts } = state;
  const m = x.rows;
  const features = cachedFeatures(x);
  const here = { points: x, features };
  const covariances = covariancesBetween(model, { points: data.x, features: observed }, here);
  const among = covariancesBetween(model, here, here);
  const mean = new Float64Array(m);
  const covariance = matrix(m, m);
  const { data: c } = covariance;
  const predictions: ComponentPrediction[] = [];
  for (const part of parts) {
    const h = part.hypothesis;
    const prediction = await predictComponent(state, part, { x, features: features(h.basis), covariances });
    predictions.push(prediction);
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
  return {
    mean: mean.map((v) => v + model.offset.mean),
    covariance,
    gradient: (dMean, dCovariance) =>
      pulledBack(state, predictions, { x, features, mean, dMean, w: symmetrized(dCovariance) }),
  };
}

interface Pull {
  readonly x: Matrix;
  readonly features: Features;
  /** Without the offset. */
  readonly mean: Float64Array;
  readonly dMean: Float64Array;
  readonly w: Matrix;
}

async function pulledBack(
  state: MixtureState,
  predictions: readonly ComponentPrediction[],
  pull: Pull,
): Promise<Matrix> {
  const { x, features, w } = pull;
  const { data, observed } = state;
  const onFeatures = new Map<FeatureBasis, Matrix>();
  const result = matrix(x.rows, x.columns);
  for (const prediction of predictions) {
    const { hypothesis: h } = prediction.part;
    const own = features(h.basis);
    const { dk, dMu } = await backpropJoint(state, prediction, pull);
    const target = onFeatures.get(h.basis) ?? matrix(x.rows, own.columns);
    onFeatures.set(h.basis, target);
    const dSelf = new Float64Array(x.rows);
    addLowRank(target, h, { features: own, observed: observed(h.basis), dk, dSelf, dMu });
    if (h.lowRank !== 0) addAmong(target, scaled(matrixProduct(w, own), h.lowRank * prediction.w2));
    addInPlace(result, h.kernel.inputGradient(x, data.x, scaled(dk, h.residual)));
    addInPlace(result, h.kernel.inputGradient(x, x, scaled(w, h.residual * prediction.w2)));
  }
  addInPlace(result, backpropFeatures(x, onFeatures));
  return result;
}

/** Derivatives of the weighed moments in k(x) (m×n) and in μ(x) (m) of one hypothesis. */
async function backpropJoint(
  { model, data }: MixtureState,
  { part, white, p0, p1, w0, w1, w2 }: ComponentPrediction,
  { mean, dMean, w }: Pull,
): Promise<{ readonly dk: Matrix; readonly dMu: Float64Array }> {
  const m = mean.length;
  const n = data.x.rows;
  const [along, q0, q1] = [mean, p0, p1].map((values) => matrixProduct(w, columnOf(values)).data);
  const solved = await model.linalg.solveTriangular(part.factor, white, { transpose: true });
  const explained = await model.linalg.multiply(w, solved, { transposeB: true });
  const dk = matrix(m, n);
  const dMu = new Float64Array(m);
  for (let i = 0, at = 0; i < m; i++) {
    // The covariance is the second moment less mean·meanᵀ.
    const dFirst = dMean[i]! - along![i]!;
    const d0 = dFirst * w0 + w0 * q0![i]! + w1 * q1![i]!;
    const d1 = dFirst * w1 + w1 * q0![i]! + w2 * q1![i]!;
    dMu[i] = d1 * part.hypothesis.mean;
    for (let j = 0; j < n; j++, at++)
      dk.data[at] = d0 * part.alpha[j]! - d1 * part.gamma[j]! - w2 * explained.data[at]!;
  }
  return { dk, dMu };
}

/** Adds what reaches the features φ; the first column, μ, has no part in the covariance. */
function addAmong(target: Matrix, part: Matrix): void {
  for (let i = 0; i < target.rows; i++)
    for (let k = 1; k < target.columns; k++)
      target.data[i * target.columns + k]! += part.data[i * target.columns + k]!;
}

function scaled(a: Matrix, factor: number): Matrix {
  return { ...a, data: a.data.map((v) => factor * v) };
}
