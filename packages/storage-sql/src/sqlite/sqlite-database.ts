import { StorageError } from '@foothold/core';
import type { EventRow, Head, LogDatabase, NewEvents, NextEvents, SnapshotRow } from '../log-database.ts';
import { pause, waits } from '../waits.ts';
import { type Database, type OpenSqlite, openSqlite, rollBack } from './open-sqlite.ts';
import { isBusy, sqliteError } from './sqlite-error.ts';
import { type WalSync, walSync } from './sync-wal.ts';

export interface SqliteDatabaseOptions extends OpenSqlite {
  /** Milliseconds of waiting for other processes before a call fails. */
  readonly busyTimeout: number;
  readonly pollInterval: number;
  readonly synchronous: 'full' | 'normal';
  readonly writer: string;
}

/** An open file: its connection, what is prepared on it, and which file it is. */
interface Connection {
  readonly database: Database;
  readonly statements: Statements;
  readonly file: string;
  /** Absent where commits need not outlive a power failure. */
  readonly wal?: WalSync;
}

type Statement = ReturnType<Database['prepare']>;
type Statements = Readonly<Record<keyof typeof sql, Statement>>;

const sql = {
  head: `SELECT id, length, sum, (SELECT sum FROM events WHERE study = id AND position = length - 1) AS lastSum
    FROM studies WHERE name = ?`,
  rows: 'SELECT position, event, sum FROM events WHERE study = ? AND position >= ? ORDER BY position LIMIT ?',
  addStudy: 'INSERT INTO studies (name, length, sum) VALUES (?, 0, 0)',
  addEvent: 'INSERT INTO events (study, position, event, sum, writer) VALUES (?, ?, ?, ?, ?)',
  setEnd: 'UPDATE studies SET length = ?, sum = ? WHERE id = ?',
  names: 'SELECT name FROM studies',
  remove: 'DELETE FROM studies WHERE name = ?',
  rename: 'UPDATE studies SET name = ? WHERE name = ?',
  snapshot: `SELECT n.length, n.sum, n.state, n.checksum, e.sum AS eventSum FROM studies s JOIN snapshots n ON n.study = s.id
    LEFT JOIN events e ON e.study = s.id AND e.position = n.length - 1 WHERE s.name = ?`,
  keepSnapshot: `INSERT INTO snapshots (study, length, sum, state, checksum)
    SELECT s.id, e.position + 1, e.sum, ?, ? FROM studies s JOIN events e ON e.study = s.id AND e.position = ? WHERE s.name = ?
    ON CONFLICT (study) DO UPDATE SET length = excluded.length, sum = excluded.sum, state = excluded.state, checksum = excluded.checksum`,
};

/** An SQLite file, opened by the first call that needs it. */
export function sqliteDatabase(options: SqliteDatabaseOptions): LogDatabase {
  const { place } = options;
  const shared = { writes: 0 };
  const run = runner(options);
  const look = <T>(work: (connection: Connection) => T, absent: T) => run({ make: false, absent, work });
  const write = <T>(work: (connection: Connection) => T, absent: T, make = false) =>
    run({
      make,
      absent,
      isSynced: true,
      work: (connection) => inTransaction(connection.database, () => work(connection)),
    });
  const counted: typeof write = async (work, absent) => {
    const done = await write(work, absent);
    shared.writes++;
    return done;
  };
  return {
    place,
    page: (study, position, count) =>
      look(
        ({ database, statements }) =>
          inTransaction(database, () => pageOf(statements, { study, position, count }), 'DEFERRED'),
        undefined,
      ),
    head: (study) =>
      look(({ statements }) => statements.head.get(study) as unknown as StudyRow | undefined, undefined),
    insert: async (events) => {
      const isStored = await write(({ statements }) => insert(statements, events), false, true);
      if (isStored) shared.writes++;
      return isStored;
    },
    insertNext: (next) => counted(({ statements }) => insertNext(statements, next), false),
    names: () => look(({ statements }) => statements.names.all().map(({ name }) => String(name)), []),
    remove: (study) => counted(({ statements }) => Number(statements.remove.run(study).changes) > 0, false),
    rename: (study, to) => counted(({ statements }) => rename(statements, study, to), 'absent'),
    snapshot: (study) =>
      look(
        ({ statements }) =>
          statements.snapshot.get(study) as unknown as
            | (SnapshotRow & { readonly eventSum: number | undefined })
            | undefined,
        undefined,
      ),
    keepSnapshot: (study, { length, state, checksum }) =>
      write(({ statements }) => {
        statements.keepSnapshot.run(state, checksum, length - 1, study);
      }, undefined),
    changes: (signal) => changes(options, { signal, run, writes: () => shared.writes }),
    close: run.close,
  };
}

type StudyRow = Head & { readonly id: number; readonly lastSum: number | undefined };

function pageOf(
  { head, rows }: Statements,
  { study, position, count }: { readonly study: string; readonly position: number; readonly count: number },
) {
  const found = head.get(study) as unknown as StudyRow | undefined;
  return found && { head: found, rows: rows.all(found.id, position, count) as unknown as EventRow[] };
}

function insert(statements: Statements, events: NewEvents): boolean {
  const { study, before } = events;
  const found = statements.head.get(study) as unknown as StudyRow | undefined;
  if ((found?.length ?? 0) !== before.length || (found?.sum ?? 0) !== before.sum) return false;
  if (found && found.length > 0 && found.lastSum !== found.sum) return false;
  addTo(statements, found?.id ?? statements.addStudy.run(study).lastInsertRowid, events);
  return true;
}

/** Adds the events to the study with this id and sets its end. */
function addTo(
  { addEvent, setEnd }: Pick<Statements, 'addEvent' | 'setEnd'>,
  id: number | bigint,
  { rows, by }: Pick<NewEvents, 'rows' | 'by'>,
): void {
  for (const [i, { position, event, sum }] of rows.entries())
    addEvent.run(id, position, event, sum, i === 0 ? by : null);
  const { position, sum } = rows.at(-1)!;
  setEnd.run(position + 1, sum, id);
}

function insertNext(statements: Statements, { study, position, count, choose }: NextEvents): boolean {
  const page = pageOf(statements, { study, position: position(), count });
  const events = page && choose(page);
  if (events) addTo(statements, page.head.id, events);
  return page !== undefined;
}

function rename({ head, rename: change }: Statements, study: string, to: string) {
  if (!head.get(study)) return 'absent';
  if (study === to) return 'renamed';
  if (head.get(to)) return 'taken';
  change.run(to, study);
  return 'renamed';
}

/** `DEFERRED` reads as of one moment and waits for no other process, `IMMEDIATE` writes. */
function inTransaction<T>(
  database: Database,
  work: () => T,
  kind: 'DEFERRED' | 'IMMEDIATE' = 'IMMEDIATE',
): T {
  database.exec(`BEGIN ${kind}`);
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

interface Work<T> {
  readonly make: boolean;
  /** The answer where there is no file. */
  readonly absent: T;
  /** Whether it is done only when it is on disk. */
  readonly isSynced?: boolean;
  /** Synchronous: no other call of this object comes in between. */
  readonly work: (connection: Connection) => T;
}

type Runner = (<T>(work: Work<T>) => Promise<T>) & { close(): Promise<void> };

/**
 * The waits for another process's turn, in milliseconds, before one lets other work of this process go on: a turn takes 0.1 to 0.3 ms,
 * and the shortest wait of SQLite itself and of a timer is 1 ms, in which the lock would be free most of the time.
 */
const turnWaits = { first: 0.2, longest: 2, total: 20 };

/** Waits with the thread, as SQLite's own wait for a lock does. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Runs work on the connection, again while another process holds the lock. */
function runner(options: SqliteDatabaseOptions): Runner {
  const { place, path, busyTimeout, writer } = options;
  let opened: Promise<Connection | undefined> = Promise.resolve(undefined);
  let isClosed = false;
  let loaded: ReturnType<typeof nodeModules> | undefined;
  const connect = (make: boolean): Promise<Connection | undefined> => {
    const next = opened.then((known) => known ?? connectionOf(options, make));
    opened = next.catch(() => undefined);
    return next;
  };
  const run = async <T>({ make, absent, isSynced, work }: Work<T>): Promise<T> => {
    loaded ??= nodeModules().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    const { crc32, statSync } = await loaded;
    const turns = waits({ ...turnWaits, who: writer }, crc32);
    const tries = waits({ first: 2, longest: 100, total: busyTimeout, who: writer }, crc32);
    for (;;) {
      try {
        const connection = isClosed ? undefined : await connect(make);
        if (isClosed) throw new StorageError(`${place}: this storage was closed; make another one`);
        if (!connection) return absent;
        const stats = statSync(path, { throwIfNoEntry: false });
        if (!stats || `${stats.dev}:${stats.ino}` !== connection.file) throw gone(place);
        const result = work(connection);
        if (isSynced) await connection.wal?.sync();
        return result;
      } catch (error) {
        const turn = isBusy(error) ? turns.next() : undefined;
        if (turn && !turn.done) {
          sleep(turn.value);
          continue;
        }
        const next = isBusy(error) ? tries.next() : undefined;
        if (!next || next.done) throw sqliteError(error, place);
        await pause(next.value);
      }
    }
  };
  const close = async () => {
    isClosed = true;
    const connection = await opened;
    opened = Promise.resolve(undefined);
    await connection?.wal?.close();
    connection?.database.close();
  };
  return Object.assign(run, { close });
}

/** To be loaded once: an import of what is loaded already takes as long as half a transaction. */
async function nodeModules() {
  const [{ crc32 }, { statSync }] = await Promise.all([import('node:zlib'), import('node:fs')]);
  return { crc32, statSync };
}

async function connectionOf(options: SqliteDatabaseOptions, make: boolean): Promise<Connection | undefined> {
  const { statSync } = await import('node:fs');
  const database = await openSqlite(options, make);
  if (!database) return undefined;
  database.exec('PRAGMA busy_timeout = 0'); // the runner waits
  const { dev, ino } = statSync(options.path);
  const statements = Object.fromEntries(
    Object.entries(sql).map(([name, text]) => [name, database.prepare(text)]),
  ) as Statements;
  const wal = options.synchronous === 'full' ? await walSync(options.path, options.place) : undefined;
  return { database, statements, file: `${dev}:${ino}`, ...(wal && { wal }) };
}

function gone(place: string): StorageError {
  return new StorageError(
    `${place} was deleted, moved or replaced while it was open; nothing more is written. Put the file back and begin again; ` +
      'what was told before is in the file that was moved',
  );
}

async function* changes(
  { pollInterval }: SqliteDatabaseOptions,
  {
    signal,
    run,
    writes,
  }: { readonly signal: AbortSignal; readonly run: Runner; readonly writes: () => number },
): AsyncGenerator<void> {
  let seen: string | undefined;
  while (!signal.aborted) {
    // The version changes with the writes of other connections, not with our own.
    const version = await run({
      make: false,
      absent: 'none',
      work: ({ database }) => String(database.prepare('PRAGMA data_version').get()?.['data_version']),
    });
    const now = `${version}:${writes()}`;
    if (now === seen) await pause(pollInterval, signal);
    else {
      seen = now;
      yield;
    }
  }
}
