import { InvalidArgumentError, type LanguageModel, type OptimumPrior } from '@foothold/core';
import type { CandidateOptions } from '../candidates/candidate-options.ts';
import type { Prices } from '../limits/prices.ts';

/** The model, its card, how candidates are asked for, and what an adviser whose advice has succeeded may do. */
export interface AdvisedOptions extends CandidateOptions {
  /** Give it limits: `limitedModel` has a budget and a time limit for each call. */
  readonly model: LanguageModel;
  /** For the cost in `why`. */
  readonly prices?: Prices | undefined;
  /**
   * What the configurations on which the model's proposals agree do to the acquisition, as long as the best trial is one that followed
   * them: `prior` multiplies it by π(x)^(β/n) (Hvarfner et al. 2022), `mean-shift` raises the predicted mean. Default: 'prior'.
   */
  readonly influence?: OptimumPrior['influence'] | undefined;
  /** β of the prior, or standard deviations of the mean shift times n; a finite number from 0, which is no influence. Default: 10. */
  readonly strength?: number | undefined;
}

export interface InfluenceSettings {
  readonly influence: OptimumPrior['influence'];
  readonly strength: number;
}

/** Throws InvalidArgumentError for options outside of their ranges. */
export function influenceSettings({ influence = 'prior', strength = 10 }: AdvisedOptions): InfluenceSettings {
  if (influence !== 'prior' && influence !== 'mean-shift')
    throw new InvalidArgumentError('influence', influence, "'prior', 'mean-shift'");
  if (!(strength >= 0 && strength < Infinity))
    throw new InvalidArgumentError('strength', strength, 'a finite number from 0');
  return { influence, strength };
}
