/** Completions of prompts: what a language model is to this library. */
import type { Awaitable } from './awaitable.ts';

/** A text model behind an API, a recorded one, or one of these with limits, a budget, a cache. */
export interface LanguageModel {
  /** Name in messages and in `why`: the provider's name of the model, never a key or an address with one. */
  readonly name: string;
  /**
   * Between one and `count` completions of the prompt: a model may give fewer. Throws LanguageModelError, which says
   * whether the same call may succeed later, BudgetExceededError, or the reason of `signal`. A text is data from outside: it may be
   * anything and of any length.
   */
  complete(request: CompletionRequest): Awaitable<Completion>;
  /**
   * Whether the model is known to be there: true where its provider lists it, false where only a completion can tell. Throws
   * LanguageModelError for a missing key, an endpoint that is not there, a key that is refused. Costs no tokens.
   */
  check?(options?: { readonly signal?: AbortSignal | undefined }): Awaitable<boolean>;
}

export interface CompletionRequest {
  /** Instructions that stand before the prompt. */
  readonly system?: string | undefined;
  readonly prompt: string;
  /** Most tokens of one completion, a whole number from 1. */
  readonly maxTokens: number;
  /** From 0, the most likely text. Default: the provider's. */
  readonly temperature?: number | undefined;
  /** Completions wanted, a whole number from 1. Default: 1. */
  readonly count?: number | undefined;
  /** Alternatives at each token whose log-probabilities are wanted, 0 to 20. Absent: no log-probabilities. */
  readonly logProbabilities?: number | undefined;
  /**
   * Part of the key of a cache, and passed to the provider. Two draws of the same prompt need two seeds. A provider may
   * ignore it.
   */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Completion {
  /** One at least. */
  readonly texts: readonly string[];
  /** Of all of them together. */
  readonly usage: TokenUsage;
  /** For each text its tokens in order; absent where they were not asked for or the provider has none. */
  readonly logProbabilities?: readonly (readonly TokenLogProbability[])[] | undefined;
}

/** Numbers of tokens, whole and from 0. */
export interface TokenUsage {
  /** Tokens of the prompt, system message and cached ones included. */
  readonly promptTokens: number;
  /** Those of the prompt that the provider had in its cache. */
  readonly cachedTokens?: number | undefined;
  readonly completionTokens: number;
}

export interface TokenLogProbability {
  readonly token: string;
  /** Natural logarithm, at most 0; −Infinity for what the model never says. */
  readonly logProbability: number;
  /** The most likely tokens at this position, as many as were asked for, the chosen one among them where it is one. */
  readonly alternatives: readonly { readonly token: string; readonly logProbability: number }[];
}
