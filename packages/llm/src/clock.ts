/** Time as limits and retries see it, so that a test can have its own. */
export interface Clock {
  /** Milliseconds from any moment on; never goes back. */
  now(): number;
  /** Resolves after so many milliseconds, or rejects with the signal's reason. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Longest delay that a timer takes: 2³¹ − 1 milliseconds, about 25 days. */
const longest = 2 ** 31 - 1;

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal!.reason);
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
        Math.min(Math.max(milliseconds, 0), longest),
      );
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
