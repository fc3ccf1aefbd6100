import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError, type LanguageModel } from '@foothold/core';
import {
  cachedModel,
  checkLanguageModel,
  languageModel,
  limitedModel,
  type Prices,
  rateLimitedModel,
} from '@foothold/llm';
import { completionFile, type LedgerFile, ledgerFile, recordedFile, recordingFile } from '@foothold/llm/node';
import type { Flags } from './options.ts';
import { stoppingModel } from './stopping-model.ts';

export interface OpenModel {
  /** With all limits. */
  readonly model: LanguageModel;
  readonly account: LedgerFile;
  /** Aborted with the reason when the run has to end: the budget is spent, or the endpoint is gone. */
  readonly stopped: AbortSignal;
  /** Waits for the calls that run, and writes what is spent. */
  close(): Promise<void>;
}

/**
 * The model of the flags, after a check that it answers. Throws InvalidArgumentError for flags that do not go together, and
 * LanguageModelError for a missing key, an unknown model or an address where nobody answers.
 */
export async function openModel(flags: Flags, signal: AbortSignal): Promise<OpenModel> {
  const prices = pricesOf(flags);
  if (flags.maxCost !== undefined && !prices)
    throw new InvalidArgumentError(
      '--max-cost',
      flags.maxCost,
      'together with --price-input and --price-output',
    );
  const endpoint = await endpointOf(flags);
  const earlier = join(flags.dir, 'ledger.json');
  // Its budget would begin again.
  if (existsSync(earlier))
    throw new InvalidArgumentError(
      '--dir',
      flags.dir,
      'another folder: its ledger.json is the account of an earlier version, which this one does not go on with',
    );
  const { maxCost, maxTokens } = flags;
  const account = await ledgerFile(join(flags.dir, 'ledger.jsonl'), { maxCost, maxTokens, prices });
  const cache = await completionFile(join(flags.dir, 'replies.jsonl'), { model: endpoint.name });
  const limited = limitedModel(endpoint, {
    rateLimit: { requests: flags.requests, tokens: flags.tokens, concurrency: flags.parallel },
    timeLimit: 1000 * flags.callTimeout,
    ledger: account,
    cache: false,
  });
  // Only calls that run have set a part of the budget aside, not those that wait.
  const inTurn = (one: LanguageModel) =>
    rateLimitedModel(one, { requests: Infinity, tokens: Infinity, concurrency: flags.parallel });
  const { model, stopped, idle } = stoppingModel(inTurn(cachedModel(limited, cache)));
  const close = async () => {
    await idle();
    await account.close();
  };
  // An answer from the cache would be no sign that the endpoint is there.
  await checkLanguageModel(stoppingModel(limited).model, { signal }).finally(close);
  return { model, stopped, account, close };
}

/** For a million tokens; undefined where none is given. */
export function pricesOf({ priceInput, priceOutput }: Flags): Prices | undefined {
  if (priceInput === undefined && priceOutput === undefined) return undefined;
  if (priceInput === undefined || priceOutput === undefined)
    throw new InvalidArgumentError(
      priceInput === undefined ? '--price-input' : '--price-output',
      undefined,
      'a price for a million tokens beside the other price',
    );
  return { input: priceInput, output: priceOutput };
}

async function endpointOf(flags: Flags): Promise<LanguageModel> {
  const { baseUrl: baseURL, model, replay, record } = flags;
  if (replay !== undefined) return recordedFile(replay, { name: model }).catch(unreadable(replay));
  if (baseURL === undefined || model === undefined)
    throw new InvalidArgumentError(
      baseURL === undefined ? '--base-url' : '--model',
      undefined,
      'what an OpenAI-compatible endpoint has, or --replay FILE, or --methods default,random',
    );
  const { tokenLimitName, temperature: sendsTemperature } = flags;
  const endpoint = languageModel({
    ...{ baseURL, model, key: keyOf(flags), tokenLimitName, sendsTemperature },
  });
  if (record === undefined) return endpoint;
  await appendFile(record, '').catch((error: Error) => {
    throw new InvalidArgumentError('--record', record, `a file that can be written (${error.message})`);
  });
  return recordingFile(endpoint, record);
}

function keyOf({ key, keyFile, keyEnvironment }: Flags) {
  const given = [key ? undefined : '--no-key', keyFile, keyEnvironment].filter((one) => one !== undefined);
  if (given.length > 1)
    throw new InvalidArgumentError('the key', given, 'one of --key-file, --key-environment and --no-key');
  if (!key) return 'none';
  if (keyFile !== undefined) return { file: keyFile };
  return keyEnvironment === undefined ? undefined : { environment: keyEnvironment };
}

/** The error about the file, or about the model in it, names the flag. */
const unreadable = (file: string) => (error: unknown) => {
  if (!(error instanceof InvalidArgumentError)) throw error;
  if (error.argument === 'name') throw new InvalidArgumentError('--model', error.value, error.allowed);
  if (error.argument !== 'path') throw error;
  throw new InvalidArgumentError('--replay', file, error.allowed);
};
