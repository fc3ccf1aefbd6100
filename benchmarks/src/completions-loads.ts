import type { CompletionRequest, Rng } from '@foothold/core';

/** What one request asks for, and what the provider makes of it. */
export interface LoadedCall {
  readonly request: CompletionRequest;
  /** Tokens that the provider counts. */
  readonly usage: { readonly promptTokens: number; readonly completionTokens: number };
  /** Milliseconds between the provider's first sight of the request and its answer. */
  readonly latency: number;
}

/** What goes wrong with a call. */
export type LoadedFault = 'busy' | 'error' | 'cut' | 'silence';

/** Requests of one kind, with what goes wrong. */
export interface Load {
  readonly name: string;
  /** The limit that such requests meet. */
  readonly meets: 'requests' | 'tokens';
  call(rng: Rng): LoadedCall;
  /** What goes wrong with a call that arrives at this moment. */
  fault?(rng: Rng, at: number): LoadedFault | undefined;
  /** Share of the calls that the caller stops, before they begin or while they run. */
  readonly cancelled?: number;
}

interface Sizes {
  /** Bytes of the prompt. */
  readonly bytes: readonly [number, number];
  readonly maxTokens: number;
  readonly count: number;
  /** Share of `maxTokens` that a completion uses. */
  readonly used: readonly [number, number];
  /** Milliseconds. */
  readonly latency: readonly [number, number];
}

/** English text has about a quarter, lists of numbers a half and more. */
const tokensPerByte = [0.35, 0.5] as const;

const between = (rng: Rng, [low, high]: readonly [number, number]) => low + (high - low) * rng.next();

function call(rng: Rng, { bytes, maxTokens, count, used, latency }: Sizes): LoadedCall {
  const length = Math.round(between(rng, bytes));
  const completions = Array.from({ length: count }, () => Math.ceil(maxTokens * between(rng, used)));
  return {
    request: { prompt: 'x'.repeat(length), maxTokens, count },
    usage: {
      promptTokens: Math.ceil(length * between(rng, tokensPerByte)),
      completionTokens: completions.reduce((sum, tokens) => sum + tokens, 0),
    },
    latency: between(rng, latency),
  };
}

/** A class of the generative surrogate: one digit. */
const small: Sizes = {
  bytes: [100, 200],
  maxTokens: 10,
  count: 1,
  used: [0.1, 0.5],
  latency: [200, 1500],
};
/** A prediction of the discriminative surrogate: ten short completions under a long prompt. */
const large: Sizes = {
  bytes: [2000, 5000],
  maxTokens: 40,
  count: 10,
  used: [0.15, 0.4],
  latency: [500, 3000],
};
/** Candidates with reasons: one long completion. */
const long: Sizes = {
  bytes: [2000, 5000],
  maxTokens: 1000,
  count: 1,
  used: [0.3, 0.8],
  latency: [3000, 15_000],
};
const mixed = (rng: Rng) => call(rng, rng.next() < 0.7 ? small : large);

/** The provider is busy for the last sixth of each window of a minute, and now and then. */
const busy = (rng: Rng, at: number) => (at % 60_000 > 50_000 || rng.next() < 0.02 ? 'busy' : undefined);

function failing(rng: Rng): LoadedFault | undefined {
  const draw = rng.next();
  if (draw < 0.05) return 'error';
  if (draw < 0.07) return 'cut';
  return draw < 0.075 ? 'silence' : undefined;
}

export const loads: readonly Load[] = [
  { name: 'small', meets: 'requests', call: (rng) => call(rng, small) },
  { name: 'large', meets: 'tokens', call: (rng) => call(rng, large) },
  { name: 'long', meets: 'tokens', call: (rng) => call(rng, long) },
  { name: 'mixed', meets: 'tokens', call: mixed },
  { name: 'small, busy', meets: 'requests', call: (rng) => call(rng, small), fault: busy },
  { name: 'large, failing', meets: 'tokens', call: (rng) => call(rng, large), fault: failing },
  { name: 'mixed, half cancelled', meets: 'tokens', call: mixed, cancelled: 0.5 },
];
