/**
 * The log posterior density of a Gaussian process's hyperparameters, with its gradient: what a fit climbs.
 *
 * v     hyperparameters in one vector: kernel theta (p), log noise variance, mean, bend, input warp (2 a column)
 * z     standardized warped outputs, n; noise on its diagonal is exp(log noise) + known variances
 * value log N(z; mean, K + noise) + Σ log |dz/dy| + log priors
 */
import { type Kernel, type LinearAlgebra, type Matrix, NotPositiveDefiniteError } from '@foothold/core';
import { type LogNormal, logNormalPrior } from '../kernels/priors.ts';
import { exponentPrior, type InputWarping, inputWarpGradient, warpedInputs } from '../warps/input-warp.ts';
import { type WarpReference, warpedValues } from '../warps/output-warp.ts';
import { arithmeticOf, type Factored } from './arithmetic.ts';

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

/** Value −Infinity with a zero gradient where the matrix cannot be factored. */
export async function logPosterior(model: FitProblem, v: Float64Array): Promise<LogPosterior> {
  const p = model.kernel.theta.length;
  const { theta, logNoise, mean, warpParameter: bend, input } = hyperparametersOf(v, p);
  const kernel = model.kernel.withTheta(theta);
  const n = model.x.rows;
  const outputs = warpedValues(model.y, model.reference, bend);
  const known = knownNoiseVariances(model.noise, outputs.logSlope, model.reference.spread);
  const level = Math.exp(logNoise);
  const noise = new Float64Array(n).fill(level);
  const centred = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    noise[i] = level + (known?.[i] ?? 0);
    centred[i] = outputs.z[i]! - mean;
  }
  const warps = input.length > 0;
  const x = warpedInputs(model.inputWarping, model.x, input);
  const gradient = new Float64Array(v.length);
  try {
    const { value, alpha, dTheta, dNoise, dInputs } = await arithmeticOf(model.linalg, kernel).evidence(
      kernel,
      { x, y: centred, noise },
      { inputs: warps },
    );
    const prior = kernel.logPrior();
    let total = value + prior.value;
    for (let k = 0; k < p; k++) gradient[k] = dTheta[k]! + prior.gradient[k]!;
    let dLevel = 0;
    let dMean = 0;
    let dBend = 0;
    for (let i = 0; i < n; i++) {
      dLevel += dNoise[i]!;
      dMean += alpha[i]!;
      total += outputs.logSlope[i]!;
      dBend += outputs.dLogSlope[i]! - alpha[i]! * outputs.dz[i]!;
      if (known) dBend += 2 * dNoise[i]! * known[i]! * outputs.dLogSlope[i]!;
    }
    const own = [
      [logNoise, level * dLevel, model.priors.noise],
      [mean, dMean, model.priors.mean],
      [bend, dBend, model.priors.warpParameter],
    ] as const;
    own.forEach(([u, derivative, prior], k) => {
      const part = logNormalPrior(u, prior);
      total += part.value;
      gradient[p + k] = derivative + part.derivative;
    });
    if (warps && dInputs) {
      const part = inputWarpGradient(model.inputWarping, { x: model.x, parameters: input, dInputs });
      total += part.value;
      gradient.set(part.gradient, p + 3);
    }
    return Number.isFinite(total) && gradient.every(Number.isFinite)
      ? { value: total, gradient }
      : { value: -Infinity, gradient: gradient.fill(0) };
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    return { value: -Infinity, gradient: gradient.fill(0) };
  }
}

/** The same value where K + noise is factored already, in O(n). */
export function logPosteriorValue(
  model: FitProblem,
  v: Float64Array,
  { factor, alpha }: Pick<Factored, 'factor' | 'alpha'>,
): number {
  const p = model.kernel.theta.length;
  const { theta, logNoise, mean, warpParameter: bend, input } = hyperparametersOf(v, p);
  const n = model.x.rows;
  const { z, logSlope } = warpedValues(model.y, model.reference, bend);
  let value = model.kernel.withTheta(theta).logPrior().value - n * halfLogTwoPi;
  for (let i = 0; i < n; i++)
    value += logSlope[i]! - 0.5 * (z[i]! - mean) * alpha[i]! - Math.log(factor.data[i * n + i]!);
  const { noise: noisePrior, mean: meanPrior, warpParameter: bendPrior } = model.priors;
  value += logNormalPrior(logNoise, noisePrior).value;
  value += logNormalPrior(mean, meanPrior).value + logNormalPrior(bend, bendPrior).value;
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
