import { type Storage, StorageError, type StudyEvent, StudyReplacedError } from '@foothold/core';
import { throughJson } from '../log/canonical.ts';

/** A storage in this process, with the abilities that need neither files nor connections. */
export type MemoryStorage = Storage & Required<Pick<Storage, 'studies' | 'remove' | 'rename' | 'watch'>>;

/**
 * A storage that lives as long as the object: for tests, and for studies that need not outlive the process. It throws
 * InvalidArgumentError for events that are no JSON.
 */
export function memoryStorage(): MemoryStorage {
  const logs = new Map<string, StudyEvent[]>();
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const watcher of watchers) watcher();
  };
  const read: MemoryStorage['read'] = (study, from, limit = Infinity) =>
    throughJson((logs.get(study) ?? []).slice(from, from + limit));
  return {
    read,
    append(study, at, events) {
      const log = logs.get(study) ?? [];
      if (log.length !== at) return false;
      if (events.length === 0) return true;
      for (const event of throughJson(events)) log.push(event);
      logs.set(study, log);
      changed();
      return true;
    },
    studies: () => [...logs.keys()].sort(),
    remove(study) {
      const isThere = logs.delete(study);
      changed();
      return isThere;
    },
    rename(study, to) {
      const log = logs.get(study);
      if (!log) throw new StorageError(`${study}: there is no such study to rename`);
      if (study === to) return;
      if (logs.has(to)) throw new StorageError(`${to}: a study of this name is there; choose another name`);
      logs.delete(study);
      logs.set(to, log);
      changed();
    },
    async *watch(study, from, signal) {
      const { watchLog } = await import('./watch-log.ts');
      const readOn = async (position: number) => {
        if ((logs.get(study)?.length ?? 0) < position)
          throw new StudyReplacedError(`${study}: the study was removed, renamed or replaced`);
        return read(study, position);
      };
      const notify = (watcher: () => void) => {
        watchers.add(watcher);
        return { stop: () => void watchers.delete(watcher) };
      };
      yield* watchLog(readOn, { from, signal, notify });
    },
  };
}
