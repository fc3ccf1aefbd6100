/**
 * Models with hyperparameters drawn from their posterior, by slice sampling from its mode (Murray, Adams 2010, "Slice sampling covariance
 * hyperparameters of latent Gaussian models"; Snoek, Larochelle, Adams 2012, §3.1).
 *
 * u  kernel theta, p, log noise variance, mean: the warps of outputs and inputs stay at the mode, so that all models have one scale
 */
import { NotPositiveDefiniteError, type Rng } from '@foothold/core';
import { arithmeticOf } from '../inference/arithmetic-of.ts';
import { type FitProblem, knownNoiseVariances, logPosteriorValue } from '../inference/log-posterior.ts';
import { boundsOf } from '../inference/search-starts.ts';
import { sliceSamples } from '../inference/slice-samples.ts';
import { warpedInputs } from '../warps/input-warp.ts';
import { warpedValues } from '../warps/output-warp.ts';
import { assembledFit } from './assembled-fit.ts';
import type { FitState } from './fit-state.ts';
import type { Fitted } from './fitted.ts';
import { gaussianProcessDefaults } from './gaussian-process-defaults.ts';

/** First width of a slice, in log units of the hyperparameters. */
const width = 1;
/** Passes over the hyperparameters that forget the mode, and passes from one kept sample to the next. */
const [burnIn, passesPerSample] = [4, 2];

export interface SampleSetting {
  readonly samples: number;
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}

/** The models, `samples` at most: those that can be factored. */
export async function sampledFits(
  problem: FitProblem,
  mode: FitState,
  { samples, rng, signal }: SampleSetting,
): Promise<readonly Fitted[]> {
  const p = mode.theta.length;
  const { minNoise, noiseEpsilons } = gaussianProcessDefaults;
  const bounds = boundsOf(problem, {
    logNoiseFloor: Math.log(Math.max(minNoise, noiseEpsilons * problem.x.rows * problem.linalg.epsilon)),
    warpsOutputs: false,
    noiseKnown: problem.noise?.every((v) => v > 0) ?? false,
    rng,
  });
  const chain = await sliceSamples(await densityOf(problem, mode), {
    start: Float64Array.of(...mode.theta, mode.logNoise, mode.mean),
    lower: bounds.lower.slice(0, p + 2),
    upper: bounds.upper.slice(0, p + 2),
    count: samples * passesPerSample,
    ...{ width, burnIn, rng, signal },
  });
  const fits: Fitted[] = [];
  for (let k = passesPerSample - 1; k < chain.length; k += passesPerSample) {
    const u = chain[k]!;
    const state = {
      ...mode,
      theta: u.slice(0, p),
      logNoise: u[p]!,
      mean: u[p + 1]!,
      fitted: problem.x.rows,
      jitter: 0,
    };
    try {
      fits.push(await assembledFit(problem, state, undefined));
    } catch (error) {
      if (!(error instanceof NotPositiveDefiniteError)) throw error;
    }
  }
  return fits;
}

/** The log posterior density of u at the mode's warps. */
export async function densityOf(
  problem: FitProblem,
  { warpParameter, input }: Pick<FitState, 'warpParameter' | 'input'>,
): Promise<(u: Float64Array) => Promise<number>> {
  const p = problem.kernel.theta.length;
  const arithmetic = await arithmeticOf(problem.linalg, problem.kernel);
  const { z, logSlope } = warpedValues(problem.y, problem.reference, warpParameter);
  const known = knownNoiseVariances(problem.noise, logSlope, problem.reference.spread);
  const x = warpedInputs(problem.inputWarping, problem.x, input);
  return async (u) => {
    const level = Math.exp(u[p]!);
    const kernel = problem.kernel.withTheta(u.slice(0, p));
    try {
      const fit = await arithmetic.factor(kernel, {
        x,
        y: z.map((v) => v - u[p + 1]!),
        noise: z.map((_, i) => level + (known?.[i] ?? 0)),
      });
      const value = logPosteriorValue(problem, Float64Array.of(...u, warpParameter, ...input), fit);
      return Number.isFinite(value) ? value : -Infinity;
    } catch (error) {
      if (error instanceof NotPositiveDefiniteError) return -Infinity;
      throw error;
    }
  };
}
