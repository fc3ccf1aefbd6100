import type { LanguageModel } from '@foothold/core';
import { type Clock, systemClock } from '../clock.ts';
import type { Budget } from './budget.ts';
import { budgetedModel } from './budgeted-model.ts';
import { cachedModel } from './cached-model.ts';
import type { CompletionCache } from './completion-cache.ts';
import { countedModel } from './counted-model.ts';
import type { RateLimitOptions } from './rate-limit.ts';
import { rateLimitedModel } from './rate-limited-model.ts';
import { type RetryOptions, retriedModel } from './retried-model.ts';
import { timeLimitedModel } from './time-limited-model.ts';

export interface LimitedModelOptions {
  /** Requests and tokens in a window, and at a time. */
  readonly rateLimit?: RateLimitOptions | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Milliseconds that one call may take. Default: 60,000. */
  readonly timeLimit?: number | undefined;
  /** Counts tokens and money, and holds the budget: a `Ledger`, or an account that is kept elsewhere. Default: none. */
  readonly ledger?: Budget | undefined;
  /** Default: in memory. `false`: every call is made. */
  readonly cache?: CompletionCache | false | undefined;
  /** Default: the time of this machine. */
  readonly clock?: Clock | undefined;
}

/**
 * The model as a study should use it. From outside in: a cache, so that nothing is paid twice; exactly `count` completions;
 * retries, each of which is a call of its own for what is inside; the budget; the rate limit; the time limit of one call. Throws
 * InvalidArgumentError for options outside of their ranges.
 */
export function limitedModel(model: LanguageModel, options: LimitedModelOptions = {}): LanguageModel {
  const { timeLimit = 60_000, ledger, cache, clock = systemClock } = options;
  const timed = timeLimitedModel(model, { limit: timeLimit, clock });
  const slowed = rateLimitedModel(timed, { ...options.rateLimit, clock });
  const paid = ledger ? budgetedModel(slowed, ledger) : slowed;
  const whole = countedModel(retriedModel(paid, { ...options.retry, clock }));
  return cache === false ? whole : cachedModel(whole, cache);
}
