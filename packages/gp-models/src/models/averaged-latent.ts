/**
 * The average over models with hyperparameters drawn from their posterior, by slice sampling from its mode (Murray, Adams 2010, "Slice
 * sampling covariance hyperparameters of latent Gaussian models"; Snoek, Larochelle, Adams 2012, §3.1).
 *
 * u  kernel theta, p, log noise variance, mean: the warps of outputs and inputs stay at the mode, so that all models have one scale
 */
import type { Posterior, Rng } from '@foothold/core';
import { sliceSamples } from '../inference/slice-samples.ts';
import { averagedPosterior } from './averaged-posterior.ts';
import type { FitState } from './fit-state.ts';
import type { Fitted } from './fitted.ts';

/** First width of a slice, in log units of the hyperparameters. */
const width = 1;
/** Passes over the hyperparameters that forget the mode, and passes from one kept sample to the next. */
const [burnIn, passesPerSample] = [4, 2];

interface SampleSetting {
  readonly samples: number;
  /** The model with these hyperparameters, and their log posterior density; undefined where it cannot be factored. */
  readonly factoredAt: (
    state: FitState,
  ) => Promise<{ readonly fitted: Fitted; readonly value: number } | undefined>;
  /** Bounds of all hyperparameters; those of u come first. */
  readonly bounds: { readonly lower: Float64Array; readonly upper: Float64Array };
  readonly posteriorOf: (fitted: Fitted) => Posterior;
  readonly rng: Rng;
  readonly signal: AbortSignal | undefined;
}

/** The average and the number of its models; undefined where fewer than two can be factored. */
export async function averagedLatent(
  mode: FitState,
  setting: SampleSetting,
): Promise<{ readonly posterior: Posterior; readonly samples: number } | undefined> {
  const { samples, factoredAt, bounds, posteriorOf, rng, signal } = setting;
  const p = mode.theta.length;
  const at = (u: Float64Array) =>
    factoredAt({ ...mode, theta: u.slice(0, p), logNoise: u[p]!, mean: u[p + 1]! });
  const logDensity = async (u: Float64Array) => {
    const value = (await at(u))?.value ?? Number.NaN;
    return Number.isFinite(value) ? value : -Infinity;
  };
  const chain = await sliceSamples(logDensity, {
    start: Float64Array.of(...mode.theta, mode.logNoise, mode.mean),
    lower: bounds.lower.slice(0, p + 2),
    upper: bounds.upper.slice(0, p + 2),
    count: samples * passesPerSample,
    ...{ width, burnIn, rng, signal },
  });
  const kept = chain.filter((_, k) => k % passesPerSample === passesPerSample - 1);
  const fits = (await Promise.all(kept.map(at))).flatMap((one) => one?.fitted ?? []);
  if (fits.length < 2) return undefined;
  return { posterior: averagedPosterior(fits.map(posteriorOf)), samples: fits.length };
}
