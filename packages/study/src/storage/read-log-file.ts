import { StorageError, type StudyEvent } from '@foothold/core';
import { nodeFiles } from './node-files.ts';
import { readWhole } from './read-log.ts';
import { storageError } from './storage-error.ts';

/**
 * The events in a study's file at this path, whatever the file's name, and the bytes of unfinished records in it.
 * Nothing is written. Throws StorageError where there is no such file, or one that cannot be read, is damaged or no study's.
 */
export async function readLogFile(
  path: string,
): Promise<{ readonly events: readonly StudyEvent[]; readonly unfinished: number }> {
  const events: StudyEvent[] = [];
  const files = await nodeFiles();
  const read = () => {
    try {
      return readWhole({ ...files, path }, (more) => {
        for (const event of more) events.push(event);
      });
    } catch (error) {
      throw storageError(error, path);
    }
  };
  const { log, facts } = read();
  if (!facts) throw new StorageError(`${path}: there is no such file`);
  const torn = log.unfinished ? [...log.torn, log.unfinished] : log.torn;
  return { events, unfinished: torn.reduce((sum, { bytes }) => sum + bytes, 0) };
}
