import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ReportedStudy } from '@foothold/server';
import { isReplaceable, writeTextFile } from '@foothold/sources';
import { programName } from '../program-name.ts';
import { withoutSecrets } from '../safe-text.ts';
import { UsageError } from '../usage-error.ts';
import { matrixSummary } from './matrix-summary.ts';
import { storedEvents } from './stored-events.ts';
import { uninterrupted } from './uninterrupted.ts';

/**
 * The path of a report of these studies, which is written whole or not at all. It has what their logs in the storage have now, without
 * secrets. Throws UsageError for a study that is not there, StorageError where the page of reports is not installed.
 */
export async function writeReport(
  file: string,
  {
    title,
    names,
    storage,
  }: { readonly title: string; readonly names: readonly string[]; readonly storage: string },
): Promise<string> {
  const studies: ReportedStudy[] = [];
  for (const name of names) {
    const events = await storedEvents(name, storage);
    studies.push({ name, events, summary: await matrixSummary(events) });
  }
  return writeReportOf(file, { title, studies });
}

/** The same of logs that are in no storage. */
export async function writeReportOf(
  file: string,
  { title, studies }: { readonly title: string; readonly studies: readonly ReportedStudy[] },
): Promise<string> {
  const [{ studyReport }, { reportPage }] = await Promise.all([
    import('@foothold/server'),
    import('@foothold/server/node'),
  ]);
  const html = await studyReport({
    ...{ title, studies, page: await reportPage() },
    ...{ writtenAt: Date.now(), program: programName(), textOf: (text: string) => withoutSecrets(text) },
  });
  return writeWhole(file, html);
}

/** Writes a text file whole (`writeTextFile`); returns its path. A signal that arrives meanwhile takes effect afterwards. */
export async function writeWhole(file: string, text: string): Promise<string> {
  const path = resolve(file);
  await uninterrupted(() => writeTextFile(path, text));
  return path;
}

/** Throws UsageError where the file could not be written at the end: better before the work than after it. */
export function refuseUnwritable(option: string, file: string | undefined): void {
  if (file === undefined) return;
  const folder = dirname(resolve(file));
  if (!isReplaceable(file))
    throw new UsageError(`${option} ${file}: there is something else than a file of that name`);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new UsageError(`${option} ${file}: the folder ${folder} is not there or cannot be written`);
  }
}
