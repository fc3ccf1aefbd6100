/**
 * The loop of LLAMBO (Liu, Astorga, Seedat, van der Schaar 2024, "Large Language Models to Enhance Bayesian Optimization"): a language model
 * proposes first trials, then candidates that shall reach a target; a surrogate, which is the model again, chooses the one of largest
 * expected improvement.
 */
import {
  everyFeature,
  type Feature,
  type Json,
  type LanguageModel,
  type Params,
  runningTrials,
  type SampleRequest,
  type Sampler,
} from '@foothold/core';
import { checkProblem } from '../card/check-problem.ts';
import { zeroShotWarmStart } from '../warm-start/zero-shot-warm-start.ts';
import { checkedSettings, type LlamboOptions, type LlamboSettings } from './llambo-options.ts';
import { proposedByModel } from './proposed-by-model.ts';

/**
 * LLAMBO's loop as a sampler. Objectives may have any sign and scale, be constant, or fail. An ask costs `candidates` completions, one
 * more call where some cannot be used, and in discriminative mode candidates × templates × generations completions. Where the model fails or has
 * nothing new, `sampler` proposes, and `why.adviser` says the reason; with a budget, pass a model with limits. A study's `check`
 * throws TaskCardError for a card that contradicts the problem. Throws InvalidArgumentError for options outside of their ranges.
 */
export function llambo(model: LanguageModel, options: LlamboOptions): Sampler {
  const settings = checkedSettings(options);
  const { card, context, sampler, initialTrials, prices } = settings;
  const first =
    options.initial ?? zeroShotWarmStart(model, { card, context, count: initialTrials, sampler, prices });
  return {
    name: 'llambo',
    options: optionsOf(model, options, settings),
    supports: abilities.filter((feature) =>
      [sampler, first].every(({ supports }) => supports?.includes(feature)),
    ),
    check(problem) {
      sampler.check?.(problem);
      options.initial?.check?.(problem);
      checkProblem(card, problem);
    },
    async sample<P extends Params>(request: SampleRequest<P>) {
      const open = Math.min(Math.max(initialTrials - request.trials.length, 0), request.count);
      const made = open > 0 ? await first.sample({ ...request, count: open }) : [];
      const rest = request.count - made.length;
      if (rest === 0) return made;
      const trials = [...request.trials, ...runningTrials(made, request.trials)];
      return [...made, ...(await proposedByModel(model, settings, { ...request, trials, count: rest }))];
    },
  };
}

/** A model sees values and parameters alone. */
const abilities: readonly Feature[] = everyFeature.filter(
  (feature) => feature !== 'several-objectives' && feature !== 'outcome-constraints' && feature !== 'cost',
);

/** What decides the proposals, as JSON. */
function optionsOf(model: LanguageModel, { initial }: LlamboOptions, settings: LlamboSettings): Json {
  const { card, sampler, prices: _, probabilities = 'log-probabilities', ...plain } = settings;
  const named = ({ name = 'unnamed', options }: Sampler) => ({
    name,
    ...(options !== undefined && { options }),
  });
  return {
    ...{ model: model.name, ...plain, probabilities },
    card: card as unknown as Json,
    sampler: named(sampler),
    ...(initial && { initial: named(initial) }),
  };
}
