import { smallestOf } from '@foothold/core';

/** A `Clock` of `@foothold/llm`, whose time passes only when nothing else can happen. */
export interface VirtualClock {
  /** Milliseconds since it was made. */
  now(): number;
  /** Resolves after so many milliseconds, or rejects with the signal's reason. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Runs until the promise has ended: whenever everything waits, time jumps to the next moment at which something wakes up. */
  run<T>(promise: Promise<T>): Promise<T>;
}

/**
 * A clock at 0. Nothing but its own sleepers wakes it up: what waits for a network or a timer of the machine must not run under it. `run` throws where
 * everything waits and no sleeper is left.
 */
export function virtualClock(): VirtualClock {
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { at: now + Math.max(milliseconds, 0), wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener(
          'abort',
          () => {
            sleepers = sleepers.filter((other) => other !== sleeper);
            reject(signal.reason);
          },
          { once: true },
        );
      }),
    async run(promise) {
      let hasEnded = false;
      const end = () => {
        hasEnded = true;
      };
      promise.then(end, end);
      for (;;) {
        // All that follows from promises comes before an immediate.
        await new Promise((resolve) => setImmediate(resolve));
        if (hasEnded) return promise;
        if (sleepers.length === 0) throw new Error('everything waits, and nothing wakes up');
        now = smallestOf(sleepers.map(({ at }) => at));
        const awake = sleepers.filter(({ at }) => at <= now);
        sleepers = sleepers.filter(({ at }) => at > now);
        for (const { wake } of awake) wake();
      }
    },
  };
}
