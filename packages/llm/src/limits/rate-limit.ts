import { InvalidArgumentError } from '@foothold/core';
import type { Clock } from '../clock.ts';
import { positive } from '../positive.ts';
import { wholeFromOne } from '../whole-from-one.ts';
import { slidingWindow } from './sliding-window.ts';

export interface RateLimitOptions {
  /** Most requests in any window. Default: 720. */
  readonly requests?: number | undefined;
  /** Most tokens in any window, of prompts and completions together. Default: 100,000. */
  readonly tokens?: number | undefined;
  /** Length of the window in milliseconds. Default: 60,000. The defaults are those of LLAMBO (Liu et al. 2024). */
  readonly window?: number | undefined;
  /**
   * Most milliseconds between the beginning of a request and its arrival at the provider. A request counts until a window after it has arrived at the
   * latest, so that a slow request and the fast ones of the next window are not too many together. Default: a sixtieth of the
   * window, one second of a minute.
   */
  readonly arrivalDelay?: number | undefined;
  /** Most requests that run at a time. Default: 16. */
  readonly concurrency?: number | undefined;
}

/** A place in the window that a request has. */
export interface Admission {
  /**
   * Ends the request, which used so many tokens; more than it came with counts as far as the limit has room, and what is no number is what it
   * came with.
   */
  end(tokens?: number): void;
}

/**
 * Lets requests begin, in the order in which they came, such that the provider sees no more than the limits in any window of
 * time.
 */
export interface RateLimit {
  /** Most tokens in any window. */
  readonly tokens: number;
  /**
   * Resolves when a request of at most so many tokens may begin; a function is asked whenever it might. Throws InvalidArgumentError for more
   * tokens than any window may hold, and the signal's reason.
   */
  admit(tokens: number | (() => number), signal?: AbortSignal): Promise<Admission>;
}

interface Waiting {
  tokens(): number;
  readonly begin: (admission: Admission) => void;
}

/**
 * A sliding window over requests, by the moments at which they reached the provider. A request counts with what it came with until it ends, and
 * then with what it used. Throws InvalidArgumentError for limits that are no numbers above 0.
 */
export function rateLimit(options: RateLimitOptions, clock: Clock): RateLimit {
  const limits = checkedLimits(options);
  const window = slidingWindow(limits);
  const queue: Waiting[] = [];
  let running = 0;
  let wake: AbortController | undefined;
  let isBeginning = false;

  /** Lets the next one begin where it may; where the window is full, this is called again when its first request leaves it. */
  const advance = (): void => {
    if (isBeginning) return;
    wake?.abort();
    wake = undefined;
    const now = clock.now();
    window.advance(now);
    if (queue.length === 0 || running >= limits.concurrency) return;
    if (window.hasRoom(queue[0]!.tokens())) {
      begin(queue.shift()!);
      beginNextSoon();
      return;
    }
    const next = window.nextChange();
    if (next === undefined) return;
    wake = new AbortController();
    clock.sleep(next - now, wake.signal).then(advance, () => undefined);
  };
  /** One at a time: a request that began beside a hundred others would reach the provider when all of them are written. */
  const beginNextSoon = (): void => {
    isBeginning = true;
    clock.sleep(0).then(() => {
      isBeginning = false;
      advance();
    });
  };
  const begin = ({ tokens, begin: resolve }: Waiting): void => {
    const entry = window.add(clock.now(), tokens());
    running++;
    let isOpen = true;
    resolve({
      end(actual = Number.NaN) {
        if (!isOpen) return;
        isOpen = false;
        running--;
        window.settle(entry, { now: clock.now(), tokens: actual });
        advance();
      },
    });
  };
  return {
    tokens: limits.tokens,
    async admit(given, signal) {
      const tokens = checkedTokens(given, limits.tokens);
      signal?.throwIfAborted();
      const admission = waitingIn(queue, tokens, { signal, onLeave: advance });
      advance();
      return admission;
    },
  };
}

function checkedTokens(given: number | (() => number), most: number): () => number {
  const tokens = typeof given === 'function' ? given : () => given;
  const now = tokens();
  if (now <= most) return tokens;
  throw new InvalidArgumentError('tokens of one request', now, `at most ${most}, the limit of a window`);
}

interface Leaving {
  readonly signal: AbortSignal | undefined;
  /** Called when one has left the queue without having begun. */
  readonly onLeave: () => void;
}

/** Puts a request at the end of the queue, which it leaves when it begins or its signal says so. */
function waitingIn(
  queue: Waiting[],
  tokens: Waiting['tokens'],
  { signal, onLeave }: Leaving,
): Promise<Admission> {
  return new Promise((resolve, reject) => {
    const waiting: Waiting = {
      tokens,
      begin: (admission) => {
        signal?.removeEventListener('abort', leave);
        resolve(admission);
      },
    };
    const leave = () => {
      queue.splice(queue.indexOf(waiting), 1);
      reject(signal!.reason);
      onLeave();
    };
    signal?.addEventListener('abort', leave, { once: true });
    queue.push(waiting);
  });
}

function checkedLimits(
  options: RateLimitOptions,
): Required<{ readonly [K in keyof RateLimitOptions]: number }> {
  const { requests = 720, tokens = 100_000, window = 60_000, concurrency = 16 } = options;
  const { arrivalDelay = window / 60 } = options;
  if (!(typeof arrivalDelay === 'number' && arrivalDelay >= 0))
    throw new InvalidArgumentError('arrivalDelay', arrivalDelay, 'milliseconds from 0');
  return {
    requests: requests === Infinity ? requests : wholeFromOne('requests', requests),
    tokens: positive('tokens', tokens),
    window: positive('window', window),
    arrivalDelay,
    concurrency: concurrency === Infinity ? concurrency : wholeFromOne('concurrency', concurrency),
  };
}
