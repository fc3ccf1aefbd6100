import type { CompletionRequest, LanguageModel, Params, Rng } from '@foothold/core';
import { scoreIn } from '../replies/score-in.ts';
import { classShareIn } from './class-share-in.ts';
import { type Completed, completeAll } from './complete-all.ts';
import { completionSeed, keyOf } from './language-dataset.ts';
import type { SurrogateSettings } from './surrogate-settings.ts';

/** A configuration and the prompts that ask for its class. */
export interface ClassQuestion {
  readonly configuration: Params;
  readonly prompts: readonly string[];
}

export interface ClassTellerParts {
  readonly settings: SurrogateSettings;
  readonly probabilities: 'log-probabilities' | 'samples';
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}

/** Alternatives at a token that are asked for: the digits 0 and 1, with and without a blank, and one other. */
const alternatives = 5;

/** Batches of log-probabilities in a row without any class, after which only samples are asked for: both are paid. */
const maxUnread = 3;

/** Asks for classes, and gives the mean over the prompts of the probability of class 1. */
export function classTeller(
  model: LanguageModel,
  { settings, probabilities, rng, signal }: ClassTellerParts,
) {
  const { generations, temperature, maxTokens } = settings;
  let hasLogProbabilities = probabilities === 'log-probabilities';
  let unread = 0;
  let unreadable = 0;
  let failure: string | undefined;
  const request = (prompt: string, count: number, stream: Rng): CompletionRequest => ({
    ...{ prompt, maxTokens, temperature, count, signal },
    seed: completionSeed(stream),
  });
  const sampled = async (asked: readonly Asked[]): Promise<readonly (number | undefined)[]> => {
    const requests = asked.map(({ prompt, stream }) => request(prompt, generations, stream.fork('samples')));
    return (await completeAll(model, requests)).map((completed) => {
      if ('failure' in completed) {
        failure ??= completed.failure;
        return undefined;
      }
      const { share, read } = sampleShare(completed.completion.texts);
      unreadable += completed.completion.texts.length - read;
      return share;
    });
  };
  const weighed = async (asked: readonly Asked[]): Promise<readonly (number | undefined)[]> => {
    const requests = asked.map(({ prompt, stream }) => ({
      ...request(prompt, 1, stream.fork('log-probabilities')),
      logProbabilities: alternatives,
    }));
    const done = await completeAll(model, requests);
    const found = done.map((completed) => classShareIn(tokensOf(completed)));
    const missing = found.flatMap((p, i) => (p === undefined && mayHaveSamples(done[i]!) ? [i] : []));
    for (const completed of done)
      if ('failure' in completed && !completed.isRefused) failure ??= completed.failure;
    if (found.some((p) => p !== undefined)) unread = 0;
    else if (missing.length > 0) unread++;
    if (unread >= maxUnread || (missing.length > 0 && !done.some(hasTokens))) hasLogProbabilities = false;
    const shares = await sampled(missing.map((i) => asked[i]!));
    const rest = new Map(missing.map((i, k) => [i, shares[k]]));
    return found.map((p, i) => p ?? rest.get(i));
  };
  return {
    unreadable: () => unreadable,
    failure: () => failure,
    source: () => (hasLogProbabilities ? 'log-probabilities' : 'samples'),
    async probabilities(questions: readonly ClassQuestion[]): Promise<readonly (number | undefined)[]> {
      const asked = questions.flatMap(({ configuration, prompts }) =>
        prompts.map((prompt, t) => ({ prompt, stream: rng.fork(keyOf(configuration)).fork(t) })),
      );
      const found = hasLogProbabilities ? await weighed(asked) : await sampled(asked);
      let from = 0;
      return questions.map(({ prompts }) => {
        const own = found.slice(from, from + prompts.length).filter((p) => p !== undefined);
        from += prompts.length;
        return own.length === 0 ? undefined : own.reduce((sum, p) => sum + p, 0) / own.length;
      });
    },
  };
}

interface Asked {
  readonly prompt: string;
  readonly stream: Rng;
}

/** The tokens of the completion, where the provider tells their probabilities. */
const tokensOf = (completed: Completed) =>
  'completion' in completed ? (completed.completion.logProbabilities?.[0] ?? []) : [];
const hasTokens = (completed: Completed) => tokensOf(completed).length > 0;

/** Whether samples can tell what log-probabilities did not: the provider answered without them, or does not take the request. */
const mayHaveSamples = (completed: Completed) => 'completion' in completed || completed.isRefused;

/** The share of 1 among the texts that are 0 or 1, with half a text of each added (Jeffreys' prior); undefined where there is none. */
function sampleShare(texts: readonly string[]): {
  readonly share: number | undefined;
  readonly read: number;
} {
  const classes = texts.map(scoreIn).filter((value) => value === 0 || value === 1);
  const ones = classes.filter((value) => value === 1).length;
  const share = classes.length === 0 ? undefined : (ones + 0.5) / (classes.length + 1);
  return { share, read: classes.length };
}
