import {
  type Completion,
  type CompletionRequest,
  InvalidArgumentError,
  type LanguageModel,
  type Rng,
  seeded,
} from '@foothold/core';
import { type Clock, systemClock } from '../clock.ts';
import { LanguageModelError } from '../errors.ts';
import { positive } from '../positive.ts';

export interface RetryOptions {
  /** Calls after the first one, a whole number from 0. Default: 4. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first retry; each further wait is twice as long. Default: 1000. */
  readonly delay?: number | undefined;
  /** Longest wait in milliseconds; a provider that asks for a longer one is not called again. Default: 60,000. */
  readonly maxDelay?: number | undefined;
}

/**
 * The model, called again after failures whose error says `retry`. A wait is what the provider asked for (Retry-After), else a random
 * time between half of the backoff and all of it, so that callers who failed together do not come back together. Throws
 * InvalidArgumentError for options outside of their ranges.
 */
export function retriedModel(
  model: LanguageModel,
  { clock = systemClock, ...options }: RetryOptions & { readonly clock?: Clock | undefined } = {},
): LanguageModel {
  const { retries = 4, delay = 1000, maxDelay = 60_000 } = options;
  if (!(Number.isSafeInteger(retries) && retries >= 0))
    throw new InvalidArgumentError('retries', retries, 'a whole number from 0');
  positive('delay', delay);
  positive('maxDelay', maxDelay);
  let calls = 0;
  return {
    ...model,
    async complete(request: CompletionRequest): Promise<Completion> {
      const rng = seeded('retries').fork(calls++);
      for (let retry = 0; ; retry++) {
        try {
          return await model.complete(request);
        } catch (error) {
          if (!(error instanceof LanguageModelError && error.retry) || retry >= retries) throw error;
          request.signal?.throwIfAborted();
          const wait = error.retryAfter ?? backoff(Math.min(delay * 2 ** retry, maxDelay), rng);
          if (wait > maxDelay) throw error;
          await clock.sleep(wait, request.signal);
        }
      }
    },
  };
}

/** Equal jitter: a random time in [longest / 2, longest). */
function backoff(longest: number, rng: Rng): number {
  return (longest / 2) * (1 + rng.next());
}
