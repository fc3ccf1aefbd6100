import type { LanguageModel, TokenUsage } from '@foothold/core';

/** What calls of a model used so far. */
export interface Meter {
  readonly usage: TokenUsage;
  /** Calls that gave an answer. */
  readonly calls: number;
}

/** The model, with a count of its calls and tokens. */
export function meteredModel(model: LanguageModel): {
  readonly model: LanguageModel;
  meter(): Meter;
} {
  let calls = 0;
  let promptTokens = 0;
  let cachedTokens = 0;
  let completionTokens = 0;
  return {
    model: {
      ...model,
      async complete(request) {
        const completion = await model.complete(request);
        calls++;
        promptTokens += completion.usage.promptTokens;
        cachedTokens += completion.usage.cachedTokens ?? 0;
        completionTokens += completion.usage.completionTokens;
        return completion;
      },
    },
    meter: () => ({ usage: { promptTokens, cachedTokens, completionTokens }, calls }),
  };
}
