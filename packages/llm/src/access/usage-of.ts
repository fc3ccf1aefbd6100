import type { CompletionRequest, TokenUsage } from '@foothold/core';
import { tokenBound } from '../token-bound.ts';
import type { AiSdkUsage } from './ai-sdk-language-model.ts';

/** Whole tokens; undefined for what is no number of tokens. */
const whole = (tokens: unknown, least: number) =>
  typeof tokens === 'number' && tokens >= least
    ? Math.min(Math.ceil(tokens), Number.MAX_SAFE_INTEGER)
    : undefined;

/**
 * What a provider says that a call used, as whole numbers from 0. The worst case of `tokenBound` stands for what it does not say; a provider that has counted
 * no token of the prompt counts none at all.
 */
export function usageOf(usage: AiSdkUsage | undefined, request: CompletionRequest): TokenUsage {
  const prompt = whole(usage?.inputTokens.total, 1);
  if (prompt === undefined) return tokenBound(request);
  const cached = whole(usage?.inputTokens.cacheRead, 0);
  return {
    promptTokens: prompt,
    ...(cached !== undefined && { cachedTokens: Math.min(cached, prompt) }),
    completionTokens: whole(usage?.outputTokens.total, 0) ?? tokenBound(request).completionTokens,
  };
}
