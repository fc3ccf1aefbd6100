import { StorageError, type StudyEvent } from '@foothold/core';
import { emptyLogFile, takeIn } from './log-file.ts';
import { openRegularFile } from './open-regular-file.ts';

/**
 * The events in a study's file at this path, whatever the file's name, and the bytes of unfinished records in it.
 * Nothing is written. Throws StorageError where there is no such file, or one that is damaged or no study's.
 */
export async function readLogFile(
  path: string,
): Promise<{ readonly events: readonly StudyEvent[]; readonly unfinished: number }> {
  const { crc32 } = await import('node:zlib');
  const file = await openRegularFile(path, 'read');
  if (!file) throw new StorageError(`${path}: there is no such file`);
  try {
    const log = emptyLogFile(crc32);
    takeIn(log, await file.readFile(), path);
    const torn = log.unfinished ? [...log.torn, log.unfinished] : log.torn;
    return { events: log.events, unfinished: torn.reduce((sum, { content }) => sum + content.length, 0) };
  } finally {
    await file.close();
  }
}
