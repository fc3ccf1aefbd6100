import { StorageError, type StudyEvent } from '@foothold/core';
import { emptyLogFile, takeIn } from './log-file.ts';
import { openRegularFile } from './open-regular-file.ts';
import { storageError } from './storage-error.ts';

/**
 * The events in a study's file at this path, whatever the file's name, and the bytes of unfinished records in it.
 * Nothing is written. Throws StorageError where there is no such file, or one that cannot be read, is damaged or no study's.
 */
export async function readLogFile(
  path: string,
): Promise<{ readonly events: readonly StudyEvent[]; readonly unfinished: number }> {
  const log = emptyLogFile((await import('node:zlib')).crc32);
  takeIn(log, await contentOf(path), path);
  const torn = log.unfinished ? [...log.torn, log.unfinished] : log.torn;
  return { events: log.events, unfinished: torn.reduce((sum, { content }) => sum + content.length, 0) };
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    const file = await openRegularFile(path, 'read');
    if (!file) throw new StorageError(`${path}: there is no such file`);
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw storageError(error, path);
  }
}
