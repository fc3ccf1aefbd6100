/** Predictions of a single hypothesis at new points, and their pullback; the notation is that of mixture-posterior.ts. */
import { type Kernel, type Matrix, matrix } from '@foothold/core';
import { matrixProduct } from '../../inference/dense.ts';
import type { FeatureBasis } from '../sources/feature-basis.ts';
import type { Features } from './cached-features.ts';
import type { Hypothesis, MixtureComponent, MixtureModel, MixtureState } from './mixture-model.ts';

/** k + β of a hypothesis between two sets of points, n×m, in memory of its own. */
export type Covariances = (h: Hypothesis) => Matrix;

/** What hypotheses share, a kernel's matrix and a basis' products, is computed once. */
export function covariancesBetween(
  model: MixtureModel,
  a: { readonly points: Matrix; readonly features: Features },
  b: { readonly points: Matrix; readonly features: Features },
): Covariances {
  const residuals = new Map<Kernel, Matrix>();
  const lows = new Map<FeatureBasis, Matrix>();
  return (h) => {
    const residual = residuals.get(h.kernel) ?? h.kernel.covariance(a.points, b.points);
    residuals.set(h.kernel, residual);
    const result = matrix(residual.rows, residual.columns);
    const { data } = result;
    for (let i = 0; i < data.length; i++) data[i] = h.residual * residual.data[i]! + model.offset.variance;
    if (h.lowRank === 0) return result;
    const low = lows.get(h.basis) ?? gram(a.features(h.basis), b.features(h.basis));
    lows.set(h.basis, low);
    for (let i = 0; i < data.length; i++) data[i] = data[i]! + h.lowRank * low.data[i]!;
    return result;
  };
}

/** φ(aᵢ)·φ(bⱼ): the features without their first column, μ. */
function gram(a: Matrix, b: Matrix): Matrix {
  const full = matrixProduct(a, b, true);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.rows; j++)
      full.data[i * b.rows + j] =
        full.data[i * b.rows + j]! - a.data[i * a.columns]! * b.data[j * b.columns]!;
  return full;
}

/** One hypothesis at m points: p₀ = k(x)ᵀα, p₁ = hμ − k(x)ᵀγ, s; w: Σ over scales of weight·aⁱ. */
export interface ComponentPrediction {
  readonly part: MixtureComponent;
  readonly white: Matrix;
  readonly p0: Float64Array;
  readonly p1: Float64Array;
  readonly s: Float64Array;
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
}

export async function predictComponent(
  { model, data }: MixtureState,
  part: MixtureComponent,
  {
    x,
    features,
    covariances,
  }: { readonly x: Matrix; readonly features: Matrix; readonly covariances: Covariances },
): Promise<ComponentPrediction> {
  const h = part.hypothesis;
  const n = data.x.rows;
  const m = x.rows;
  // n×m, as the triangular solve wants it.
  const cross = covariances(h);
  const white = await model.linalg.solveTriangular(part.factor, cross);
  const p0 = new Float64Array(m);
  const p1 = new Float64Array(m);
  const s = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const at = i * features.columns;
    p1[i] = h.mean * features.data[at]!;
    let low = 0;
    for (let k = 1; k < features.columns; k++) low += features.data[at + k]! ** 2;
    s[i] = h.lowRank * low + h.residual + model.offset.variance;
  }
  for (let j = 0; j < n; j++)
    for (let i = 0; i < m; i++) {
      const k = cross.data[j * m + i]!;
      p0[i] = p0[i]! + k * part.alpha[j]!;
      p1[i] = p1[i]! - k * part.gamma[j]!;
      s[i] = s[i]! - white.data[j * m + i]! ** 2;
    }
  let w0 = 0;
  let w1 = 0;
  let w2 = 0;
  model.scales.forEach(({ value: a }, k) => {
    w0 += part.weights[k]!;
    w1 += part.weights[k]! * a;
    w2 += part.weights[k]! * a * a;
  });
  return { part, white, p0, p1, s: s.map((v) => Math.max(v, 0)), w0, w1, w2 };
}

/** Derivatives of a sum in p₀, p₁ and s of one hypothesis, m each. */
export interface PredictionDerivatives {
  readonly d0: Float64Array;
  readonly d1: Float64Array;
  readonly ds: Float64Array;
}

/** The same in k(x) (m×n), in k(x, x) (m) and in μ(x) (m). */
export async function backpropComponent(
  { model, data }: MixtureState,
  { part, white, s }: ComponentPrediction,
  { d0, d1, ds }: PredictionDerivatives,
) {
  const solved = await model.linalg.solveTriangular(part.factor, white, { transpose: true });
  const m = s.length;
  const n = data.x.rows;
  const dk = matrix(m, n);
  const dSelf = ds.map((d, i) => (s[i]! > 0 ? d : 0));
  const dMu = d1.map((d) => d * part.hypothesis.mean);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      dk.data[i * n + j] =
        d0[i]! * part.alpha[j]! - d1[i]! * part.gamma[j]! - 2 * dSelf[i]! * solved.data[j * m + i]!;
  return { dk, dSelf, dMu };
}

/** Adds what reaches the features: through φ(x)·φ(X), through |φ(x)|² and through μ. */
export function addLowRank(
  target: Matrix,
  h: Hypothesis,
  {
    features,
    observed,
    dk,
    dSelf,
    dMu,
  }: {
    readonly features: Matrix;
    readonly observed: Matrix;
    readonly dk: Matrix;
    readonly dSelf: Float64Array;
    readonly dMu: Float64Array;
  },
): void {
  const r = target.columns;
  const through = h.lowRank !== 0 ? matrixProduct(dk, observed) : undefined;
  for (let i = 0; i < target.rows; i++) {
    target.data[i * r] = target.data[i * r]! + dMu[i]!;
    if (!through) continue;
    for (let k = 1; k < r; k++)
      target.data[i * r + k] =
        target.data[i * r + k]! +
        h.lowRank * (through.data[i * r + k]! + 2 * dSelf[i]! * features.data[i * r + k]!);
  }
}
