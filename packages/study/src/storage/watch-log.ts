import type { StudyEvent } from '@foothold/core';

/** Milliseconds between two looks where nothing tells of a change. */
const pollEvery = 500;

/** Calls `changed` at each change that it hears of, until it is stopped. */
export type Notifier = (changed: () => void) => { stop(): void };

/**
 * The events from a position on, as they come. Looks again whenever `notify` tells of a change, and twice a second where it does not,
 * as on a network's file system. Ends when the signal aborts; throws what `read` throws.
 */
export async function* watchLog(
  read: (from: number) => Promise<readonly StudyEvent[]>,
  {
    from,
    signal,
    notify,
  }: { readonly from: number; readonly signal: AbortSignal; readonly notify: Notifier },
): AsyncGenerator<readonly StudyEvent[], void, undefined> {
  let position = from;
  let isChanged = true;
  let wake: () => void = () => undefined;
  const changed = () => {
    isChanged = true;
    wake();
  };
  const notifier = notify(changed);
  signal.addEventListener('abort', changed);
  try {
    while (!signal.aborted) {
      isChanged = false;
      const events = await read(position);
      if (signal.aborted) return;
      position += events.length;
      if (events.length > 0) yield events;
      else if (!isChanged) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, pollEvery);
          wake = () => {
            clearTimeout(timer);
            done();
          };
          if (signal.aborted) wake();
        });
      }
    }
  } finally {
    notifier.stop();
    signal.removeEventListener('abort', changed);
  }
}
