import { StorageError } from '@foothold/core';

let read: Promise<string> | undefined;

/**
 * The page of reports without studies, for `studyReport`. Sources of this workspace build it where it has changed. Rejects with
 * StorageError where there is none.
 */
export function reportPage(): Promise<string> {
  read ??= readPage().catch((error: unknown) => {
    read = undefined;
    throw error;
  });
  return read;
}

/** What reads the page is loaded with the first report: an installation that writes none does not have it (`npm start`). */
async function readPage(): Promise<string> {
  let page: typeof import('#report-page');
  try {
    page = await import('#report-page');
  } catch (error) {
    throw new StorageError('the page of reports is not installed: `pnpm install` in the workspace does so', {
      cause: error,
    });
  }
  return page.readReportPage();
}
