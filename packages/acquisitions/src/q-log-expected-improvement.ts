/**
 * Log expected improvement of several evaluations together (Ament, Daulton, Eriksson, Balandat, Bakshy 2023, "Unexpected
 * Improvements to Expected Improvement for Bayesian Optimization", §4.2, eq. 12; Monte Carlo with fixed normals as in
 * Balandat et al. 2020, "BoTorch").
 *
 * q     the pending points and the candidate, which comes last
 * ξ_i   draws of the q values, mean + L·z_i, with L·Lᵀ the joint covariance; z_i normal scores of a scrambled Sobol sequence, N×q
 * τ₀    temperature of the smooth ReLU log softplus((ξ − best)/τ₀)·τ₀
 * τ_max temperature of the smooth maximum over the q points
 * value log (1/N)·Σ_i max_j (ξ_ij − best)₊
 */
import {
  type Acquisition,
  InvalidArgumentError,
  type JointBelief,
  type JointDerivatives,
  matrix,
  type Rng,
  UnsupportedError,
} from '@foothold/core';
import { logSumExp, maxSobolDimensions, normalQuantile, sobol } from '@foothold/numerics';
import { type Incumbent, incumbentValue } from './incumbent.ts';

export interface QLogExpectedImprovementOptions {
  /** Default: 'posterior-mean'. */
  readonly incumbent?: Incumbent | undefined;
  /** Draws of the joint belief, N; a power of two spreads best. Default: 512. */
  readonly samples?: number | undefined;
}

/** τ₀ and τ_max, relative to the spread of the improvement: those of Ament et al. (2023, §A.2). */
const [reluTemperature, maxTemperature] = [1e-6, 1e-2];
const maxSamples = 2 ** 16;

/**
 * An acquisition of the candidate together with the points that still run: pending points are part of the joint belief,
 * instead of counting as evaluated at their means. In log units; smooth in mean and covariance, since the draws are fixed.
 *
 * `prepare` throws UnsupportedError for a posterior without `joint` and for an empty dataset. Throws InvalidArgumentError for
 * `samples` that is no whole number from 1 to 65,536.
 */
export function qLogExpectedImprovement(options: QLogExpectedImprovementOptions = {}): Acquisition {
  const { incumbent = 'posterior-mean', samples = 512 } = options;
  if (!(Number.isInteger(samples) && samples >= 1 && samples <= maxSamples))
    throw new InvalidArgumentError('samples', samples, 'a whole number from 1 to 65,536');
  return {
    name: 'qLogExpectedImprovement',
    isLog: true,
    handlesPending: true,
    async prepare(belief) {
      const { posterior, rng, data, pending = matrix(0, data.x.columns) } = belief;
      if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
      const best = await incumbentValue(belief, incumbent);
      const normals = fixedNormals(pending.rows + 1, samples, rng);
      return {
        beside: pending,
        value: (joint) => logImprovement(joint, best, normals).value,
        derivatives: (joint) => backpropImprovement(logImprovement(joint, best, normals), normals),
      };
    },
  };
}

/** Normal scores of a scrambled Sobol sequence, N×q; independent draws where q exceeds its dimensions. */
export function fixedNormals(q: number, samples: number, rng: Rng): Float64Array {
  const uniform =
    q <= maxSobolDimensions
      ? sobol({ dimensions: q, rng }).points(0, samples).data
      : Float64Array.from({ length: q * samples }, () => rng.next());
  return Float64Array.from(uniform, (u) => normalQuantile(Math.min(Math.max(u, 2 ** -53), 1 - 2 ** -53)));
}

/** The value, and what its derivatives need. */
interface Improvement {
  readonly value: number;
  readonly belief: JointBelief;
  readonly best: number;
  /** L, q×q. */
  readonly root: Float64Array;
  /** log of the smooth maximum of each draw, N. */
  readonly logs: Float64Array;
}

function logImprovement(belief: JointBelief, best: number, normals: Float64Array): Improvement {
  const { mean, covariance } = belief;
  const q = mean.length;
  const root = lowerRoot(covariance.data, q);
  const relu = temperatureOf(covariance.data, q);
  const samples = normals.length / q;
  const logs = new Float64Array(samples);
  const each = new Float64Array(q);
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < q; j++)
      each[j] = logRelu((mean[j]! - best + drawOf(root, normals, { q, i, j })) / relu).value + Math.log(relu);
    logs[i] = smoothMax(each);
  }
  return { value: logSumExp(logs) - Math.log(samples), belief, best, root, logs };
}

/** Component j of L·z_i. */
function drawOf(
  root: Float64Array,
  normals: Float64Array,
  { q, i, j }: { readonly q: number; readonly i: number; readonly j: number },
): number {
  let draw = 0;
  for (let k = 0; k <= j; k++) draw += root[j * q + k]! * normals[i * q + k]!;
  return draw;
}

/** Derivatives in mean and covariance, in reverse: through the log-sums, the ReLUs, the draws and the Cholesky factor. */
function backpropImprovement(
  { value, belief, best, root, logs }: Improvement,
  normals: Float64Array,
): JointDerivatives {
  const { mean, covariance } = belief;
  const q = mean.length;
  const relu = temperatureOf(covariance.data, q);
  const samples = logs.length;
  const dMean = new Float64Array(q);
  const dRoot = new Float64Array(q * q);
  let dRelu = 0;
  for (let i = 0; i < samples; i++) {
    const share = Math.exp(logs[i]! - value) / samples;
    if (!(share > 0)) continue;
    for (let j = 0; j < q; j++) {
      const t = (mean[j]! - best + drawOf(root, normals, { q, i, j })) / relu;
      const { value: log, slope } = logRelu(t);
      const weight = q === 1 ? share : share * Math.exp((log + Math.log(relu) - logs[i]!) / maxTemperature);
      const along = (weight * slope) / relu;
      dMean[j]! += along;
      dRelu += (weight * (1 - t * slope)) / relu;
      for (let k = 0; k <= j; k++) dRoot[j * q + k]! += along * normals[i * q + k]!;
    }
  }
  const dCovariance = matrix(q, q, backpropRoot(root, dRoot, q));
  const spread = covariance.data[q * q - 1]!;
  if (spread > smallestVariance) dCovariance.data[q * q - 1]! += (dRelu * relu) / (2 * spread);
  return { value, dMean, dCovariance };
}

const smallestVariance = 1e-300;

/** τ₀ of the ReLU, relative to the candidate's standard deviation. */
function temperatureOf(covariance: Float64Array, q: number): number {
  return reluTemperature * Math.sqrt(Math.max(covariance[q * q - 1]!, smallestVariance));
}

/** log of a smooth ReLU that decays like 1/t² below zero, so that it has a slope everywhere ("fat" softplus, §A.2). */
function logRelu(t: number): { readonly value: number; readonly slope: number } {
  const tail = 0.1 / (1 + t * t);
  // log1p(eᵗ) is t to all digits above 40, and below −40 nothing beside the tail.
  const exponential = t > 40 ? Infinity : Math.exp(Math.max(t, -700));
  const softplus = t > 40 ? t : Math.log1p(exponential);
  const logistic = t > 40 ? 1 : exponential / (1 + exponential);
  const sum = softplus + tail;
  return { value: Math.log(sum), slope: (logistic - (2 * t * tail) / (1 + t * t)) / sum };
}

/** τ·logΣexp(·/τ), an upper bound on the maximum by at most τ·log q. */
function smoothMax(values: Float64Array): number {
  return values.length === 1 ? values[0]! : maxTemperature * logSumExp(values.map((v) => v / maxTemperature));
}

/** Cholesky factor of a covariance, q×q; a pivot that rounding made negative counts as 0, and so does its column. */
export function lowerRoot(a: Float64Array, q: number): Float64Array {
  const l = new Float64Array(q * q);
  for (let i = 0; i < q; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * q + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * q + k]! * l[j * q + k]!;
      if (i === j) l[i * q + i] = sum > 1e-14 * a[i * q + i]! ? Math.sqrt(sum) : 0;
      else l[i * q + j] = l[j * q + j]! > 0 ? sum / l[j * q + j]! : 0;
    }
  return l;
}

/** Derivatives in the lower triangle of the covariance from those in its factor: `lowerRoot` in reverse. */
function backpropRoot(l: Float64Array, dRoot: Float64Array, q: number): Float64Array {
  const dL = dRoot.slice();
  const result = new Float64Array(q * q);
  for (let i = q - 1; i >= 0; i--)
    for (let j = i; j >= 0; j--) {
      const pivot = l[j * q + j]!;
      if (!(pivot > 0)) continue;
      const d = i === j ? dL[i * q + i]! / (2 * pivot) : dL[i * q + j]! / pivot;
      if (i !== j) dL[j * q + j]! -= d * l[i * q + j]!;
      result[i * q + j] = d;
      for (let k = 0; k < j; k++) {
        dL[i * q + k]! -= d * l[j * q + k]!;
        dL[j * q + k]! -= d * l[i * q + k]!;
      }
    }
  return result;
}
