/**
 * The log posterior density of a Gaussian process's hyperparameters, with its gradient: what a fit maximizes.
 *
 * v     hyperparameters in one vector: kernel theta (p), log noise variance, mean, warp parameter, input warp (2 a column)
 * z     standardized warped outputs, n; noise on its diagonal is exp(log noise) + known variances
 * value log N(z; mean, K + noise) + Σ log |dz/dy| + log priors
 */
import { type Kernel, type LinearAlgebra, type Matrix, NotPositiveDefiniteError } from '@foothold/core';
import { type LogNormal, logNormalPrior } from '../kernels/priors.ts';
import { exponentPrior, type InputWarping } from '../warps/input-warping.ts';
import { type WarpedValues, type WarpReference, warpedValues } from '../warps/output-warp.ts';
import type { Evidence, Factored } from './arithmetic.ts';
import { arithmeticOf } from './arithmetic-of.ts';

const halfLogTwoPi = 0.9189385332046728;

/** What does not change while hyperparameters are sought. */
export interface FitProblem {
  readonly kernel: Kernel;
  readonly linalg: LinearAlgebra;
  readonly x: Matrix;
  readonly y: Float64Array;
  /** Known noise variances of y, n. */
  readonly noise?: Float64Array | undefined;
  readonly reference: WarpReference;
  readonly inputWarping: InputWarping;
  readonly priors: { readonly noise: LogNormal; readonly mean: LogNormal; readonly warpParameter: LogNormal };
}

/** The parts of a vector of hyperparameters. */
export interface Hyperparameters {
  readonly theta: Float64Array;
  readonly logNoise: number;
  readonly mean: number;
  readonly warpParameter: number;
  readonly input: Float64Array;
}

export function hyperparametersOf(v: Float64Array, p: number): Hyperparameters {
  return {
    theta: v.slice(0, p),
    logNoise: v[p]!,
    mean: v[p + 1]!,
    warpParameter: v[p + 2]!,
    input: v.slice(p + 3),
  };
}

export interface LogPosterior {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** The log posterior density at v, with its gradient; −Infinity with a zero gradient where the matrix cannot be factored. */
export async function logPosterior(problem: FitProblem, v: Float64Array): Promise<LogPosterior> {
  const p = problem.kernel.theta.length;
  const hyperparameters = hyperparametersOf(v, p);
  const { theta, logNoise, mean, warpParameter, input } = hyperparameters;
  const kernel = problem.kernel.withTheta(theta);
  const n = problem.x.rows;
  const outputs = warpedValues(problem.y, problem.reference, warpParameter);
  const known = knownNoiseVariances(problem.noise, outputs.logSlope, problem.reference.spread);
  const level = Math.exp(logNoise);
  const noise = Float64Array.from({ length: n }, (_, i) => level + (known?.[i] ?? 0));
  const centred = outputs.z.map((u) => u - mean);
  const x = problem.inputWarping.warp?.inputs(problem.x, input) ?? problem.x;
  const infeasible = { value: -Infinity, gradient: new Float64Array(v.length) };
  try {
    const arithmetic = await arithmeticOf(problem.linalg, kernel);
    const inputs = input.length > 0;
    const evidence = await arithmetic.evidence(kernel, { x, y: centred, noise }, { inputs });
    const result = withPriors(problem, hyperparameters, { evidence, outputs, known, kernel });
    return Number.isFinite(result.value) && result.gradient.every(Number.isFinite) ? result : infeasible;
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    return infeasible;
  }
}

/** Evidence, Jacobian and priors together, with the gradient in all hyperparameters. */
function withPriors(
  problem: FitProblem,
  { theta, logNoise, mean, warpParameter, input }: Hyperparameters,
  parts: {
    readonly evidence: Evidence;
    readonly outputs: WarpedValues;
    readonly known: Float64Array | undefined;
    readonly kernel: Kernel;
  },
): LogPosterior {
  const { outputs, known } = parts;
  const { value, alpha, dTheta, dNoise, dInputs } = parts.evidence;
  const p = theta.length;
  const gradient = new Float64Array(p + 3 + input.length);
  const prior = parts.kernel.logPrior();
  let total = value + prior.value;
  for (let k = 0; k < p; k++) gradient[k] = dTheta[k]! + prior.gradient[k]!;
  let dLevel = 0;
  let dMean = 0;
  let dWarp = 0;
  for (let i = 0; i < alpha.length; i++) {
    dLevel += dNoise[i]!;
    dMean += alpha[i]!;
    total += outputs.logSlope[i]!;
    dWarp += outputs.dLogSlope[i]! - alpha[i]! * outputs.dz[i]!;
    if (known) dWarp += 2 * dNoise[i]! * known[i]! * outputs.dLogSlope[i]!;
  }
  const own = [
    [logNoise, Math.exp(logNoise) * dLevel, problem.priors.noise],
    [mean, dMean, problem.priors.mean],
    [warpParameter, dWarp, problem.priors.warpParameter],
  ] as const;
  own.forEach(([u, derivative, ofPrior], k) => {
    const part = logNormalPrior(u, ofPrior);
    total += part.value;
    gradient[p + k] = derivative + part.derivative;
  });
  const { warp } = problem.inputWarping;
  if (warp && dInputs) {
    const part = warp.gradient({ x: problem.x, parameters: input, dInputs });
    total += part.value;
    gradient.set(part.gradient, p + 3);
  }
  return { value: total, gradient };
}

/** The value of `logPosterior` where K + noise is factored already, in O(n). */
export function logPosteriorValue(
  problem: FitProblem,
  v: Float64Array,
  { factor, alpha }: Pick<Factored, 'factor' | 'alpha'>,
): number {
  const p = problem.kernel.theta.length;
  const { theta, logNoise, mean, warpParameter, input } = hyperparametersOf(v, p);
  const n = problem.x.rows;
  const { z, logSlope } = warpedValues(problem.y, problem.reference, warpParameter);
  let value = problem.kernel.withTheta(theta).logPrior().value - n * halfLogTwoPi;
  for (let i = 0; i < n; i++)
    value += logSlope[i]! - 0.5 * (z[i]! - mean) * alpha[i]! - Math.log(factor.data[i * n + i]!);
  const { noise: noisePrior, mean: meanPrior, warpParameter: warpPrior } = problem.priors;
  value += logNormalPrior(logNoise, noisePrior).value;
  value += logNormalPrior(mean, meanPrior).value + logNormalPrior(warpParameter, warpPrior).value;
  for (const u of input) value += logNormalPrior(u, exponentPrior).value;
  return value;
}

/** Known variances in the units of z. */
export function knownNoiseVariances(
  noise: Float64Array | undefined,
  logSlope: Float64Array,
  spread: number,
): Float64Array | undefined {
  return noise?.map(
    (variance, i) => Math.min((Math.sqrt(variance) * Math.exp(logSlope[i]!)) / spread, 1e3) ** 2,
  );
}
