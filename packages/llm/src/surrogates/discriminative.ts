/**
 * A discriminative surrogate: the value of a configuration, predicted by a language model from examples (Liu, Astorga, Seedat, van der
 * Schaar 2024, "Large Language Models to Enhance Bayesian Optimization", section 5.1).
 */
import type {
  Completion,
  FitContext,
  LanguageModel,
  Params,
  Posterior,
  Rng,
  Surrogate,
} from '@foothold/core';
import { configurationText } from '../prompts/configuration-text.ts';
import { predictionPrompt } from '../prompts/prediction-prompt.ts';
import { scoreIn } from '../replies/score-in.ts';
import { askedMarginals, type NormalBelief } from './asked-marginals.ts';
import { completeAll } from './complete-all.ts';
import { isotonicRegression } from './isotonic-regression.ts';
import {
  chosenExamples,
  completionSeed,
  keyOf,
  type LanguageDataset,
  languageDataset,
  priorBelief,
  resampled,
} from './language-dataset.ts';
import { meanAndVariance } from './mean-and-variance.ts';
import { meteredModel } from './metered-model.ts';
import type { LanguageSurrogateOptions } from './surrogate-options.ts';
import { type SurrogateSettings, surrogateSettings } from './surrogate-settings.ts';
import { surrogateWhy } from './surrogate-why.ts';
import { type Template, templatesOf } from './templates.ts';

export interface DiscriminativeOptions<P extends Params = Params> extends LanguageSurrogateOptions<P> {
  /** Whether each template shows a sample of the observations drawn with replacement. Default: false. */
  readonly bootstrap?: boolean | undefined;
  /**
   * Whether means go through the monotone curve that fits each observation to its prediction from all others; costs observations ×
   * templates × generations completions a fit. Default: false.
   */
  readonly recalibration?: boolean | undefined;
}

/**
 * A surrogate whose belief at a point has the mean and the standard deviation of templates × generations predictions of the model. Its marginals
 * at m points cost that many completions for each point that was not asked for before, all of them at the same time; there is no
 * gradient, so search among few candidates (`candidateSearch`). Where the model says no number, the belief is that of all values
 * together; `why` counts these. One number of several tells no standard deviation: its variance is that of all values. Throws InvalidArgumentError
 * for options outside of their ranges, UnsupportedError for a space whose parameters cannot be told.
 */
export function discriminative<P extends Params>(
  model: LanguageModel,
  options: DiscriminativeOptions<P>,
): Surrogate {
  const settings = {
    ...surrogateSettings(options),
    bootstrap: options.bootstrap ?? false,
  };
  const { view, sign, examples } = settings;
  return {
    async fit(data, { rng, signal }: FitContext): Promise<Posterior> {
      const metered = meteredModel(model);
      const told = languageDataset(data, view, sign);
      const rows = chosenExamples(told.y, examples, rng.fork('examples'));
      const teller = predictor(metered.model, { settings, told, rng, signal });
      const prior = priorBelief(told.y);
      const curve = options.recalibration ? await recalibrationOf(told, rows, teller.samples) : undefined;
      return {
        marginals: askedMarginals(view.space, async (configurations) => {
          const samples = await teller.samples(
            configurations.map((configuration) => ({ configuration, rows })),
          );
          return samples.map((found) => beliefOf(found, { prior, curve, settings, unit: told.scale.unit }));
        }),
        get why() {
          return surrogateWhy(metered.meter(), {
            surrogate: 'discriminative',
            ...(options.recalibration && { recalibrated: curve !== undefined }),
            unreadable: teller.unreadable(),
            failure: teller.failure(),
          });
        },
      };
    },
  };
}

interface Question {
  readonly configuration: Params;
  /** Observations that are shown. */
  readonly rows: readonly number[];
}

interface PredictorParts {
  readonly settings: SurrogateSettings & { readonly bootstrap: boolean };
  readonly told: LanguageDataset;
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}

/** Asks for predictions. Orders and seeds depend on the configuration alone, not on when it is asked for. */
function predictor(model: LanguageModel, { settings, told, rng, signal }: PredictorParts) {
  const { templates, generations, temperature, maxTokens, shuffleFeatures, bootstrap, view } = settings;
  let unreadable = 0;
  let failure: string | undefined;
  const seeds = rng.fork('seeds');
  const requestsOf = ({ configuration, rows }: Question) =>
    templatesOf({
      ...{ count: templates, rows, names: view.names, shuffleFeatures, rng: rng.fork('templates') },
      ...(bootstrap && { draw: resampled }),
    }).map((template, t) => ({
      prompt: promptOf(configuration, template, { settings, told }),
      ...{ maxTokens, temperature, count: generations, signal },
      seed: completionSeed(seeds.fork(keyOf(configuration)).fork(t)),
    }));
  return {
    unreadable: () => unreadable,
    failure: () => failure,
    /** The numbers that the model says of each, to be maximized. */
    async samples(questions: readonly Question[]): Promise<readonly (readonly number[])[]> {
      const done = await completeAll(model, questions.flatMap(requestsOf));
      return questions.map((_, i) =>
        done.slice(i * templates, (i + 1) * templates).flatMap((completed) => {
          if ('failure' in completed) {
            failure ??= completed.failure;
            return [];
          }
          const numbers = numbersIn(completed.completion);
          unreadable += completed.completion.texts.length - numbers.length;
          return numbers.map((number) => told.sign * number);
        }),
      );
    },
  };
}

const numbersIn = ({ texts }: Completion) => texts.map(scoreIn).filter((value) => value !== undefined);

function promptOf(
  configuration: Params,
  { rows, order }: Template,
  { settings, told }: { readonly settings: SurrogateSettings; readonly told: LanguageDataset },
): string {
  return predictionPrompt({
    task: settings.task(order),
    metric: settings.metric,
    evaluated: rows.map((i) => ({
      configuration: configurationText(told.configurations[i]!, { order }),
      outcome: told.scale.text(told.sign * told.y[i]!),
    })),
    configuration: configurationText(configuration, { order }),
  });
}

interface BeliefParts {
  readonly prior: NormalBelief;
  readonly curve: ((mean: number) => number) | undefined;
  readonly settings: SurrogateSettings;
  /** The last digit of the values that prompts show. */
  readonly unit: number;
}

/** A number in digits stands for an interval of one unit, whose uniform distribution has the variance unit²/12. */
function beliefOf(samples: readonly number[], { prior, curve, settings, unit }: BeliefParts): NormalBelief {
  if (samples.length === 0) return prior;
  const { mean, variance } = meanAndVariance(samples);
  const isAlone = samples.length === 1 && settings.templates * settings.generations > 1;
  return {
    mean: curve?.(mean) ?? mean,
    variance: isAlone ? prior.variance : Math.min(variance + (unit * unit) / 12, Number.MAX_VALUE),
  };
}

/** The curve from predictions to observed values, from each observation's prediction by all others. */
async function recalibrationOf(
  { configurations, y }: LanguageDataset,
  rows: readonly number[],
  samplesOf: (questions: readonly Question[]) => Promise<readonly (readonly number[])[]>,
): Promise<((mean: number) => number) | undefined> {
  if (rows.length < 2) return undefined;
  const questions = rows.map((i) => ({
    configuration: configurations[i]!,
    rows: rows.filter((row) => row !== i),
  }));
  const predicted = (await samplesOf(questions)).map((samples) => meanAndVariance(samples).mean);
  const readable = rows.flatMap((row, k) =>
    Number.isNaN(predicted[k]) ? [] : [{ row, mean: predicted[k]! }],
  );
  return isotonicRegression(
    readable.map(({ mean }) => mean),
    readable.map(({ row }) => y[row]!),
  );
}
