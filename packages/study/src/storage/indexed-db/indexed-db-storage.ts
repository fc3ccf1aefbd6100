import {
  InvalidArgumentError,
  type Storage,
  type StudyEvent,
  StudyReplacedError,
  type StudySnapshot,
} from '@foothold/core';
import { throughJson } from '../../log/canonical.ts';
import { encodedName } from '../encoded-name.ts';
import { watchLog } from '../watch-log.ts';
import { changeChannel } from './change-channel.ts';
import { logDatabase, type Stores } from './log-database.ts';
import type { StudyRow } from './open-database.ts';
import { result } from './settled.ts';
import { rowOf, studyLogs } from './study-logs.ts';

/** A storage in a browser's database, with every ability but `transact`: few tabs write at once. */
export interface IndexedDbStorage extends Required<Omit<Storage, 'torn' | 'transact'>> {
  read(study: string, from: number, limit?: number): Promise<readonly StudyEvent[]>;
  append(study: string, at: number, events: readonly StudyEvent[]): Promise<boolean>;
  studies(): Promise<readonly string[]>;
  remove(study: string): Promise<boolean>;
  rename(study: string, to: string): Promise<void>;
  readSnapshot(study: string): Promise<StudySnapshot | undefined>;
  writeSnapshot(study: string, snapshot: StudySnapshot): Promise<void>;
  close(): Promise<void>;
}

/**
 * A storage in the IndexedDB database of this name, which belongs to the page's origin and is made when needed; nothing is opened
 * before the first call. Any number of tabs and workers may write at once: an append is one transaction that compares the log's
 * length and adds the events, on disk (durability `strict`) before it returns. `watch` hears of other tabs through a
 * BroadcastChannel.
 *
 * Throws InvalidArgumentError for an empty text. The storage throws InvalidArgumentError for a study's name that no file can have, and
 * for events that are no JSON; UnsupportedError where there is no IndexedDB; StorageError: with `retry` where the browser has no room
 * or closed the database; without where it refuses it to this page, the database is another program's, or a study is another one
 * than it was: then nothing is ever appended to it.
 */
export function indexedDbStorage(name: string): IndexedDbStorage {
  if (typeof name !== 'string' || name === '')
    throw new InvalidArgumentError('name', name, 'the name of an IndexedDB database');
  const database = logDatabase(name);
  const channel = changeChannel(name);
  const logs = studyLogs(database.place);
  const look = (study: string, from: number, limit = Infinity) => {
    encodedName(study);
    return database.transact('readonly', (stores) => logs.read(stores, study, { from, limit }));
  };
  /** Tells the other tabs afterwards, unless nothing was written. */
  const write = async <T>(studies: readonly string[], work: (stores: Stores) => Promise<T>): Promise<T> => {
    for (const study of studies) encodedName(study);
    const answer = await database.transact('readwrite', work);
    if (answer !== false) for (const study of studies) channel.tell(study);
    return answer;
  };
  return {
    read: async (study, from, limit) => (await look(study, from, limit)).events,
    append: async (study, at, events) => {
      const texts = throughJson(events).map((event) => JSON.stringify(event));
      return write([study], (stores) => logs.append(stores, study, { at, texts }));
    },
    studies: () =>
      database.transact('readonly', async ({ studies }) => {
        const rows: readonly StudyRow[] = await result(studies.index('name').getAll());
        return rows.map((row) => row.name);
      }),
    remove: async (study) => write([study], (stores) => logs.remove(stores, study)),
    rename: async (study, to) => write([study, to], (stores) => logs.rename(stores, study, to)),
    async *watch(study, from, signal) {
      const readOn = async (position: number) => {
        const { length, events } = await look(study, position);
        if (length < position)
          throw new StudyReplacedError(`${study}: the study was removed, renamed or replaced`);
        return events;
      };
      yield* watchLog(readOn, { from, signal, notify: channel.notifier(study) });
    },
    readSnapshot: async (study) => {
      encodedName(study);
      return database.transact('readonly', async (stores) => {
        const row = await rowOf(stores, study);
        return row && result(stores.snapshots.get(row.id));
      });
    },
    writeSnapshot: async (study, { length, state }) => {
      encodedName(study);
      await database.transact('readwrite', async (stores) => {
        const row = await rowOf(stores, study);
        if (row && length > 0 && length <= row.length) stores.snapshots.put({ length, state }, row.id);
      });
    },
    close: () => {
      channel.close();
      return database.close();
    },
  };
}
