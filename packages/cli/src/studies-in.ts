import type { TornWrite } from '@foothold/core';
import { type FileStorage, fileStorage } from '@foothold/study';

/** The studies in a folder. What crashes left unfinished in their files is said on standard error, once. */
export function studiesIn(folder: string): FileStorage {
  return fileStorage(folder, { onTorn: tornNote });
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
