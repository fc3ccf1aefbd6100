import type { TokenLogProbability } from '@foothold/core';
import * as v from 'valibot';

const tokenOf = { token: v.string(), logprob: v.number() };
const content = v.array(v.object({ ...tokenOf, top_logprobs: v.optional(v.array(v.object(tokenOf)), []) }));
const body = v.object({
  choices: v.pipe(
    v.array(
      v.object({
        message: v.object({ content: v.nullish(v.string(), '') }),
        // An answer whose log-probabilities have another form is an answer without.
        logprobs: v.fallback(v.nullish(v.object({ content: v.nullish(content) })), undefined),
      }),
    ),
    v.minLength(1),
  ),
});

interface Choices {
  readonly texts?: readonly string[];
  readonly logProbabilities?: readonly (readonly TokenLogProbability[])[];
}

/** All texts and log-probabilities of an answer in the form of OpenAI's chat completions; nothing in an answer of another form. */
export function choicesIn(answer: unknown): Choices {
  const result = v.safeParse(body, answer);
  if (!result.success) return {};
  const { choices } = result.output;
  const tokens = choices.map(({ logprobs }) => logprobs?.content);
  return {
    texts: choices.map(({ message }) => message.content),
    ...(tokens.every((list) => list) && {
      logProbabilities: tokens.map((list) =>
        list!.map(({ top_logprobs, ...token }) => ({
          ...named(token),
          alternatives: top_logprobs.map(named),
        })),
      ),
    }),
  };
}

const named = ({ token, logprob }: { readonly token: string; readonly logprob: number }) => ({
  token,
  logProbability: Math.min(logprob, 0),
});
