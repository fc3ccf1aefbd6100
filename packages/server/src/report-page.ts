import { readReportPage } from '#report-page';

let read: Promise<string> | undefined;

/**
 * The page of reports without studies, for `studyReport`. Sources of this workspace build it where it has changed. Rejects with
 * StorageError where there is none.
 */
export function reportPage(): Promise<string> {
  read ??= readReportPage().catch((error: unknown) => {
    read = undefined;
    throw error;
  });
  return read;
}
