/** A language model as an adviser of another sampler: the model proposes, the sampler's acquisition decides. */
import {
  everyFeature,
  type Json,
  type Params,
  type Proposal,
  runningTrials,
  type SampleRequest,
  type Sampler,
} from '@foothold/core';
import { candidateSettings } from '../candidates/candidate-options.ts';
import { checkProblem } from '../card/check-problem.ts';
import { configurationKey } from '../configuration-key.ts';
import { type AdvisedOptions, influenceSettings } from './advised-options.ts';
import { advisedProposals } from './advised-proposals.ts';
import { defaultConfiguration } from './default-configuration.ts';

/**
 * The sampler, with a language model beside it that has to earn each trial. What a bad adviser says changes no trial: the points are then,
 * to the bit, those of the sampler alone.
 *
 * In the initial design, where no acquisition decides, the model is asked up to three times. One place of the design goes to the
 * configuration on which its proposals agree, where uniform proposals agree as much in one of a thousand cases at most. Proposals that do not
 * vary show no agreement, as a constant has it too. Afterwards Thompson sampling over past successes says before each trial whether the
 * model is asked (`bayesian` and what is built of it). Proposals that agree join the candidates of the acquisition; the configuration on which
 * they agree is taken where the surrogate expects the best value there, and once, where none was followed before, without that. As long as the best trial is one that followed the model, the configurations that agree are a prior of
 * the acquisition, which decays, or a shift of the mean: `influence`, `strength`.
 *
 * The first trial is never the model's. It is the user's default configuration where the space states one: a control, which advice has to
 * improve on.
 *
 * `why.adviser` has whether the model was asked and followed, what it proposed, where its proposals agree, what was dropped, calls, tokens
 * and cost, and the successes and failures of both arms. A study's `check` throws TaskCardError for a card that contradicts the problem. Throws
 * InvalidArgumentError for options outside of their ranges.
 */
export function advised(sampler: Sampler, options: AdvisedOptions): Sampler {
  const settings = { ...candidateSettings(options), ...influenceSettings(options) };
  const { card, model } = options;
  return {
    name: 'advised',
    options: {
      ...{ model: model.name, card: card as unknown as Json, ...settings },
      sampler: {
        name: sampler.name ?? 'unnamed',
        ...(sampler.options !== undefined && { options: sampler.options }),
      },
    },
    supports: abilities.filter((feature) => sampler.supports?.includes(feature)),
    check(problem) {
      sampler.check?.(problem);
      checkProblem(card, problem);
    },
    async sample<P extends Params>(request: SampleRequest<P>): Promise<readonly Proposal<P>[]> {
      if (request.trials.length > 0 || request.count === 0)
        return advisedProposals(request, sampler, options);
      const control = defaultConfiguration(request);
      const [first, ...rest] = await advisedProposals(request, sampler, options);
      const key = (params: P) => configurationKey(request.space, params);
      if (!first || !control || key(control) === key(first.params)) return first ? [first, ...rest] : [];
      const made = { params: control, why: { stage: 'default configuration' } };
      const trials = runningTrials([made], request.trials);
      if (request.count === 1) return [made];
      const others = { ...request, trials, count: request.count - 1 };
      return [made, ...(await advisedProposals(others, sampler, options))];
    },
  };
}

/** A model sees values and parameters alone. */
const abilities = everyFeature.filter(
  (feature) => feature !== 'several-objectives' && feature !== 'outcome-constraints' && feature !== 'cost',
);
