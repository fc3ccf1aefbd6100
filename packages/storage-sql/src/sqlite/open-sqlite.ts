import { StorageError, UnsupportedError } from '@foothold/core';
import { applicationId, migrations, schemaVersion, sqliteDialect } from '../schema.ts';
import { networkFileSystem } from './network-file-system.ts';

/** The types of `node:sqlite`; it is loaded where it is needed, because Node before 22.13 lacks it. */
export type Database = import('node:sqlite').DatabaseSync;

export interface OpenSqlite {
  /** Absolute path. */
  readonly path: string;
  readonly place: string;
  /** Milliseconds that SQLite itself waits for a lock, and the thread with it. */
  readonly lockTimeout: number;
  /** The largest number of pages of the file; absent: no limit. */
  readonly maxPages?: number | undefined;
}

/**
 * The opened database, with our tables; undefined, and nothing is made, where there is no file and `make` is false.
 *
 * Throws UnsupportedError on Node before 22.13, StorageError, before anything is written, for a file that is not ours or of
 * a newer version, for what is no file, and on a network file system; what SQLite throws otherwise.
 */
export async function openSqlite(options: OpenSqlite, make: boolean): Promise<Database | undefined> {
  const { path, place, lockTimeout, maxPages } = options;
  const { DatabaseSync } = await import('node:sqlite').catch(() => {
    throw new UnsupportedError(
      'studies in SQLite',
      `Node ${process.version}`,
      'use Node 22.13 or newer, a folder (fileStorage) or PostgreSQL (postgresStorage)',
    );
  });
  const exists = await isFile(options);
  if (!exists && !make) return undefined;
  await refuseNetwork(options);
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${lockTimeout}`);
    const isNew = versionOf(database, place) === 0;
    if (isNew && !make) return undefined;
    const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
    if (mode !== 'wal')
      throw new StorageError(
        `${place}: its file system does not support shared memory between processes (journal mode ${mode} instead of ` +
          'WAL); use a local disk, or PostgreSQL',
      );
    database.exec('PRAGMA synchronous = NORMAL'); // commits are synced behind the lock, see sync-wal.ts
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
    if (versionOf(database, place) < schemaVersion) migrate(database, place);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** True for a file, false where there is nothing. Throws StorageError for anything else, and where the folder is missing. */
async function isFile({ path, place }: OpenSqlite): Promise<boolean> {
  const { statSync } = await import('node:fs');
  const { dirname } = await import('node:path');
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory())
    throw new StorageError(
      `${place} is a folder, allowed is a file; a folder of studies is named by its path alone, without sqlite:`,
    );
  if (stats && !stats.isFile())
    throw new StorageError(`${place} is no regular file, allowed is one; use another name`);
  if (!stats && !statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory())
    throw new StorageError(`${place}: there is no folder ${dirname(path)}; make it first`);
  return stats !== undefined;
}

async function refuseNetwork({ path, place }: OpenSqlite): Promise<void> {
  if (process.platform !== 'linux') return;
  const { statfs } = await import('node:fs/promises');
  const { dirname } = await import('node:path');
  const name = networkFileSystem((await statfs(dirname(path))).type);
  if (name !== undefined)
    throw new StorageError(
      `${place} is on a network file system (${name}), where SQLite cannot lock its file reliably; use a local disk, or PostgreSQL`,
    );
}

/** The version of our tables, 0 where the database is empty. Throws StorageError for one that is not ours, or newer. */
function versionOf(database: Database, place: string): number {
  const number = (pragma: string) => Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
  const id = number('application_id');
  const version = number('user_version');
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
  if (id === 0 && version === 0 && tables.length === 0) return 0;
  if (id !== applicationId) refuseForeign(place, tables);
  if (version > schemaVersion)
    throw new StorageError(
      `${place} has tables of version ${version}, and this version of Foothold knows them up to ${schemaVersion}; ` +
        'nothing is written to it. Update Foothold, or use another file name',
    );
  return version;
}

function refuseForeign(place: string, tables: readonly string[]): never {
  const isOptuna = ['studies', 'trials', 'version_info'].every((name) => tables.includes(name));
  const shown = `${tables.slice(0, 5).join(', ')}${tables.length > 5 ? ', …' : ''}`;
  throw new StorageError(
    isOptuna
      ? `${place} is a database of Optuna; nothing is written to it. Read its studies as earlier studies (transfer, --from), ` +
          'and use another file name for new ones'
      : `${place} is a database of another program (${tables.length === 0 ? 'without tables' : `tables ${shown}`}); nothing ` +
          'is written to it. Use another file name',
  );
}

/** Brings the tables to the newest version, in one transaction; another process may have been first. */
function migrate(database: Database, place: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const statements of migrations(sqliteDialect).slice(versionOf(database, place)))
      for (const statement of statements) database.exec(statement);
    database.exec(`PRAGMA application_id = ${applicationId}`);
    database.exec(`PRAGMA user_version = ${schemaVersion}`);
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Ends the transaction that an error may have ended already. */
export function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // There was none any more.
  }
}
