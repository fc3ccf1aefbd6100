import type { TokenUsage, Why } from '@foothold/core';
import { costOf, type Prices } from './prices.ts';

/** Calls of a model, their tokens, and their cost where prices are known, as `why` has them. */
export function spentWhy(
  { calls, usage }: { readonly calls: number; readonly usage: TokenUsage },
  prices?: Prices | undefined,
): Why {
  return {
    calls,
    tokens: { prompt: usage.promptTokens, completion: usage.completionTokens },
    ...(prices && { cost: costOf(usage, prices) }),
  };
}
