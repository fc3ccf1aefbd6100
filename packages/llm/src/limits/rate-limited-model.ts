import type { LanguageModel } from '@foothold/core';
import { type Clock, systemClock } from '../clock.ts';
import { LanguageModelError } from '../errors.ts';
import { tokenBound } from '../token-bound.ts';
import { promptTokens } from './prompt-tokens.ts';
import { type RateLimitOptions, rateLimit } from './rate-limit.ts';

/**
 * The model, whose calls wait until the limits allow them. Until its usage is known, a call counts with all of its `maxTokens`, and with its prompt's bytes
 * and 64 more. Once 20 replies have told the tokens of prompts from 512 bytes, such a prompt counts with a tenth more than the most tokens a
 * byte among them, and never with more than before. A prompt beyond that tenth counts with what it had when its reply is there.
 *
 * Throws InvalidArgumentError for limits that are no numbers above 0; a call that no window can hold is a LanguageModelError
 * ('refused').
 */
export function rateLimitedModel(
  model: LanguageModel,
  { clock = systemClock, ...limits }: RateLimitOptions & { readonly clock?: Clock | undefined } = {},
): LanguageModel {
  const limit = rateLimit(limits, clock);
  const prompts = promptTokens();
  return {
    ...model,
    async complete(request) {
      const bound = tokenBound(request);
      refuseLarger(bound.promptTokens + bound.completionTokens, limit.tokens, model.name);
      const expected = () => prompts.of(bound.promptTokens) + bound.completionTokens;
      const admission = await limit.admit(expected, request.signal);
      let used: number | undefined;
      try {
        const completion = await model.complete(request);
        const { usage } = completion;
        prompts.counted(bound.promptTokens, usage.promptTokens);
        used = usage.promptTokens + usage.completionTokens;
        return completion;
      } catch (error) {
        if (error instanceof LanguageModelError && !error.isPaid) used = 0;
        throw error;
      } finally {
        admission.end(used);
      }
    },
  };
}

/** Before anything is known of the model: whether a call is refused does not depend on those before. */
function refuseLarger(bound: number, most: number, model: string): void {
  if (bound <= most) return;
  throw new LanguageModelError(
    'refused',
    `a call may need ${bound} tokens, and the limit of a window is ${most}`,
    { model },
  );
}
