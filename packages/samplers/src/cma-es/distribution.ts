/**
 * The search distribution of CMA-ES and its update (Hansen 2016, "The CMA Evolution Strategy: A Tutorial"; equations
 * and constants from its table 1 and figure 6, with negative weights).
 *
 * m, σ, C   mean, step size and covariance in the unit cube: x ~ N(m, σ²C)
 * B, D      C = B·diag(D²)·Bᵀ
 * λ, μ      population and parents; w weights, of sum 1 over the parents, negative after them
 * pσ, pc    evolution paths of the step size and of the covariance
 * g         generations since the last restart
 */
import { largestOf } from '@foothold/core';
import { symmetricEigen } from './symmetric-eigen.ts';

export interface Distribution {
  readonly mean: Float64Array;
  readonly sigma: number;
  /** C, d×d row-major. */
  readonly c: Float64Array;
  /** B, d×d row-major. */
  readonly axes: Float64Array;
  /** D, d. */
  readonly lengths: Float64Array;
  readonly pathSigma: Float64Array;
  readonly pathC: Float64Array;
  /** Factor on each coordinate's standard deviation that keeps integers from freezing, d. */
  readonly marginFactor: Float64Array;
  readonly population: number;
  readonly generation: number;
}

export interface Start {
  readonly mean: Float64Array;
  readonly sigma: number;
  readonly population: number;
  /** The identity unless given. */
  readonly c?: Float64Array | undefined;
}

export function startOf({ mean, sigma, population, c }: Start): Distribution {
  const d = mean.length;
  const zeros = { pathSigma: new Float64Array(d), pathC: new Float64Array(d), generation: 0 };
  return withAxes({
    mean,
    sigma,
    population,
    ...zeros,
    c: c ?? identity(d),
    marginFactor: new Float64Array(d).fill(1),
  });
}

/** m + σ·marginFactor·B·D·z. */
export function drawn(of: Distribution, z: Float64Array): Float64Array {
  const d = z.length;
  return Float64Array.from({ length: d }, (_, i) => {
    let y = 0;
    for (let k = 0; k < d; k++) y += of.axes[i * d + k]! * of.lengths[k]! * z[k]!;
    return of.mean[i]! + of.sigma * of.marginFactor[i]! * y;
  });
}

/** A point of a generation, and whether it was drawn from this very distribution. */
export interface Member {
  readonly point: Float64Array;
  readonly own: boolean;
}

/** The next distribution from λ members, best first. */
export function updated(of: Distribution, members: readonly Member[]): Distribution {
  const { mean, sigma, marginFactor, c } = of;
  const d = mean.length;
  const k = constantsOf(d, members.length);
  const steps = members.map((member) => stepOf(of, member));
  const y = new Float64Array(d);
  for (let i = 0; i < k.mu; i++) for (let j = 0; j < d; j++) y[j]! += k.weights[i]! * steps[i]![j]!;

  const white = whitened(of, y, true);
  const pathSigma = of.pathSigma.map(
    (p, j) => (1 - k.cSigma) * p + Math.sqrt(k.cSigma * (2 - k.cSigma) * k.muEff) * white[j]!,
  );
  const length = norm(pathSigma);
  const generation = of.generation + 1;
  const ready = length / Math.sqrt(1 - (1 - k.cSigma) ** (2 * generation)) < (1.4 + 2 / (d + 1)) * k.expected;
  const pathC = of.pathC.map(
    (p, j) => (1 - k.cc) * p + (ready ? Math.sqrt(k.cc * (2 - k.cc) * k.muEff) * y[j]! : 0),
  );

  const weights = k.weights.map((w, i) => (w >= 0 ? w : (w * d) / norm(whitened(of, steps[i]!, false)) ** 2));
  const kept =
    1 + (ready ? 0 : k.c1 * k.cc * (2 - k.cc)) - k.c1 - k.cMu * k.weights.reduce((sum, w) => sum + w, 0);
  const next = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let rankMu = 0;
      for (let s = 0; s < steps.length; s++) rankMu += weights[s]! * steps[s]![i]! * steps[s]![j]!;
      next[i * d + j] = kept * c[i * d + j]! + k.c1 * pathC[i]! * pathC[j]! + k.cMu * rankMu;
      next[j * d + i] = next[i * d + j]!;
    }
  return withAxes({
    mean: mean.map((m, j) => m + sigma * marginFactor[j]! * y[j]!),
    sigma: sigma * Math.exp(Math.min(1, (k.cSigma / k.damping) * (length / k.expected - 1))),
    c: next,
    pathSigma,
    pathC,
    marginFactor,
    population: of.population,
    generation,
  });
}

/**
 * (x − m) / (σ·marginFactor). Points from elsewhere are drawn in to the length that own ones rarely exceed (Hansen 2011,
 * "Injecting External Solutions Into CMA-ES", eq. 4), so that one far point cannot blow the step size up.
 */
function stepOf(of: Distribution, { point, own }: Member): Float64Array {
  const d = point.length;
  const step = point.map((v, j) => (v - of.mean[j]!) / (of.sigma * of.marginFactor[j]!));
  if (own) return step;
  const length = norm(whitened(of, step, false));
  const most = Math.sqrt(d) + (2 * d) / (d + 2);
  return length > most ? step.map((v) => (v * most) / length) : step;
}

/** D⁻¹·Bᵀ·y, and turned back by B where `back`: C^(−½)·y. */
function whitened(of: Distribution, y: Float64Array, back: boolean): Float64Array {
  const d = y.length;
  const inner = Float64Array.from({ length: d }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < d; i++) sum += of.axes[i * d + k]! * y[i]!;
    return sum / of.lengths[k]!;
  });
  if (!back) return inner;
  return Float64Array.from({ length: d }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += of.axes[i * d + k]! * inner[k]!;
    return sum;
  });
}

function constantsOf(d: number, population: number) {
  const mu = Math.max(1, Math.floor(population / 2));
  const raw = Array.from({ length: population }, (_, i) => Math.log((population + 1) / 2) - Math.log(i + 1));
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const effective = (values: readonly number[]) => sum(values) ** 2 / (sum(values.map((w) => w * w)) || 1);
  const muEff = effective(raw.slice(0, mu));
  const muEffNegative = effective(raw.slice(mu));
  const cc = (4 + muEff / d) / (d + 4 + (2 * muEff) / d);
  const cSigma = (muEff + 2) / (d + muEff + 5);
  const c1 = 2 / ((d + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1, (2 * (0.25 + muEff + 1 / muEff - 2)) / ((d + 2) ** 2 + muEff));
  const negative = Math.min(1 + c1 / cMu, 1 + (2 * muEffNegative) / (muEff + 2), (1 - c1 - cMu) / (d * cMu));
  const up = sum(raw.filter((w) => w > 0));
  const down = -sum(raw.filter((w) => w < 0)) || 1;
  return {
    mu,
    muEff,
    cc,
    cSigma,
    c1,
    cMu,
    weights: raw.map((w) => (w >= 0 ? w / up : (Math.max(negative, 0) * w) / down)),
    damping: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (d + 1)) - 1) + cSigma,
    /** E‖N(0, I)‖. */
    expected: Math.sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d)),
  };
}

/** Puts C's axes beside it; eigenvalues that rounding or negative weights made too small are lifted. */
export function withAxes(of: Omit<Distribution, 'axes' | 'lengths'>): Distribution {
  const d = of.mean.length;
  const { values, vectors } = symmetricEigen(of.c, d);
  const top = Math.max(largestOf(values), Number.MIN_VALUE);
  return { ...of, axes: vectors, lengths: values.map((v) => Math.sqrt(Math.max(v, 1e-16 * top))) };
}

function identity(d: number): Float64Array {
  return Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0));
}

function norm(v: Float64Array): number {
  return Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
}
