import type { Completion, CompletionRequest, LanguageModel } from '@foothold/core';
import { requestDigest } from '../request-digest.ts';
import { type CompletionCache, memoryCache } from './completion-cache.ts';

interface RunningCall {
  readonly completion: Promise<Completion>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * The model, called once for each request: the same prompt with the same parameters and seed gets the same completion, also
 * while the first call runs. What comes from the cache has a usage of 0. A call is stopped when all who wait for it have stopped.
 */
export function cachedModel(model: LanguageModel, cache: CompletionCache = memoryCache()): LanguageModel {
  const running = new Map<string, RunningCall>();
  const begin = (digest: string, request: CompletionRequest): RunningCall => {
    const stop = new AbortController();
    const call = async (): Promise<Completion> => {
      const kept = await cache.get(digest);
      if (kept) return free(kept);
      const completion = await model.complete({ ...request, signal: stop.signal });
      // Fewer than wanted are what a failure left; the next call may give all.
      if (completion.texts.length >= (request.count ?? 1)) await cache.set(digest, completion);
      return completion;
    };
    const entry: RunningCall = { completion: call(), stop, waiting: 0 };
    running.set(digest, entry);
    const end = () => {
      if (running.get(digest) === entry) running.delete(digest);
    };
    entry.completion.then(end, end);
    return entry;
  };
  return {
    ...model,
    async complete(request) {
      request.signal?.throwIfAborted();
      const digest = requestDigest(model.name, request);
      const other = running.get(digest);
      const isShared = other !== undefined && !other.stop.signal.aborted;
      const entry = isShared ? other : begin(digest, request);
      const completion = await waitedFor(entry, request.signal);
      return isShared ? free(completion) : completion;
    },
  };
}

async function waitedFor(entry: RunningCall, signal: AbortSignal | undefined): Promise<Completion> {
  entry.waiting++;
  let leave: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    leave = () => {
      if (entry.waiting === 1) entry.stop.abort(signal!.reason);
      reject(signal!.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([entry.completion, stopped]);
  } finally {
    entry.waiting--;
    signal?.removeEventListener('abort', leave!);
  }
}

function free(completion: Completion): Completion {
  return { ...completion, usage: { promptTokens: 0, completionTokens: 0 } };
}
