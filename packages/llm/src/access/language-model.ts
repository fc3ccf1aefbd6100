import { type CompletionRequest, InvalidArgumentError, type Json, type LanguageModel } from '@foothold/core';
import { LanguageModelError } from '../errors.ts';
import { positive } from '../positive.ts';
import { type AiSdkModelOptions, aiSdkModel } from './ai-sdk-model.ts';
import { apiKey, checkedKeySource, type KeySource } from './api-key.ts';
import { cappedFetch } from './capped-fetch.ts';
import { listsModel } from './lists-model.ts';

export const tokenLimitNames = ['max_tokens', 'max_completion_tokens'] as const;
export type TokenLimitName = (typeof tokenLimitNames)[number];

export interface LanguageModelOptions {
  /** Address of an OpenAI-compatible API, up to and with `/v1`: `http://127.0.0.1:11434/v1`. It holds no password. */
  readonly baseURL: string;
  /** The provider's name of the model. */
  readonly model: string;
  /** Where the key is found. Default: the environment variable FOOTHOLD_LLM_KEY. */
  readonly key?: KeySource | undefined;
  /** Reads the answer as it is written: one completion a call, no log-probabilities. Default: false. */
  readonly stream?: boolean | undefined;
  /** What the provider calls the most tokens of a completion. Default: 'max_tokens'. */
  readonly tokenLimitName?: TokenLimitName | undefined;
  /** False for models that refuse any temperature but their own, as those that reason do. Default: true. */
  readonly sendsTemperature?: boolean | undefined;
  /** Further members of each request's body, such as `reasoning_effort`. They are no part of the key of a cache. */
  readonly body?: Readonly<Record<string, Json>> | undefined;
  /** Most bytes of an answer that are read. Default: 2²⁴. */
  readonly maxReplyBytes?: number | undefined;
  /** Default: that of the runtime. */
  readonly fetch?: typeof fetch | undefined;
}

/** A hundred thousand tokens with twenty alternatives each are about as long. */
const defaultReplyBytes = 2 ** 24;

/**
 * A model behind any OpenAI-compatible API (chat completions). Nothing is loaded, read or sent before its first call or check. Throws
 * InvalidArgumentError for an address that is none or holds a password, an empty name, and a key in place of its source.
 */
export function languageModel(options: LanguageModelOptions): LanguageModel {
  const { model, maxReplyBytes = defaultReplyBytes } = options;
  if (typeof model !== 'string' || model === '') throw new InvalidArgumentError('model', model, 'a name');
  const baseURL = checkedAddress(options.baseURL);
  const source = checkedKeySource(options.key);
  positive('maxReplyBytes', maxReplyBytes);
  refuseOwnMembers(options.body);
  const base: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));
  const tooLong = new LanguageModelError(
    'reply-too-long',
    `the answer is longer than ${maxReplyBytes} bytes`,
    { model },
  );
  const capped = cappedFetch(base, maxReplyBytes, tooLong);
  return {
    name: model,
    async complete(request) {
      const key = await apiKey(source, model);
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const provider = createOpenAICompatible({
        name: providerName,
        baseURL,
        includeUsage: true,
        ...(key !== undefined && { apiKey: key }),
        fetch: capped,
        transformRequestBody: (body) => sentBody(body, options),
      });
      const sdk = aiSdkModel(provider.chatModel(model), {
        stream: options.stream,
        secrets: key === undefined ? [] : [key],
        callOptions: (call) => callOptionsOf(call, options),
        failures: [tooLong],
      });
      return sdk.complete(request);
    },
    async check({ signal } = {}) {
      return listsModel({ baseURL, model, key: await apiKey(source, model), fetch: capped, signal });
    },
  };
}

/** Members of a request that follow from the call: a limit or a number of completions of one's own would escape the budget. */
const ownMembers = [
  ...['model', 'messages', 'stream', 'stream_options', 'n', 'seed', 'temperature'],
  ...['max_tokens', 'max_completion_tokens', 'logprobs', 'top_logprobs'],
];

function refuseOwnMembers(body: LanguageModelOptions['body'] = {}): void {
  for (const name of ownMembers)
    if (Object.hasOwn(body, name))
      throw new InvalidArgumentError(
        `body.${name}`,
        body[name],
        `further members only, not ${ownMembers.join(', ')}`,
      );
}

/** Under which the AI SDK passes members of a body on. */
const providerName = 'foothold';

function callOptionsOf(
  { count = 1, logProbabilities }: CompletionRequest,
  { body, stream = false }: LanguageModelOptions,
): ReturnType<NonNullable<AiSdkModelOptions['callOptions']>> {
  const members = {
    ...body,
    ...(count > 1 && !stream && { n: count }),
    ...(logProbabilities !== undefined && !stream && { logprobs: true, top_logprobs: logProbabilities }),
  };
  return { providerOptions: { [providerName]: members as Record<string, never> } };
}

/** The body that the AI SDK made, in the words of this model. */
function sentBody(
  { max_tokens: limit, temperature, ...rest }: Record<string, unknown>,
  { tokenLimitName = 'max_tokens', sendsTemperature = true }: LanguageModelOptions,
): Record<string, unknown> {
  return {
    ...rest,
    [tokenLimitName]: limit,
    ...(sendsTemperature && temperature !== undefined && { temperature }),
  };
}

function checkedAddress(address: string): string {
  const allowed = 'an address such as http://127.0.0.1:11434/v1, without a password in it';
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new InvalidArgumentError('baseURL', '(not shown)', allowed);
  }
  const isPlain =
    /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (!isPlain) throw new InvalidArgumentError('baseURL', `${url.protocol}//${url.host}…`, allowed);
  return address.replace(/\/+$/, '');
}
