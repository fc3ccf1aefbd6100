import { InvalidArgumentError, type Storage } from '@foothold/core';
import { postgresStorage, shownAddress, sqliteStorage } from '@foothold/storage-sql';
import { type FileStorageOptions, fileStorage } from '@foothold/study';

export interface StorageOfOptions extends FileStorageOptions {
  /** Milliseconds in which a PostgreSQL server that was there may come back. Default: 60 000. */
  readonly reconnectTimeout?: number | undefined;
}

/**
 * The storage at an address: `sqlite:FILE`, `postgres://user@host/database`, or else the path of a folder of files. Nothing
 * is opened before its first call; `close` ends its connections. Needs Node.
 *
 * Throws InvalidArgumentError for an address of another kind, or with a password in it, which it does not show.
 */
export function storageOf(address: string, { reconnectTimeout, ...options }: StorageOfOptions = {}): Storage {
  if (/^sqlite:\/\//i.test(address))
    throw refusal(
      address,
      '"sqlite:" with the path of the file behind it: sqlite:studies.db, sqlite:/data/studies.db',
    );
  if (/^sqlite:/i.test(address)) return sqliteStorage(address.slice('sqlite:'.length));
  if (/^postgres(ql)?:/i.test(address)) return postgresStorage(address, { reconnectTimeout });
  if (address === '' || /^[a-z][a-z0-9+.-]+:\/\//i.test(address))
    throw refusal(address, 'the path of a folder, sqlite:FILE, or postgres://user@host/database');
  return fileStorage(address, options);
}

function refusal(address: string, allowed: string): InvalidArgumentError {
  return new InvalidArgumentError('storage', shownAddress(address), allowed);
}
