import { readFile } from 'node:fs/promises';
import { StorageError } from '@foothold/core';

/** The page of reports as it was built into this package. Rejects with StorageError where it is not there. */
export async function readReportPage(): Promise<string> {
  const file = new URL('./report.html', import.meta.url);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StorageError(
      `the page of reports is not in this package (${file.pathname}): build it, or install the package again`,
      {
        cause: error,
      },
    );
  }
}
