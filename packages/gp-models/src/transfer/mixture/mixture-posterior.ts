/**
 * A posterior that averages over hypotheses: how much the new task has in common with the sources, how smooth the rest is, and
 * how large the new task's differences are.
 *
 * y = b + a·f(x) + noise, f ~ GP(h·μ, k), k(x, x′) = p·φ(x)·φ(x′) + q·M(x, x′), b ~ N(b₀, a²β)
 * hypothesis (h, p, q, M, ν, μ, φ): parts of mean and covariance, a Matérn kernel, the noise variance a²ν, a basis
 * B = k(X, X) + νI + β·11ᵀ = L·Lᵀ over the observed X; α = B⁻¹(y − b₀), γ = B⁻¹·h·μ(X)
 * for each a on a grid: log p(y | hypothesis, a) = −½((y − b₀)ᵀα/a² − 2(y − b₀)ᵀγ/a + hμᵀγ) − n·log a − log|L|
 * at x: mean b₀ + k(x)ᵀα + a(h·μ(x) − k(x)ᵀγ), variance a²·s(x), s = k(x, x) + β − |L⁻¹k(x)|²
 * The moments of the mixture over all (hypothesis, a) are what `marginals` returns.
 */
import {
  concatRows,
  type Dataset,
  type LinearAlgebra,
  type Matrix,
  matrix,
  NotPositiveDefiniteError,
  type Posterior,
} from '@foothold/core';
import { safeCholesky } from '../../inference/safe-cholesky.ts';
import { hypothesisDefaults } from '../defaults.ts';
import { cachedFeatures, type Features } from './cached-features.ts';
import { type Covariances, covariancesBetween } from './component-prediction.ts';
import { jointAt } from './mixture-joint.ts';
import { marginalsAt } from './mixture-marginals.ts';
import type { Hypothesis, MixtureComponent, MixtureModel, MixtureState } from './mixture-model.ts';

/** Jitters as multiples of the mean of the diagonal. */
const relativeJitters = [0, 1e-8, 1e-6, 1e-4];

/** The posterior over the hypotheses, all or those that `only` keeps. `condition` keeps the weights. */
export interface FittedMixture {
  readonly posterior: Posterior;
  /** The posterior weight of each hypothesis that counts, sum 1. */
  readonly weights: ReadonlyMap<Hypothesis, number>;
  /** The posterior given that one of these is true; undefined where none of them counts. */
  only(isKept: (hypothesis: Hypothesis) => boolean): Posterior | undefined;
}

export async function mixturePosterior(model: MixtureModel, data: Dataset): Promise<FittedMixture> {
  const observed = cachedFeatures(data.x);
  const there = { points: data.x, features: observed };
  const seen = { data, observed, covariances: covariancesBetween(model, there, there) };
  const parts = weightedComponents(
    model,
    await Promise.all(model.hypotheses.map((h) => componentOf(model, seen, h))),
  );
  const state = { model, data, observed, components: parts };
  return {
    posterior: posteriorOf(state),
    weights: new Map(parts.map((part) => [part.hypothesis, sum(part.weights)])),
    only(isKept) {
      const components = normalized(parts.filter(({ hypothesis }) => isKept(hypothesis)));
      return components.length > 0 ? posteriorOf({ ...state, components }) : undefined;
    },
  };
}

function normalized(parts: readonly MixtureComponent[]): MixtureComponent[] {
  const total = parts.reduce((s, { weights }) => s + sum(weights), 0);
  return parts.map((part) => ({ ...part, weights: part.weights.map((w) => w / total) }));
}

function posteriorOf(state: MixtureState): Posterior {
  return {
    marginals: (x) => marginalsAt(state, x),
    joint: (x) => jointAt(state, x),
    async condition(more) {
      const { model } = state;
      const data = concatRows(state.data, more);
      const observed = cachedFeatures(data.x);
      const parts: MixtureComponent[] = [];
      const there = { points: data.x, features: observed };
      const seen = { data, observed, covariances: covariancesBetween(model, there, there) };
      for (const component of state.components) {
        const next = await componentOf(model, seen, component.hypothesis);
        if (next) parts.push({ ...next.part, weights: component.weights });
      }
      return posteriorOf({ model, data, observed, components: parts });
    },
  };
}

interface Evidence {
  readonly part: Omit<MixtureComponent, 'weights'>;
  readonly log: Float64Array;
}

async function componentOf(
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
    return -0.5 * square - n * Math.log(a) - logFactor + logPrior + h.logPrior;
  });
  return { part: { hypothesis: h, factor, alpha, gamma }, log };
}

/** Weights from evidences; parts that no longer count are dropped. */
function weightedComponents(
  model: MixtureModel,
  evidences: readonly (Evidence | undefined)[],
): MixtureComponent[] {
  const found = evidences.filter((e) => e !== undefined);
  const largest = found.reduce((best, { log }) => log.reduce((a, b) => Math.max(a, b), best), -Infinity);
  const parts = found.map(({ part, log }) => ({ ...part, weights: log.map((l) => Math.exp(l - largest)) }));
  const total = parts.reduce((s, { weights }) => s + sum(weights), 0);
  const kept = parts.filter(
    ({ weights }) => sum(weights) >= hypothesisDefaults.minWeight * total || !(total > 0),
  );
  const rest = kept.reduce((s, { weights }) => s + sum(weights), 0);
  if (!(rest > 0)) {
    const equal = 1 / (kept.length * model.scales.length);
    return kept.map((part) => ({ ...part, weights: part.weights.map(() => equal) }));
  }
  return normalized(kept);
}

/** Undefined where no jitter makes `b` positive definite. */
async function factored(b: Matrix, linalg: LinearAlgebra): Promise<Matrix | undefined> {
  const n = b.rows;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += b.data[i * n + i]! / n;
  try {
    return await safeCholesky(
      linalg,
      b,
      relativeJitters.map((jitter) => jitter * trace),
    );
  } catch (error) {
    if (error instanceof NotPositiveDefiniteError) return undefined;
    throw error;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

function sum(a: Float64Array): number {
  return a.reduce((x, y) => x + y, 0);
}
