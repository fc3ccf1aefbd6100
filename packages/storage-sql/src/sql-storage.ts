import {
  type Storage,
  StorageError,
  type StudyEvent,
  StudyReplacedError,
  type StudySnapshot,
} from '@foothold/core';
import { refuseStudyName } from './checked-name.ts';
import type { LogDatabase } from './log-database.ts';
import { append, checksum, type Known, newerEvents, read } from './read-and-append.ts';
import { transact } from './transact.ts';

/** A storage in a database, with every ability. */
export interface SqlStorage extends Storage {
  read(study: string, from: number, limit?: number): Promise<readonly StudyEvent[]>;
  append(study: string, at: number, events: readonly StudyEvent[]): Promise<boolean>;
  transact(
    study: string,
    from: number,
    plan: (newer: readonly StudyEvent[]) => readonly StudyEvent[],
  ): Promise<void>;
  studies(): Promise<readonly string[]>;
  remove(study: string): Promise<boolean>;
  rename(study: string, to: string): Promise<void>;
  watch(study: string, from: number, signal: AbortSignal): AsyncIterable<readonly StudyEvent[]>;
  readSnapshot(study: string): Promise<StudySnapshot | undefined>;
  writeSnapshot(study: string, snapshot: StudySnapshot): Promise<void>;
  close(): Promise<void>;
}

/** The storage over a database, which is opened by the first call. */
export function sqlStorage(database: LogDatabase, writer: string): SqlStorage {
  let writes = 0;
  const known: Known = {
    database,
    ends: new Map(),
    contended: new Map(),
    nextWrite: () => `${writer}:${writes++}`,
  };
  return {
    read: async (study, from, limit) => {
      refuseStudyName(study);
      return read(known, study, { from, limit });
    },
    append: async (study, at, events) => {
      refuseStudyName(study);
      return append(known, study, { at, events });
    },
    transact: async (study, from, plan) => {
      refuseStudyName(study);
      return transact(known, study, { from, plan });
    },
    studies: async () => [...(await database.names())].sort(),
    remove: async (study) => {
      refuseStudyName(study);
      forget(known, study);
      return database.remove(study);
    },
    rename: async (study, to) => {
      for (const name of [study, to]) refuseStudyName(name);
      forget(known, study);
      const done = await database.rename(study, to);
      if (done === 'absent')
        throw new StorageError(`${database.place}: there is no study ${JSON.stringify(study)} to rename`);
      if (done === 'taken')
        throw new StorageError(
          `${database.place}: there is a study ${JSON.stringify(to)} already; remove it first, or use another name`,
        );
    },
    watch: (study, from, signal) => watch(known, study, { from, signal }),
    readSnapshot: async (study) => {
      refuseStudyName(study);
      const crc32 = await checksum();
      const row = await database.snapshot(study);
      const isWhole = row && row.eventSum === row.sum && crc32(row.state) === row.checksum;
      return isWhole ? { length: row.length, state: row.state } : undefined;
    },
    writeSnapshot: async (study, { length, state }) => {
      refuseStudyName(study);
      const crc32 = await checksum();
      await database.keepSnapshot(study, { length, state, checksum: crc32(state) });
    },
    close: () => database.close(),
  };
}

function forget({ ends, contended }: Known, study: string): void {
  ends.delete(study);
  contended.delete(study);
}

async function* watch(
  known: Known,
  study: string,
  { from, signal }: { readonly from: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly StudyEvent[]> {
  refuseStudyName(study);
  let position = from;
  for await (const _ of known.database.changes(signal)) {
    const events = await newerEvents(known, study, { from: position });
    if (signal.aborted) return;
    if (!events)
      throw new StudyReplacedError(
        `${known.database.place}: the study ${JSON.stringify(study)} was removed, renamed or replaced`,
      );
    position += events.length;
    if (events.length > 0) yield events;
  }
}
