import { StorageError } from '@foothold/core';

/**
 * Calls `open` at once, so that it comes before what is called next, and answers what waits for it. What it threw is kept too, for every call,
 * but not a StorageError with `retry`: the next call opens again.
 */
export function opening(open: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> | undefined;
  const begin = () => {
    const opened = open();
    last = opened;
    opened.catch((error: unknown) => {
      if (error instanceof StorageError && error.retry) last = undefined;
    });
    return opened;
  };
  void begin();
  return () => last ?? begin();
}
