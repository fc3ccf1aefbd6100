import { type Storage, StorageError, type StudyEvent, type StudySnapshot } from '@foothold/core';
import { throughJson } from '../canonical.ts';
import { watchLog } from './watch-log.ts';

/** A storage in this process, with every ability but those that need files or connections. */
export type MemoryStorage = Storage & Required<Omit<Storage, 'torn' | 'close'>>;

/** A storage that lives as long as the object: for tests, and for studies that need not outlive the process. */
export function memoryStorage(): MemoryStorage {
  const logs = new Map<string, StudyEvent[]>();
  const snapshots = new Map<string, StudySnapshot>();
  const watchers = new Map<string, Set<() => void>>();
  const read: MemoryStorage['read'] = (study, from) => throughJson((logs.get(study) ?? []).slice(from));
  const remove = (study: string): boolean => {
    snapshots.delete(study);
    return logs.delete(study);
  };
  return {
    read,
    append(study, at, events) {
      const log = logs.get(study) ?? [];
      if (log.length !== at) return false;
      if (events.length === 0) return true;
      for (const event of throughJson(events)) log.push(event);
      logs.set(study, log);
      for (const changed of watchers.get(study) ?? []) changed();
      return true;
    },
    studies: () => [...logs.keys()].sort(),
    remove,
    rename(study, to) {
      const log = logs.get(study);
      if (!log) throw new StorageError(`${study}: there is no such study to rename`);
      if (study === to) return;
      if (logs.has(to)) throw new StorageError(`${to}: a study of this name is there; choose another name`);
      const snapshot = snapshots.get(study);
      remove(study);
      logs.set(to, log);
      if (snapshot) snapshots.set(to, snapshot);
    },
    watch: (study, from, signal) =>
      watchLog(
        async (position) => {
          if (position > from && (logs.get(study)?.length ?? 0) < position)
            throw new StorageError(`${study}: the study was removed, renamed or replaced`);
          return read(study, position);
        },
        {
          from,
          signal,
          notify: (changed) => {
            const all = watchers.get(study) ?? new Set();
            watchers.set(study, all.add(changed));
            return { stop: () => all.delete(changed) };
          },
        },
      ),
    readSnapshot: (study) => snapshots.get(study),
    writeSnapshot(study, snapshot) {
      if (snapshot.length === logs.get(study)?.length) snapshots.set(study, snapshot);
    },
  };
}
