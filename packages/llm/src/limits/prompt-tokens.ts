import { chatTemplateTokens } from '../token-bound.ts';

/** Replies from which the tokens a byte are learned. */
const minReplies = 20;
/** Above the most tokens a byte that any reply had. */
const margin = 1.1;
/** In shorter prompts, what the provider adds around the messages weighs too much. */
const minBytes = 512;
/** No tokenizer has texts with more bytes a token on the average: who reports fewer tokens does not count them. */
const minTokensPerByte = 0.05;

/** How many tokens prompts have, as a provider counts them. A bound is that of `tokenBound`. */
export interface PromptTokens {
  /** About the most that a prompt of this bound has: the bound, until enough replies have said more; never above it. */
  of(bound: number): number;
  /** The provider counted so many tokens of a prompt of this bound. */
  counted(bound: number, tokens: number): void;
}

/**
 * Learns from replies how many tokens a byte the prompts have. The prompts of a study are of one kind, and have a quarter to a half of their bound:
 * with the bound alone, a fifth of a window stays empty where answers are slow.
 */
export function promptTokens(): PromptTokens {
  let replies = 0;
  let most = 0;
  return {
    of(bound) {
      const bytes = bound - chatTemplateTokens;
      if (replies < minReplies || bytes < minBytes) return bound;
      return Math.min(bound, Math.ceil(margin * most * bytes));
    },
    counted(bound, tokens) {
      const bytes = bound - chatTemplateTokens;
      const share = tokens / bytes;
      if (!(bytes >= minBytes && share >= minTokensPerByte)) return;
      replies++;
      most = Math.max(most, share);
    },
  };
}
