import type { LanguageModel } from '@foothold/core';
import { type Budget, type KeySource, type LedgerOptions, languageModel, limitedModel } from '@foothold/llm';
import { UsageError } from '../usage-error.ts';
import type { ModelFlags } from './model-options.ts';

export interface OpenedModel {
  /** The model with its limits, each of whose calls the budget has to allow. */
  limited(budget: Budget): LanguageModel;
  /** What the flags allow it to spend. */
  readonly budgets: Pick<LedgerOptions, 'maxTokens' | 'maxCost' | 'prices'>;
}

export interface ModelOfFlags {
  readonly name: string;
  /** The flag that names the model. */
  readonly flag: '--model' | '--adviser';
  readonly flags: ModelFlags;
  /** The flag of the budget in money, and its value. */
  readonly maxCost: { readonly flag: string; readonly value: number | undefined };
}

/**
 * The model that these flags name. Nothing is sent. Throws UsageError for flags that do not go together, InvalidArgumentError for an
 * address that is none.
 */
export function modelOfFlags({ name, flag, flags, maxCost }: ModelOfFlags): OpenedModel {
  const { baseUrl, maxTokens, requestsPerMinute: requests, tokensPerMinute: tokens } = flags;
  if (baseUrl === undefined)
    throw new UsageError(
      `${flag} ${name} needs --base-url, the address of its API, such as http://127.0.0.1:11434/v1`,
    );
  if (name.trim() === '') throw new UsageError(`${flag} is empty: it is the provider's name of the model`);
  const prices = pricesOf(flags);
  if (maxCost.value !== undefined && !prices)
    throw new UsageError(
      `${maxCost.flag} needs --price-input and --price-output, the prices of a million tokens: without them nothing has a cost`,
    );
  const { tokenLimitName, temperature: sendsTemperature } = flags;
  const endpoint = languageModel({
    ...{ baseURL: baseUrl, model: name, key: keyOf(flags), tokenLimitName, sendsTemperature },
  });
  return {
    limited: (budget) => limitedModel(endpoint, { ledger: budget, rateLimit: { requests, tokens } }),
    budgets: { maxTokens, maxCost: maxCost.value, prices },
  };
}

function pricesOf({ priceInput: input, priceOutput: output, priceCachedInput }: ModelFlags) {
  if (input === undefined && output === undefined && priceCachedInput === undefined) return undefined;
  if (input === undefined || output === undefined)
    throw new UsageError('--price-input and --price-output go together: each answer has tokens of both');
  return { input, output, ...(priceCachedInput !== undefined && { cachedInput: priceCachedInput }) };
}

function keyOf({ keyEnv, keyFile, key }: ModelFlags): KeySource | undefined {
  const given = [keyEnv, keyFile, key === false ? true : undefined].filter((one) => one !== undefined);
  if (given.length > 1)
    throw new UsageError('of --key-env, --key-file and --no-key only one says where the key is');
  if (key === false) return 'none';
  if (keyFile !== undefined) return { file: keyFile };
  return keyEnv === undefined ? undefined : { environment: keyEnv };
}
