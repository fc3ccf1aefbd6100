import { type Storage, StorageError, type StudyEvent } from '@foothold/core';

/** Events from a position of a log on. */
export interface LogPart {
  readonly from: number;
  readonly events: readonly StudyEvent[];
}

/** Events in one message. */
const maxEvents = 1000;
/** Events that are kept for those who follow: what is older is read from the storage. */
const recentEvents = 2000;
/** Milliseconds between two looks at a storage that does not tell of changes. */
const pollEvery = 500;

/**
 * Lets many follow the logs of a storage while each log is watched once: the events of a study from a position on, as they come,
 * until the signal aborts. `endOf` is the length of a study's log: what is before it is read in parts by those who follow, not by the
 * watch. Throws StorageError as the storage does.
 */
export function logFollowers(
  storage: Storage,
  endOf: (study: string) => Promise<number>,
): (study: string, from: number, signal: AbortSignal) => AsyncGenerator<LogPart, void, undefined> {
  const watches = new Map<string, LogWatch>();
  return async function* follow(study, from, signal) {
    const start = watches.has(study) ? from : Math.max(from, await endOf(study));
    const watch = watches.get(study) ?? logWatch(storage, study, start);
    watches.set(study, watch);
    watch.followers++;
    try {
      let position = from;
      while (!signal.aborted) {
        const changed = watch.changed();
        const events = watch.recent(position) ?? (await storage.read(study, position, maxEvents));
        for (let at = 0; at < events.length && !signal.aborted; at += maxEvents) {
          const part = events.slice(at, at + maxEvents);
          yield { from: position, events: part };
          position += part.length;
        }
        if (events.length === 0) await until(changed, signal);
      }
    } finally {
      watch.followers--;
      if (watch.followers === 0 || watch.isOver()) {
        watch.end();
        if (watches.get(study) === watch) watches.delete(study);
      }
    }
  };
}

interface LogWatch {
  followers: number;
  /** Resolves at the next change; rejects when the log cannot be watched any more. */
  changed(): Promise<void>;
  /** What is known of the log from a position on; undefined where that has to be read. */
  recent(from: number): readonly StudyEvent[] | undefined;
  isOver(): boolean;
  end(): void;
}

function logWatch(storage: Storage, study: string, start: number): LogWatch {
  const ending = new AbortController();
  let first = start;
  let known: StudyEvent[] = [];
  let fault: { readonly error: unknown } | undefined;
  let next = settlable();
  const watch = async () => {
    const batches =
      storage.watch?.(study, start, ending.signal) ??
      polled(storage, { study, from: start, signal: ending.signal });
    for await (const batch of batches) {
      for (const event of batch) known.push(event);
      if (known.length > 2 * recentEvents) {
        first += known.length - recentEvents;
        known = known.slice(-recentEvents);
      }
      const { resolve } = next;
      next = settlable();
      resolve();
    }
    throw new StorageError(`${study}: its log is followed no more`);
  };
  watch().catch((error: unknown) => {
    fault = { error };
    next.reject(error);
  });
  return {
    followers: 0,
    changed: () => next.promise,
    recent: (from) => (from < first || from > first + known.length ? undefined : known.slice(from - first)),
    isOver: () => fault !== undefined,
    end: () => ending.abort(),
  };
}

function settlable(): { promise: Promise<void>; resolve(): void; reject(error: unknown): void } {
  let settle = { resolve: (): void => undefined, reject: (_: unknown): void => undefined };
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => undefined); // thrown by those who follow
  return { promise, ...settle };
}

async function* polled(
  storage: Storage,
  { study, from, signal }: { readonly study: string; readonly from: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly StudyEvent[], void, undefined> {
  let position = from;
  while (!signal.aborted) {
    const events = await storage.read(study, position);
    position += events.length;
    if (events.length > 0) yield events;
    else await until(new Promise<void>((done) => void setTimeout(done, pollEvery)), signal);
  }
}

/** The promise, or the abort if that is earlier. */
function until(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => resolve();
    signal.addEventListener('abort', end, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
    if (signal.aborted) end();
  });
}
