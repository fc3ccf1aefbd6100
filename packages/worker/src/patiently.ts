import { StorageError } from '@foothold/core';

export interface Patience {
  /** Resolves after so many milliseconds, or when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends the tries. */
  readonly signal: AbortSignal;
  /** Told once a call, when the first try has failed. */
  readonly onWait: (error: StorageError) => void;
}

/** Milliseconds between two tries. */
const wait = 1000;

/**
 * The call's answer, which is tried again as long as the storage says that this is of use: a server that is gone for an hour loses
 * no outcome. Rejects with what the last call threw.
 */
export async function patiently<T>(call: () => Promise<T>, { pause, signal, onWait }: Patience): Promise<T> {
  for (let isFirst = true; ; isFirst = false)
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StorageError && error.retry) || signal.aborted) throw error;
      if (isFirst) onWait(error);
      await pause(wait, signal);
    }
}
