import { StorageError } from '@foothold/core';

export interface Patience {
  /** Resolves after so many milliseconds, or when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends the tries. */
  readonly signal: AbortSignal;
  /** Told of each try that failed and is not the last; `isFirst` for the first of a call. */
  readonly onWait: (error: StorageError, isFirst: boolean) => void;
}

/** Milliseconds between two tries. */
export const retryWait = 1000;

/**
 * The call's answer, which is tried again as long as the storage says that this is of use: an outcome is still told after the server was
 * gone for an hour. Rejects with what the last call threw.
 */
export async function patiently<T>(call: () => Promise<T>, { pause, signal, onWait }: Patience): Promise<T> {
  for (let isFirst = true; ; isFirst = false)
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StorageError && error.retry) || signal.aborted) throw error;
      onWait(error, isFirst);
      await pause(retryWait, signal);
    }
}
