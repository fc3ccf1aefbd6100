import {
  type Awaitable,
  type Completion,
  type CompletionRequest,
  InvalidArgumentError,
  type LanguageModel,
} from '@foothold/core';
import { LanguageModelError } from '../errors.ts';
import { requestDigest } from '../request-digest.ts';
import { approximateTokens } from './approximate-tokens.ts';

/** One call of a model, as JSON: what was asked, by digest, and what came back. The prompt is there for people. */
export interface RecordedReply {
  /** `requestDigest` of the model's name and the request. */
  readonly digest: string;
  readonly model: string;
  readonly prompt: string;
  readonly completion: Completion;
}

/** A reply: one text, as many as were asked for, or all that a completion has. */
export type Reply = string | readonly string[] | Completion;

/**
 * Replies in order, one a call; by a function of the request and the number of the call, from 0; or records, which are
 * found by the digest of the request.
 */
export type Replies =
  | readonly Reply[]
  | readonly RecordedReply[]
  | ((request: CompletionRequest, call: number) => Awaitable<Reply>);

/**
 * A model that gives recorded replies, for tests and examples. Where no usage was recorded, tokens are counted as one for four
 * characters. One text stands for each of `count` completions. The call after the last reply, or one that was not recorded, throws
 * LanguageModelError ('refused').
 */
export function recordedModel(
  replies: Replies,
  options: { readonly name?: string | undefined } = {},
): LanguageModel {
  const isFunction = typeof replies === 'function';
  if (!isFunction && !Array.isArray(replies))
    throw new InvalidArgumentError('replies', replies, 'a list, or a function of the request');
  const name = options.name ?? (isFunction ? 'recorded' : (nameIn(replies) ?? 'recorded'));
  const replyTo = isFunction ? replies : replyFrom(name, replies);
  let calls = 0;
  return {
    name,
    check: () => true,
    async complete(request) {
      request.signal?.throwIfAborted();
      return completionOf(await replyTo(request, calls++), request);
    },
  };
}

function replyFrom(name: string, replies: readonly (Reply | RecordedReply)[]) {
  const byDigest = new Map(
    replies.flatMap((reply) => (isRecorded(reply) ? [[reply.digest, reply.completion] as const] : [])),
  );
  const inOrder = replies.filter((reply): reply is Reply => !isRecorded(reply));
  return (request: CompletionRequest, call: number): Reply => {
    const reply = byDigest.size > 0 ? byDigest.get(requestDigest(name, request)) : inOrder[call];
    if (reply !== undefined) return reply;
    const what =
      byDigest.size > 0 ? 'this request was not recorded' : `only ${inOrder.length} replies were recorded`;
    throw new LanguageModelError('refused', what, { model: name });
  };
}

const isRecorded = (reply: Reply | RecordedReply): reply is RecordedReply =>
  typeof reply === 'object' && 'digest' in reply;

function nameIn(replies: readonly (Reply | RecordedReply)[]): string | undefined {
  return replies.find(isRecorded)?.model;
}

function completionOf(reply: Reply, request: CompletionRequest): Completion {
  if (typeof reply === 'object' && 'texts' in reply) return reply;
  const { system = '', prompt, count = 1 } = request;
  const texts =
    typeof reply === 'string' ? Array.from({ length: count }, () => reply) : reply.slice(0, count);
  const usage = {
    promptTokens: approximateTokens(system) + approximateTokens(prompt),
    completionTokens: texts.reduce((sum, text) => sum + approximateTokens(text), 0),
  };
  return { texts, usage };
}
