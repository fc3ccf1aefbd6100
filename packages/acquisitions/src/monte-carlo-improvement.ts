/**
 * Expected improvement of several points together by Monte Carlo with fixed normals, smoothed (Ament, Daulton, Eriksson, Balandat,
 * Bakshy 2023, "Unexpected Improvements to Expected Improvement for Bayesian Optimization", §4.2 and §A.2).
 *
 * q     points of the joint belief, the first `baseline` of them known ones, whose largest draw is to be improved on
 * ξ_i   draws of the q values, mean + L·z_i, with L·Lᵀ the joint covariance; z_i fixed standard normals, N×q
 * best  the value to improve on: a number, or of each draw the largest ξ_ij of the baseline
 * τ₀    temperature of the smooth ReLU log softplus((ξ − best)/τ₀)·τ₀
 * τ_max temperature of the smooth maximum over the points that are not baseline
 */
import { type JointBelief, type JointDerivatives, matrix } from '@foothold/core';
import { logSumExp } from '@foothold/numerics';
import { backpropRoot, drawOf, lowerRoot } from './fixed-draws.ts';

/** τ₀ and τ_max, relative to the spread of the improvement: those of Ament et al. (2023, §A.2). */
const [reluTemperature, maxTemperature] = [1e-6, 1e-2];

/** The value, and what its derivatives need. */
interface Improvement {
  readonly value: number;
  /** L, q×q. */
  readonly root: Float64Array;
  /** log of the smooth maximum of each draw, N. */
  readonly logs: Float64Array;
  /** Of each draw the point of the baseline with the largest value, N; empty without a baseline. */
  readonly leading: Int32Array;
}

/** What is improved on. */
export interface ImprovementOver {
  /** Fixed standard normals, N×q. */
  readonly normals: Float64Array;
  /** The value to improve on without a baseline. */
  readonly best?: number;
  /** Known points, which come first. Default: 0. */
  readonly baseline?: number;
}

/** log (1/N)·Σ_i max_j (ξ_ij − best_i)₊ over the points behind the baseline. */
export function logImprovement(belief: JointBelief, over: ImprovementOver): number {
  return improvementOf(belief, over).value;
}

function improvementOf({ mean, covariance }: JointBelief, over: ImprovementOver): Improvement {
  const { normals, best: fixed = -Infinity, baseline = 0 } = over;
  const q = mean.length;
  const root = lowerRoot(covariance.data, q);
  const relu = temperatureOf(covariance.data, q);
  const samples = normals.length / q;
  const logs = new Float64Array(samples);
  const leading = new Int32Array(baseline > 0 ? samples : 0);
  const each = new Float64Array(q - baseline);
  for (let i = 0; i < samples; i++) {
    let best = fixed;
    for (let j = 0; j < baseline; j++) {
      const known = mean[j]! + drawOf(root, normals, { q, i, j });
      if (known > best) [best, leading[i]] = [known, j];
    }
    for (let j = baseline; j < q; j++)
      each[j - baseline] =
        logRelu((mean[j]! - best + drawOf(root, normals, { q, i, j })) / relu).value + Math.log(relu);
    logs[i] = smoothMax(each);
  }
  return { value: logSumExp(logs) - Math.log(samples), root, logs, leading };
}

/** `logImprovement` with its derivatives in mean and covariance, in reverse: through the log-sums, the ReLUs, the draws and the factor. */
export function logImprovementDerivatives(belief: JointBelief, over: ImprovementOver): JointDerivatives {
  const { value, root, logs, leading } = improvementOf(belief, over);
  const { normals, best: fixed = -Infinity, baseline = 0 } = over;
  const { mean, covariance } = belief;
  const q = mean.length;
  const relu = temperatureOf(covariance.data, q);
  const samples = logs.length;
  const dMean = new Float64Array(q);
  const dRoot = new Float64Array(q * q);
  let dRelu = 0;
  const add = (i: number, j: number, along: number) => {
    dMean[j]! += along;
    for (let k = 0; k <= j; k++) dRoot[j * q + k]! += along * normals[i * q + k]!;
  };
  for (let i = 0; i < samples; i++) {
    const share = Math.exp(logs[i]! - value) / samples;
    if (!(share > 0)) continue;
    const lead = leading[i] ?? 0;
    const best = baseline > 0 ? mean[lead]! + drawOf(root, normals, { q, i, j: lead }) : fixed;
    for (let j = baseline; j < q; j++) {
      const t = (mean[j]! - best + drawOf(root, normals, { q, i, j })) / relu;
      const { value: log, slope } = logRelu(t);
      const weight =
        q - baseline === 1 ? share : share * Math.exp((log + Math.log(relu) - logs[i]!) / maxTemperature);
      const along = (weight * slope) / relu;
      dRelu += (weight * (1 - t * slope)) / relu;
      add(i, j, along);
      if (baseline > 0) add(i, lead, -along);
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
