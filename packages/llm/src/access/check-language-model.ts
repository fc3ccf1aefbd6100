import type { LanguageModel } from '@foothold/core';

/**
 * Throws, before the first trial, what the first call would: LanguageModelError for a missing key, a key that is refused, an endpoint that
 * is not there, a model that the provider does not have; BudgetExceededError. Where the provider does not list the model, one token is asked for.
 */
export async function checkLanguageModel(
  model: LanguageModel,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { signal } = options;
  if (model.check && (await model.check({ signal }))) return;
  await model.complete({ prompt: 'Answer with the digit 1.', maxTokens: 1, signal });
}
