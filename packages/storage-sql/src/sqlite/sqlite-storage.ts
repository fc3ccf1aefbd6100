import { InvalidArgumentError } from '@foothold/core';
import { type SqlStorage, sqlStorage } from '../sql-storage.ts';
import { sqliteDatabase } from './sqlite-database.ts';

export interface SqliteStorageOptions {
  /** Milliseconds to wait for the lock of other processes before a call fails with `retry`. Default: 30 000. */
  readonly busyTimeout?: number | undefined;
  /** Milliseconds between two looks of `watch`. Default: 100. */
  readonly pollInterval?: number | undefined;
  /**
   * `full`: what was acknowledged is on disk. `normal`: it outlives the end of any process, and a power failure may take
   * the last of it; an append takes a tenth of the time. Default: `full`.
   */
  readonly synchronous?: 'full' | 'normal' | undefined;
}

/**
 * A storage in one SQLite file, which the first append makes. Any number of processes of one machine may write at once, on
 * a local file system. Needs Node 22.13 or newer (UnsupportedError on older ones, by the first call).
 *
 * Throws InvalidArgumentError for an empty path and wrong options. The storage throws StorageError: with `retry` where the
 * file was locked for too long or the disk is full; without where the file is not ours, of a newer version, damaged,
 * only readable, on a network file system, or was deleted or replaced while it was open.
 */
export function sqliteStorage(path: string, options: SqliteStorageOptions = {}): SqlStorage {
  const { busyTimeout = 30_000, pollInterval = 100, synchronous = 'full' } = options;
  if (typeof path !== 'string' || path === '' || path.startsWith(':') || path.includes('\0'))
    throw new InvalidArgumentError('path', path, 'the path of a file; memoryStorage() needs none');
  for (const [name, value] of Object.entries({ busyTimeout, pollInterval }))
    if (!(value >= 0 && value < 2 ** 31)) throw new InvalidArgumentError(name, value, 'milliseconds from 0');
  if (synchronous !== 'full' && synchronous !== 'normal')
    throw new InvalidArgumentError('synchronous', synchronous, '"full" | "normal"');
  // Tells this object's appends from those of every other writer; nothing that is computed depends on it.
  const writer = globalThis.crypto.randomUUID();
  const database = sqliteDatabase({
    path,
    place: `sqlite:${path}`,
    lockTimeout: Math.min(busyTimeout, 100),
    busyTimeout,
    pollInterval,
    synchronous,
    writer,
  });
  return sqlStorage(database, writer);
}
