import { InvalidArgumentError, type TokenUsage } from '@foothold/core';

/** Prices of a model, for a million tokens, in any one currency. */
export interface Prices {
  readonly input: number;
  readonly output: number;
  /** Of tokens of the prompt that the provider had in its cache. Default: `input`. */
  readonly cachedInput?: number | undefined;
}

/** What these tokens cost. */
export function costOf(
  { promptTokens, cachedTokens = 0, completionTokens }: TokenUsage,
  prices: Prices,
): number {
  const { input, output, cachedInput = input } = prices;
  return (
    ((promptTokens - cachedTokens) * input + cachedTokens * cachedInput + completionTokens * output) / 1e6
  );
}

/** Throws InvalidArgumentError unless every price is a finite number from 0. */
export function checkedPrices(prices: Prices): Prices {
  for (const name of ['input', 'output', 'cachedInput'] as const) {
    const price = prices[name];
    if (price === undefined && name === 'cachedInput') continue;
    if (!(Number.isFinite(price) && price! >= 0))
      throw new InvalidArgumentError(`prices.${name}`, price, 'a number from 0, for a million tokens');
  }
  return prices;
}
