import type { Completion, CompletionRequest, LanguageModel } from '@foothold/core';
import { LanguageModelError } from '../errors.ts';
import type { AiSdkCall, AiSdkLanguageModel } from './ai-sdk-language-model.ts';
import { choicesIn } from './choices-in.ts';
import { causesOf, failureOf } from './failure-of.ts';
import { streamedText } from './streamed-text.ts';
import { usageOf } from './usage-of.ts';
import { longSecrets, withoutSecrets } from './without-secrets.ts';

export interface AiSdkModelOptions {
  /** Further options of each call, such as `providerOptions`. */
  readonly callOptions?: ((request: CompletionRequest) => Partial<AiSdkCall>) | undefined;
  /** Reads the answer as it is written: one completion a call, no log-probabilities. Default: false. */
  readonly stream?: boolean | undefined;
  /** Texts that no message may show, nor, from 16 characters, a completion: the key. */
  readonly secrets?: readonly string[] | undefined;
  /** Errors of the transport that are thrown as they are, where they are among the causes. */
  readonly failures?: readonly LanguageModelError[] | undefined;
}

/**
 * Any model of a provider of the AI SDK (`LanguageModelV3`). It gives one completion a call, or as many as the answer has choices; where a provider tells no
 * usage, the worst case of `tokenBound` stands for it. Throws LanguageModelError, or the reason of the signal.
 */
export function aiSdkModel(model: AiSdkLanguageModel, options: AiSdkModelOptions = {}): LanguageModel {
  const name = model.modelId;
  const { secrets = [], failures = [] } = options;
  return {
    name,
    async complete(request) {
      request.signal?.throwIfAborted();
      const call = { ...callOptionsOf(request), ...options.callOptions?.(request) };
      try {
        const { texts, logProbabilities, ...made } = await (options.stream ? streamed : generated)(
          model,
          call,
          request,
        );
        const shown = (text: string) => withoutSecrets(text, longSecrets(secrets));
        const isClean = [...texts, ...tokenTexts(logProbabilities)].every((text) => shown(text) === text);
        return {
          ...made,
          texts: texts.map(shown),
          ...(isClean && logProbabilities && { logProbabilities }),
        };
      } catch (error) {
        request.signal?.throwIfAborted();
        if (error instanceof LanguageModelError) throw error;
        const known = causesOf(error).find((cause) => failures.some((failure) => failure === cause));
        if (known) throw known;
        throw failureOf(error, { model: name, secrets });
      }
    },
  };
}

function callOptionsOf({
  system,
  prompt,
  maxTokens,
  temperature,
  seed,
  signal,
}: CompletionRequest): AiSdkCall {
  return {
    prompt: [
      ...(system ? [{ role: 'system' as const, content: system }] : []),
      { role: 'user', content: [{ type: 'text', text: prompt }] },
    ],
    maxOutputTokens: maxTokens,
    ...(temperature !== undefined && { temperature }),
    ...(seed !== undefined && { seed }),
    ...(signal && { abortSignal: signal }),
  };
}

async function generated(
  model: AiSdkLanguageModel,
  call: AiSdkCall,
  request: CompletionRequest,
): Promise<Completion> {
  const { content, usage, response } = await model.doGenerate(call);
  const first = content.flatMap((part) => (part.type === 'text' ? [part.text ?? ''] : [])).join('');
  const { texts = [first], logProbabilities } = choicesIn(response?.body);
  return {
    texts,
    usage: usageOf(usage, request),
    ...(request.logProbabilities !== undefined && logProbabilities && { logProbabilities }),
  };
}

async function streamed(
  model: AiSdkLanguageModel,
  call: AiSdkCall,
  request: CompletionRequest,
): Promise<Completion> {
  const { stream } = await model.doStream(call);
  const { text, usage } = await streamedText(stream, model.modelId);
  return { texts: [text], usage: usageOf(usage, request) };
}

/** What tokens say, one after another and each alternative alone. */
function tokenTexts(of: Completion['logProbabilities']): readonly string[] {
  return (of ?? []).flatMap((tokens) => [
    tokens.map(({ token }) => token).join(''),
    ...tokens.flatMap(({ alternatives }) => (alternatives ?? []).map(({ token }) => token)),
  ]);
}
