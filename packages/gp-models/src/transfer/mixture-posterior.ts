/**
 * A belief that averages over hypotheses: how far the sources are trusted, how smooth the rest is, and how large the new
 * task's differences are.
 *
 * y = b + a·f(x) + noise, f ~ GP(h·μ, k), k(x, x′) = p·φ(x)·φ(x′) + q·M(x, x′), b ~ N(b₀, a²β)
 * hypothesis (h, p, q, M, ν, μ, φ): parts of mean and covariance, a Matérn kernel, the noise variance a²ν, a basis
 * B = k(X, X) + νI + β·11ᵀ = L·Lᵀ over the observed X; α = B⁻¹(y − b₀), γ = B⁻¹·h·μ(X)
 * for each a on a grid: log p(y | hypothesis, a) = −½((y − b₀)ᵀα/a² − 2(y − b₀)ᵀγ/a + hμᵀγ) − n·log a − log|L|
 * at x: mean b₀ + k(x)ᵀα + a(h·μ(x) − k(x)ᵀγ), variance a²·s(x), s = k(x, x) + β − |L⁻¹k(x)|²
 * The moments of the mixture over all (hypothesis, a) are what `marginals` returns.
 */
import {
  type Dataset,
  type Kernel,
  type LinearAlgebra,
  type Marginals,
  type Matrix,
  matrix,
  NotPositiveDefiniteError,
  type Posterior,
  type Why,
} from '@foothold/core';
import { type FeatureBasis, product } from './shared-basis.ts';
import { joined } from './value-scale.ts';

export interface Hypothesis {
  readonly name: string;
  /** h: 1 trusts the sources' mean, 0 ignores it, −1 turns it round. */
  readonly mean: number;
  /** p, which may be negative where φ takes variance away, as what a source has seen does. */
  readonly lowRank: number;
  /** q. */
  readonly residual: number;
  readonly kernel: Kernel;
  readonly basis: FeatureBasis;
  readonly noise: number;
  readonly logPrior: number;
}

export interface MixtureModel {
  readonly hypotheses: readonly Hypothesis[];
  /** Values of a, ascending, and their log prior. */
  readonly scales: readonly { readonly value: number; readonly logPrior: number }[];
  readonly offset: { readonly mean: number; readonly variance: number };
  /** Power of the evidence in the weights, in (0, 1]: below 1 for models that are wrong in many small ways. */
  readonly trust: number;
  readonly linalg: LinearAlgebra;
}

/** A hypothesis after the data. */
interface Part {
  readonly hypothesis: Hypothesis;
  readonly factor: Matrix;
  readonly alpha: Float64Array;
  readonly gamma: Float64Array;
  /** Posterior weight of each scale, sum over all parts and scales 1. */
  readonly weights: Float64Array;
}
interface State {
  readonly model: MixtureModel;
  readonly data: Dataset;
  readonly observed: Features;
  readonly parts: readonly Part[];
}

const smallestWeight = 1e-3;

/** `weights` of an earlier fit are kept where given (`condition`), else they follow from the evidence. */
export async function mixturePosterior(
  model: MixtureModel,
  data: Dataset,
  why: (weights: Map<Hypothesis, number>) => Why,
): Promise<MixtureFit> {
  const observed = featuresAt(data.x);
  const place = { points: data.x, features: observed };
  const seen = { data, observed, covariances: covariancesBetween(model, place, place) };
  const parts = weighed(model, await Promise.all(model.hypotheses.map((h) => partOf(model, seen, h))));
  const state = { model, data, observed, parts };
  const told = why(new Map(parts.map((p) => [p.hypothesis, sum(p.weights)])));
  return { posterior: posteriorOf(state, told), heldOutDensity: () => heldOutDensity(state) };
}

export interface MixtureFit {
  readonly posterior: Posterior;
  /** Σ log p(yᵢ | the others), weights and hypotheses unchanged. */
  heldOutDensity(): Promise<number>;
}

/** With P = B⁻¹ the i-th value without itself has mean yᵢ − (α − aγ)ᵢ/Pᵢᵢ and variance a²/Pᵢᵢ (Rasmussen and Williams 2006, eq. 5.12). */
async function heldOutDensity({ model, data, parts }: State): Promise<number> {
  const n = data.y.length;
  const density = new Float64Array(n);
  const unit = matrix(n, n);
  for (let i = 0; i < n; i++) unit.data[i * n + i] = 1;
  for (const { factor, alpha, gamma, weights } of parts) {
    const inverse = await model.linalg.solveTriangular(factor, unit);
    for (let i = 0; i < n; i++) {
      let precision = 0;
      for (let k = i; k < n; k++) precision += inverse.data[k * n + i]! ** 2;
      model.scales.forEach(({ value: a }, s) => {
        const residual = (alpha[i]! - a * gamma[i]!) / precision;
        const variance = (a * a) / precision;
        const p = Math.exp((-0.5 * residual * residual) / variance) / Math.sqrt(2 * Math.PI * variance);
        density[i] = density[i]! + weights[s]! * p;
      });
    }
  }
  return density.reduce((total, p) => total + Math.log(p + 1e-300), 0);
}

function posteriorOf(state: State, why: Why): Posterior {
  return {
    why,
    marginals: (x) => marginalsAt(state, x),
    async condition(more) {
      const { model } = state;
      const data = joined(state.data, more);
      const observed = featuresAt(data.x);
      const parts: Part[] = [];
      const place = { points: data.x, features: observed };
      const seen = { data, observed, covariances: covariancesBetween(model, place, place) };
      for (const part of state.parts) {
        const next = await partOf(model, seen, part.hypothesis);
        if (next) parts.push({ ...next.part, weights: part.weights });
      }
      return posteriorOf({ model, data, observed, parts }, why);
    },
  };
}

interface Evidence {
  readonly part: Omit<Part, 'weights'>;
  readonly log: Float64Array;
}

async function partOf(
  model: MixtureModel,
  {
    data,
    observed,
    covariances,
  }: { readonly data: Dataset; readonly observed: Features; readonly covariances: Covariances },
  h: Hypothesis,
): Promise<Evidence | undefined> {
  const n = data.y.length;
  const { linalg, scales, offset } = model;
  const phi = observed(h.basis);
  const b = covariances(h);
  const middle = scales[scales.length >> 1]!.value;
  for (let i = 0; i < n; i++)
    b.data[i * n + i] = b.data[i * n + i]! + h.noise + (data.noise?.[i] ?? 0) / middle ** 2;
  const factor = await factored(b, linalg);
  if (!factor) return undefined;
  const y = data.y.map((v) => v - offset.mean);
  const m = Float64Array.from({ length: n }, (_, i) => h.mean * phi.data[i * phi.columns]!);
  const both = matrix(n, 2);
  for (let i = 0; i < n; i++) both.data.set([y[i]!, m[i]!], 2 * i);
  const solved = await linalg.solveTriangular(factor, await linalg.solveTriangular(factor, both), {
    transpose: true,
  });
  const alpha = Float64Array.from({ length: n }, (_, i) => solved.data[2 * i]!);
  const gamma = Float64Array.from({ length: n }, (_, i) => solved.data[2 * i + 1]!);
  const yy = dot(y, alpha);
  const ym = dot(y, gamma);
  const mm = dot(m, gamma);
  let logFactor = 0;
  for (let i = 0; i < n; i++) logFactor += Math.log(factor.data[i * n + i]!);
  const log = Float64Array.from(scales, ({ value: a, logPrior }) => {
    const square = yy / (a * a) - (2 * ym) / a + mm;
    return model.trust * (-0.5 * square - n * Math.log(a) - logFactor) + logPrior + h.logPrior;
  });
  return { part: { hypothesis: h, factor, alpha, gamma }, log };
}

/** Weights from evidences; parts that no longer count are dropped. */
function weighed(model: MixtureModel, evidences: readonly (Evidence | undefined)[]): Part[] {
  const found = evidences.filter((e) => e !== undefined);
  const largest = found.reduce((best, { log }) => log.reduce((a, b) => Math.max(a, b), best), -Infinity);
  const parts = found.map(({ part, log }) => ({ ...part, weights: log.map((l) => Math.exp(l - largest)) }));
  const total = parts.reduce((s, { weights }) => s + sum(weights), 0);
  const kept = parts.filter(({ weights }) => sum(weights) >= smallestWeight * total || !(total > 0));
  const rest = kept.reduce((s, { weights }) => s + sum(weights), 0);
  if (!(rest > 0)) {
    const equal = 1 / (kept.length * model.scales.length);
    return kept.map((part) => ({ ...part, weights: part.weights.map(() => equal) }));
  }
  return kept.map((part) => ({ ...part, weights: part.weights.map((w) => w / rest) }));
}

/** Features of fixed points, computed once a basis. */
type Features = (basis: FeatureBasis) => Matrix;

function featuresAt(x: Matrix): Features {
  const known = new Map<FeatureBasis, Matrix>();
  return (basis) => {
    const found = known.get(basis) ?? basis.features(x);
    known.set(basis, found);
    return found;
  };
}

/** k + β of a hypothesis between two sets of points, n×m, in memory of its own. */
type Covariances = (h: Hypothesis) => Matrix;

/** What hypotheses share, a kernel's matrix and a basis' products, is computed once. */
function covariancesBetween(
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
  const full = product(a, b, true);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.rows; j++)
      full.data[i * b.rows + j] =
        full.data[i * b.rows + j]! - a.data[i * a.columns]! * b.data[j * b.columns]!;
  return full;
}

async function marginalsAt(state: State, x: Matrix): Promise<Marginals> {
  const { model, data, observed, parts } = state;
  const m = x.rows;
  const features = featuresAt(x);
  const covariances = covariancesBetween(
    model,
    { points: data.x, features: observed },
    { points: x, features },
  );
  const mean = new Float64Array(m);
  const second = new Float64Array(m);
  const places: Place[] = [];
  for (const part of parts) {
    const place = await placeOf(state, part, { x, features: features(part.hypothesis.basis), covariances });
    places.push(place);
    const { w0, w1, w2 } = place;
    for (let i = 0; i < m; i++) {
      const p0 = place.p0[i]!;
      const p1 = place.p1[i]!;
      mean[i] = mean[i]! + w0 * p0 + w1 * p1;
      second[i] = second[i]! + w2 * (place.s[i]! + p1 * p1) + w0 * p0 * p0 + 2 * w1 * p0 * p1;
    }
  }
  return {
    mean: mean.map((v) => v + model.offset.mean),
    variance: second.map((v, i) => Math.max(v - mean[i]! ** 2, 1e-12 * Math.max(v, 1e-300))),
    gradient: async (dMean, dVariance) => {
      const onFeatures = new Map<FeatureBasis, Matrix>();
      const result = matrix(m, x.columns);
      for (const place of places) {
        const { hypothesis } = place.part;
        const { basis } = hypothesis;
        const pulled = await pulledOf(state, place, { x, mean, dMean, dVariance });
        const target = onFeatures.get(basis) ?? matrix(m, features(basis).columns);
        onFeatures.set(basis, target);
        addLowRank(target, hypothesis, { features: features(basis), observed: observed(basis), ...pulled });
        const weight = matrix(
          m,
          data.x.rows,
          pulled.dk.data.map((v) => v * hypothesis.residual),
        );
        add(result, hypothesis.kernel.inputGradient(x, data.x, weight));
      }
      for (const [basis, weight] of onFeatures) add(result, basis.pullback(x, weight));
      return result;
    },
  };
}

/** One hypothesis at m points: p₀ = k(x)ᵀα, p₁ = hμ − k(x)ᵀγ, s; w: Σ over scales of weight·aⁱ. */
interface Place {
  readonly part: Part;
  readonly white: Matrix;
  readonly p0: Float64Array;
  readonly p1: Float64Array;
  readonly s: Float64Array;
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
}

async function placeOf(
  { model, data }: State,
  part: Part,
  {
    x,
    features,
    covariances,
  }: { readonly x: Matrix; readonly features: Matrix; readonly covariances: Covariances },
): Promise<Place> {
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

/** Derivatives of the weighed moments in k(x) (m×n), in k(x, x) (m) and in μ(x) (m) of one hypothesis. */
async function pulledOf(
  { model, data }: State,
  place: Place,
  at: {
    readonly x: Matrix;
    readonly mean: Float64Array;
    readonly dMean: Float64Array;
    readonly dVariance: Float64Array;
  },
) {
  const { part, white, w0, w1, w2 } = place;
  const m = at.x.rows;
  const n = data.x.rows;
  const solved = await model.linalg.solveTriangular(part.factor, white, { transpose: true });
  const dk = matrix(m, n);
  const dSelf = new Float64Array(m);
  const dMu = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const dv = at.dVariance[i]!;
    // variance = second − mean², so that second carries dv and the mean also −2·mean·dv.
    const dFirst = at.dMean[i]! - 2 * at.mean[i]! * dv;
    const d0 = dFirst * w0 + dv * 2 * (w0 * place.p0[i]! + w1 * place.p1[i]!);
    const d1 = dFirst * w1 + dv * 2 * (w1 * place.p0[i]! + w2 * place.p1[i]!);
    const ds = place.s[i]! > 0 ? dv * w2 : 0;
    dSelf[i] = ds;
    dMu[i] = d1 * part.hypothesis.mean;
    for (let j = 0; j < n; j++)
      dk.data[i * n + j] = d0 * part.alpha[j]! - d1 * part.gamma[j]! - 2 * ds * solved.data[j * m + i]!;
  }
  return { dk, dSelf, dMu };
}

/** Adds what reaches the features: through φ(x)·φ(X), through |φ(x)|² and through μ. */
function addLowRank(
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
  const through = h.lowRank !== 0 ? product(dk, observed) : undefined;
  for (let i = 0; i < target.rows; i++) {
    target.data[i * r] = target.data[i * r]! + dMu[i]!;
    if (!through) continue;
    for (let k = 1; k < r; k++)
      target.data[i * r + k] =
        target.data[i * r + k]! +
        h.lowRank * (through.data[i * r + k]! + 2 * dSelf[i]! * features.data[i * r + k]!);
  }
}

async function factored(b: Matrix, linalg: LinearAlgebra): Promise<Matrix | undefined> {
  const n = b.rows;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += b.data[i * n + i]! / n;
  for (const jitter of [0, 1e-8, 1e-6, 1e-4]) {
    const lifted = matrix(n, n, Float64Array.from(b.data));
    for (let i = 0; i < n; i++) lifted.data[i * n + i] = b.data[i * n + i]! + jitter * trace;
    try {
      return await linalg.cholesky(lifted);
    } catch (error) {
      if (!(error instanceof NotPositiveDefiniteError)) throw error;
    }
  }
  return undefined;
}

function add(target: Matrix, part: Matrix): void {
  for (let i = 0; i < target.data.length; i++) target.data[i] = target.data[i]! + part.data[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

function sum(a: Float64Array): number {
  return a.reduce((x, y) => x + y, 0);
}
