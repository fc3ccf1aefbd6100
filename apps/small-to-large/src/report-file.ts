import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from '@foothold/core';
import { writeTextFile } from '@foothold/sources';

/** Where `--report` goes: known to be writable before the work, and written whole or not at all after it. */
export interface ReportFile {
  /** Writes the page and says where it is, in words. Throws InvalidArgumentError where that fails. */
  write(page: string): Promise<string>;
}

/** Throws InvalidArgumentError where the folder is not there or cannot be written. */
export async function reportFile(file: string): Promise<ReportFile> {
  const path = resolve(file);
  const refused = (cause: Error) => {
    throw new InvalidArgumentError('--report', file, `a file that can be written (${cause.message})`);
  };
  await access(dirname(path), constants.W_OK).catch(refused);
  return {
    async write(page) {
      const replaced = existsSync(path);
      await writeTextFile(path, page).catch(refused);
      return `Report: ${path}${replaced ? ' (replaced)' : ''}`;
    },
  };
}
