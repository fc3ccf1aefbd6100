/**
 * The gate: two posteriors mixed by the predictive densities of held-out observations.
 *
 * ℓₖ   Σ log N(yᵢ; mean₋ᵢ, variance₋ᵢ + ν), ν a hundredth of the variance of y, over the observations
 * gate e^(ℓ₁ + log o) / (e^(ℓ₁ + log o) + e^ℓ₀), o the odds before any data
 */
import { type Dataset, InvalidArgumentError, type Surrogate } from '@foothold/core';
import { scaleWeights } from '../scale-weights.ts';
import { combinedPosterior, mixtureOf } from './combined-posterior.ts';
import { type HeldOut, heldOut } from './held-out.ts';

export interface GateOptions {
  /** Prior odds of the transfer model. Default: 1. */
  readonly odds?: number | undefined;
  /** Largest number of fits of each model for the held-out predictions; leave-one-out while there are no more rows. Default: 8. */
  readonly folds?: number | undefined;
}

/**
 * Mixes a transfer model with the plain one by leave-one-out predictive density, so that a misleading source costs
 * almost nothing: its weight falls exponentially with each observation that it predicts worse. `why.transfer.gated`
 * is the weight of the transfer model, and scales the weights that it gives its sources. Throws InvalidArgumentError for odds that are not positive.
 */
export function gated(transfer: Surrogate, plain: Surrogate, options: GateOptions = {}): Surrogate {
  const { odds = 1, folds = 8 } = options;
  if (!(odds > 0)) throw new InvalidArgumentError('odds', odds, 'a positive number');
  if (!(Number.isInteger(folds) && folds >= 2))
    throw new InvalidArgumentError('folds', folds, 'a whole number from 2');
  return {
    async fit(data, context) {
      const gate = await gateOf({ transfer, plain }, { data, context, folds, odds });
      const first = await transfer.fit(data, {
        ...context,
        rng: context.rng.fork('transfer'),
        previous: undefined,
        previousState: undefined,
      });
      const second = await plain.fit(data, {
        ...context,
        rng: context.rng.fork('plain'),
        previous: undefined,
        previousState: undefined,
      });
      return combinedPosterior([first, second], mixtureOf([gate, 1 - gate]), {
        ...second.why,
        ...scaleWeights(first.why, gate, { gated: gate }),
      });
    },
  };
}

async function gateOf(
  { transfer, plain }: { readonly transfer: Surrogate; readonly plain: Surrogate },
  task: Parameters<typeof heldOut>[1] & { readonly odds: number },
): Promise<number> {
  const { data, odds } = task;
  if (data.y.length < 2) return odds / (1 + odds);
  const noise = 0.01 * varianceOf(data.y);
  const gain =
    Math.log(odds) +
    logDensity(data, await heldOut(transfer, task), noise) -
    logDensity(data, await heldOut(plain, task), noise);
  return Number.isNaN(gain) ? 0 : 1 / (1 + Math.exp(-gain));
}

function logDensity({ y, noise }: Dataset, { mean, variance }: HeldOut, floor: number): number {
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    const v = variance[i]! + floor + (noise?.[i] ?? 0) + Number.MIN_VALUE;
    total -= 0.5 * (Math.log(v) + (y[i]! - mean[i]!) ** 2 / v);
  }
  return total;
}

function varianceOf(y: Float64Array): number {
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  return y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length;
}
