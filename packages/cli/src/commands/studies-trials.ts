import { type StudyRecord, studyRecord } from '@foothold/study';
import { studiesIn } from '../studies-in.ts';
import { UsageError } from '../usage-error.ts';
import { refuseAbsent } from './stored-events.ts';

interface Stored {
  readonly storage: string;
}

/** `foothold studies delete-trial NAME NUMBER…`. */
export async function studiesDeleteTrials(
  name: string,
  numbers: readonly string[],
  options: Stored,
): Promise<void> {
  await change(name, numbers, { ...options, of: (record, all) => record.deleteTrials(all) });
  process.stdout.write(`deleted ${textOf(numbers)} of ${name}\n`);
}

/** `foothold studies restore-trial NAME NUMBER…`. */
export async function studiesRestoreTrials(
  name: string,
  numbers: readonly string[],
  options: Stored,
): Promise<void> {
  await change(name, numbers, { ...options, of: (record, all) => record.restoreTrials(all) });
  process.stdout.write(`restored ${textOf(numbers)} of ${name}\n`);
}

/** `foothold studies release-trial NAME NUMBER…`. */
export async function studiesReleaseTrials(
  name: string,
  numbers: readonly string[],
  options: Stored,
): Promise<void> {
  await change(name, numbers, { ...options, of: (record, all) => record.releaseTrials(all) });
  process.stdout.write(`released ${textOf(numbers)} of ${name}: the next asks give them out again\n`);
}

/** Throws UsageError for a study that there is not and for a number that is none. */
async function change(
  name: string,
  numbers: readonly string[],
  {
    storage,
    of,
  }: Stored & { readonly of: (record: StudyRecord, all: readonly number[]) => Promise<unknown> },
): Promise<void> {
  const all = numbers.map((text) => {
    if (!/^\d{1,15}$/.test(text))
      throw new UsageError(`${JSON.stringify(text)} is no number of a trial: a whole number from 0`);
    return Number(text);
  });
  await refuseAbsent(name, storage);
  await of(studyRecord(studiesIn(storage), name, { clock: () => Date.now() }), all);
}

function textOf(numbers: readonly string[]): string {
  return `${numbers.length === 1 ? 'trial' : 'trials'} ${numbers.join(', ')}`;
}
