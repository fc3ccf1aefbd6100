import type { Storage, TornWrite } from '@foothold/core';
import { type StorageOfOptions, storageOf } from '@foothold/optimize/storage-of';
import { openDatabases } from './open-databases.ts';

/**
 * The studies at an address: a folder, `sqlite:FILE`, `postgres://…`. What crashes left unfinished in files is said on
 * standard error, once. A database is opened once, as the first call says. Throws as `storageOf`.
 */
export function studiesIn(
  address: string,
  options: Pick<StorageOfOptions, 'reconnectTimeout'> = {},
): Storage {
  const storage = openDatabases.get(address) ?? storageOf(address, { ...options, onTorn: tornNote });
  if (storage.close) openDatabases.set(address, storage);
  return storage;
}

/** Writes to standard error what a user should know of an unfinished record. */
export function tornNote(study: string, torn: TornWrite): void {
  process.stderr.write(`${tornText(study, torn)}\n`);
}

/** What a user should know of an unfinished record. */
export function tornText(study: string, { bytes, event, keptIn }: TornWrite): string {
  const where = keptIn === undefined ? 'the bytes stay in the file' : `the bytes are kept in ${keptIn}`;
  return (
    `study ${study}: ${bytes} bytes of a record that a stopped process did not finish are left out, from event ${event} ` +
    `on; ${where}`
  );
}
