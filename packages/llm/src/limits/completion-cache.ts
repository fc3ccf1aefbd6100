import type { Awaitable, Completion } from '@foothold/core';

/** Completions by the digest of their request: `requestDigest`. */
export interface CompletionCache {
  get(digest: string): Awaitable<Completion | undefined>;
  set(digest: string, completion: Completion): Awaitable<void>;
}

/** A cache in memory. */
export function memoryCache(): CompletionCache {
  const kept = new Map<string, Completion>();
  return {
    get: (digest) => kept.get(digest),
    set(digest, completion) {
      kept.set(digest, completion);
    },
  };
}
