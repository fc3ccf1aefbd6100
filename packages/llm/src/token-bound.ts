import type { CompletionRequest, TokenUsage } from '@foothold/core';

/**
 * Tokens that a provider's chat template may add around the messages: role marks (3 or 4 a message), and a system message of its own
 * where none is given, of which the longest known ones have about 40.
 */
export const chatTemplateTokens = 64;

/**
 * Most tokens that one request may use. A token of a byte-level tokenizer stands for one byte of UTF-8 at least, and one of a
 * tokenizer with byte fallback too, so the bytes bound the prompt from above; English text has about a quarter of that. A
 * provider counts the prompt once, however many completions the request asks for.
 */
export function tokenBound({ system = '', prompt, maxTokens, count = 1 }: CompletionRequest): TokenUsage {
  const bytes = new TextEncoder().encode(system).length + new TextEncoder().encode(prompt).length;
  return { promptTokens: bytes + chatTemplateTokens, completionTokens: count * maxTokens };
}
