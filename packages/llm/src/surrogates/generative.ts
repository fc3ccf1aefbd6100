/**
 * A generative surrogate: the probability that a configuration is among the best, as a language model classifies it (Liu, Astorga, Seedat,
 * van der Schaar 2024, "Large Language Models to Enhance Bayesian Optimization", section 5.2).
 *
 * γ  share of the observations that counts as good
 * τ  the worst value among the good ones
 * p  probability that the value reaches τ
 * σ  standard deviation of all values
 */
import {
  type FitContext,
  InvalidArgumentError,
  type LanguageModel,
  type Params,
  type Posterior,
  type Surrogate,
} from '@foothold/core';
import { normalQuantile } from '@foothold/numerics';
import { classPrompt } from '../prompts/class-prompt.ts';
import { configurationText } from '../prompts/configuration-text.ts';
import { askedMarginals, type NormalBelief } from './asked-marginals.ts';
import { classTeller } from './class-teller.ts';
import { chosenExamples, type LanguageDataset, languageDataset, priorBelief } from './language-dataset.ts';
import { meteredModel } from './metered-model.ts';
import type { LanguageSurrogateOptions } from './surrogate-options.ts';
import { type SurrogateSettings, surrogateSettings } from './surrogate-settings.ts';
import { surrogateWhy } from './surrogate-why.ts';
import { type Template, templatesOf } from './templates.ts';

export interface GenerativeOptions<P extends Params = Params> extends LanguageSurrogateOptions<P> {
  /** Share γ of the observations that counts as good, between 0 and 1. Default: 0.25. */
  readonly topFraction?: number | undefined;
  /**
   * Where the probability comes from. Default: 'log-probabilities' of one completion a template, and samples where the provider gives
   * none.
   */
  readonly probabilities?: 'log-probabilities' | 'samples' | undefined;
}

/**
 * A surrogate whose belief at a point is normal with mean τ + σ·Φ⁻¹(p) and standard deviation σ: the probability of reaching τ is then p, and
 * every acquisition of marginal beliefs prefers points of larger p. Its marginals ask the model as those of `discriminative` do, and have no
 * gradient either. Where the model has no answer, and where no observation is worse than another, the belief is that of all
 * values together. Throws InvalidArgumentError for options outside of their ranges, UnsupportedError for a space whose parameters cannot
 * be told.
 */
export function generative<P extends Params>(model: LanguageModel, options: GenerativeOptions<P>): Surrogate {
  const settings = surrogateSettings(options);
  const { topFraction = 0.25, probabilities = 'log-probabilities' } = options;
  if (!(topFraction > 0 && topFraction < 1))
    throw new InvalidArgumentError('topFraction', topFraction, 'a number between 0 and 1');
  if (probabilities !== 'log-probabilities' && probabilities !== 'samples')
    throw new InvalidArgumentError('probabilities', probabilities, 'log-probabilities, samples');
  const { view, sign, examples, templates, shuffleFeatures } = settings;
  return {
    async fit(data, { rng, signal }: FitContext): Promise<Posterior> {
      const metered = meteredModel(model);
      const told = languageDataset(data, view, sign);
      const rows = chosenExamples(told.y, examples, rng.fork('examples'));
      const prior = priorBelief(told.y);
      const threshold = thresholdOf(told.y, topFraction);
      const made = templatesOf({
        ...{ count: templates, rows, names: view.names, shuffleFeatures, rng: rng.fork('templates') },
      });
      const teller = classTeller(metered.model, { settings, probabilities, rng: rng.fork('seeds'), signal });
      const marginals = askedMarginals(view.space, async (configurations) => {
        if (threshold === undefined) return configurations.map(() => prior);
        const asked = configurations.map((configuration) => ({
          configuration,
          prompts: made.map((template) => promptOf(configuration, template, { settings, told, threshold })),
        }));
        const found = await teller.probabilities(asked);
        return found.map((p) => (p === undefined ? prior : beliefOf(p, threshold, prior)));
      });
      return {
        marginals,
        get why() {
          return surrogateWhy(metered.meter(), {
            surrogate: 'generative',
            probabilities: teller.source(),
            unreadable: teller.unreadable(),
            failure: teller.failure(),
          });
        },
      };
    },
  };
}

/** τ; undefined where every value reaches it. */
function thresholdOf(y: readonly number[], fraction: number): number | undefined {
  const ranked = [...y].sort((a, b) => b - a);
  const threshold = ranked[Math.max(Math.round(fraction * y.length), 1) - 1];
  return threshold !== undefined && ranked.at(-1)! < threshold ? threshold : undefined;
}

/** Beyond these quantiles 1 − p is 0 in float64. */
const least = 2 ** -53;

function beliefOf(p: number, threshold: number, { variance }: NormalBelief): NormalBelief {
  const within = Math.min(Math.max(p, least), 1 - least);
  const mean = threshold + Math.sqrt(variance) * normalQuantile(within);
  return { mean: Math.min(Math.max(mean, -Number.MAX_VALUE), Number.MAX_VALUE), variance };
}

function promptOf(
  configuration: Params,
  { rows, order }: Template,
  {
    settings,
    told,
    threshold,
  }: { readonly settings: SurrogateSettings; readonly told: LanguageDataset; readonly threshold: number },
): string {
  const isGood = (i: number) => told.y[i]! >= threshold;
  return classPrompt({
    task: settings.task(order),
    metric: settings.metric,
    good: rows.filter(isGood).length,
    evaluated: rows.map((i) => ({
      configuration: configurationText(told.configurations[i]!, { order }),
      outcome: isGood(i) ? '1' : '0',
    })),
    configuration: configurationText(configuration, { order }),
  });
}
