import { type Storage, StorageError, type StudyEvent, type StudySnapshot } from '@foothold/core';
import { refuseStudyName } from './checked-name.ts';
import { type Checksum, checkedRows, damaged } from './checked-rows.ts';
import type { Head, LogDatabase } from './log-database.ts';

/** A storage in a database, with every ability. */
export interface SqlStorage extends Storage {
  read(study: string, from: number): Promise<readonly StudyEvent[]>;
  append(study: string, at: number, events: readonly StudyEvent[]): Promise<boolean>;
  studies(): Promise<readonly string[]>;
  remove(study: string): Promise<boolean>;
  rename(study: string, to: string): Promise<void>;
  watch(study: string, from: number, signal: AbortSignal): AsyncIterable<readonly StudyEvent[]>;
  readSnapshot(study: string): Promise<StudySnapshot | undefined>;
  writeSnapshot(study: string, snapshot: StudySnapshot): Promise<void>;
  close(): Promise<void>;
}

/** Rows that one query reads. */
const pageSize = 10_000;

/** What one storage object knows. */
interface Known {
  readonly database: LogDatabase;
  /** The end of each study's log as this object last read or wrote it. */
  readonly ends: Map<string, Head>;
  /** The write that follows: `WRITER:COUNT`. */
  readonly nextWrite: () => string;
}

/** The storage over a database, which is opened by the first call. */
export function sqlStorage(database: LogDatabase, writer: string): SqlStorage {
  let writes = 0;
  const known: Known = { database, ends: new Map(), nextWrite: () => `${writer}:${writes++}` };
  return {
    read: async (study, from) => {
      refuseStudyName(study);
      return read(known, study, from);
    },
    append: async (study, at, events) => {
      refuseStudyName(study);
      return append(known, study, { at, events });
    },
    studies: async () => [...(await database.names())].sort(),
    remove: async (study) => {
      refuseStudyName(study);
      known.ends.delete(study);
      return database.remove(study);
    },
    rename: async (study, to) => {
      for (const name of [study, to]) refuseStudyName(name);
      known.ends.delete(study);
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

async function checksum(): Promise<Checksum> {
  return (await import('node:zlib')).crc32;
}

async function read(known: Known, study: string, from: number): Promise<readonly StudyEvent[]> {
  const { database, ends } = known;
  const { place } = database;
  const crc32 = await checksum();
  const all: StudyEvent[] = [];
  for (;;) {
    const position = from + all.length;
    const page = await database.page(study, Math.max(position - 1, 0), pageSize);
    if (!page || page.head.length < position) return all;
    const { events, before, after } = checkedRows(
      page,
      { place, study, from: position, count: pageSize },
      crc32,
    );
    const end = ends.get(study);
    if (position > 0 && end?.length === position && end.sum !== before)
      refuseReplaced(place, study, position);
    for (const event of events) all.push(event);
    const read = position + events.length;
    ends.set(study, { length: read, sum: after });
    if (read >= page.head.length) return all;
  }
}

async function append(
  known: Known,
  study: string,
  { at, events }: { readonly at: number; readonly events: readonly StudyEvent[] },
): Promise<boolean> {
  const { database, ends, nextWrite } = known;
  const crc32 = await checksum();
  const end = ends.get(study);
  const before = at === 0 ? { length: 0, sum: 0 } : end?.length === at ? end : await storedEnd(known, study);
  if (before.length !== at) return false;
  if (events.length === 0) return (await storedEnd(known, study)).length === at;
  let { sum } = before;
  const rows = events.map((event, i) => {
    const text = JSON.stringify(event);
    sum = crc32(text, sum);
    return { position: at + i, event: text, sum };
  });
  if (await database.insert({ study, before, rows, by: nextWrite() })) {
    ends.set(study, { length: at + events.length, sum });
    return true;
  }
  const now = await storedEnd(known, study);
  if (at > 0 && now.length === at && now.sum !== before.sum) refuseReplaced(database.place, study, at);
  return false;
}

/** The end of the study's log. Throws StorageError where its last event does not agree with it. */
async function storedEnd({ database }: Known, study: string): Promise<Head> {
  const head = await database.head(study);
  if (!head) return { length: 0, sum: 0 };
  const { length, sum, lastSum } = head;
  if (lastSum === undefined) damaged({ place: database.place, study }, length - 1, 'is missing');
  if (lastSum !== sum)
    damaged(
      { place: database.place, study },
      length - 1,
      'does not agree with the checksum of the whole log',
    );
  return { length, sum };
}

function refuseReplaced(place: string, study: string, position: number): never {
  throw new StorageError(
    `${place}: the log of the study ${JSON.stringify(study)} was replaced by another: its event ${position - 1} is not ` +
      'the one that was read before; open the study again',
  );
}

async function* watch(
  known: Known,
  study: string,
  { from, signal }: { readonly from: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly StudyEvent[]> {
  refuseStudyName(study);
  let position = from;
  for await (const _ of known.database.changes(signal)) {
    const events = await read(known, study, position);
    if (signal.aborted) return;
    position += events.length;
    if (events.length > 0) yield events;
  }
}
