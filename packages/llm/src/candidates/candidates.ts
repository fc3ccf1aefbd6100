/**
 * Candidates that shall reach a target value, from a language model (Liu, Astorga, Seedat, van der Schaar 2024, "Large Language Models to
 * Enhance Bayesian Optimization", section 6).
 */
import type { LanguageModel, Params, TokenUsage } from '@foothold/core';
import { configurationText } from '../prompts/configuration-text.ts';
import { retryPrompt } from '../prompts/retry-prompt.ts';
import { configurationsIn } from '../replies/configurations-in.ts';
import { type Dropped, droppedInAll } from '../replies/dropped.ts';
import { type Completed, completeAll } from '../surrogates/complete-all.ts';
import { meteredModel } from '../surrogates/metered-model.ts';
import { type CandidatesRequest, candidateSettings } from './candidate-options.ts';
import { candidateRequests } from './candidate-requests.ts';

export interface Candidates<P extends Params = Params> {
  /** At most `count`, each inside the space, within its constraints, and new. */
  readonly configurations: readonly P[];
  /** Value that the model was asked to reach, in the user's units; undefined where no trial has a finite value. */
  readonly target: number | undefined;
  readonly usage: TokenUsage;
  /** Calls of the model that gave an answer. */
  readonly calls: number;
  readonly dropped: Dropped;
  /** Why the model gave no further answer. */
  readonly failure?: string | undefined;
}

/**
 * Asks for configurations that reach the target, and once more, with the reasons, where some were dropped or are missing. What is
 * invalid, out of range, or there already is dropped and counted. Before any trial has a finite value it asks for first
 * configurations instead. A failure of the model is in `failure`; throws the reason of the signal, InvalidArgumentError for options
 * outside of their ranges, UnsupportedError for a space whose parameters cannot be told.
 */
export async function candidates<P extends Params>(
  model: LanguageModel,
  request: CandidatesRequest<P>,
): Promise<Candidates<P>> {
  const settings = candidateSettings(request);
  const metered = meteredModel(model);
  const { requests, view, target } = candidateRequests(request, settings);
  const collected = collector(request, view, settings.count);
  const done = await completeAll(metered.model, requests);
  let failure = failureIn(done);
  for (const completed of done) if ('completion' in completed) collected.add(completed.completion.texts);
  const missing = settings.count - collected.configurations.length;
  const isAnswered = done.some((completed) => 'completion' in completed);
  const first = requests[0]!;
  if (missing > 0 && isAnswered) {
    const again = await completeAll(metered.model, [
      {
        ...first,
        prompt: retryPrompt({
          prompt: first.prompt,
          reasons: collected.dropped().examples,
          kept: collected.configurations.map((params) => configurationText(view.shown(params))),
          count: missing,
        }),
        count: 1,
        maxTokens: settings.maxTokens * missing,
        seed: (first.seed! + 1) % 2 ** 31,
      },
    ]);
    failure ??= failureIn(again);
    for (const completed of again) if ('completion' in completed) collected.add(completed.completion.texts);
  }
  return {
    ...{ configurations: collected.configurations, target, ...metered.meter() },
    dropped: collected.dropped(),
    ...(failure !== undefined && { failure }),
  };
}

const failureIn = (done: readonly Completed[]) =>
  done.flatMap((completed) => ('failure' in completed ? [completed.failure] : []))[0];

/** Takes what can be used of texts, each configuration once, up to `count`. */
function collector<P extends Params>(
  { trials, fixed = {} }: CandidatesRequest<P>,
  view: ReturnType<typeof candidateRequests<P>>['view'],
  count: number,
) {
  const configurations: P[] = [];
  const dropped: Dropped[] = [];
  const known = trials.filter(({ outside }) => outside === undefined).map(({ params }) => params);
  return {
    configurations,
    dropped: () => droppedInAll(dropped),
    add(texts: readonly string[]): void {
      for (const text of texts) {
        const found = configurationsIn(text, {
          space: view.space,
          taken: [...known, ...configurations].map((params) => view.shown(params)),
          fixed: view.shown(fixed as Partial<P>),
          limit: count - configurations.length,
        });
        // A value that prompts show rounded stands for the given one.
        configurations.push(...found.configurations.map((shown) => ({ ...view.params(shown), ...fixed })));
        dropped.push(found.dropped);
      }
    },
  };
}
