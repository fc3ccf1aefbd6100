import type { Storage, StudyEvent } from '@foothold/core';
import { eventsOf, writeLog } from '@foothold/study';
import { readStudy } from './read-study.ts';
import type { ReadOptions } from './read-study-options.ts';

export interface ImportOptions extends ReadOptions {
  readonly storage: Storage;
  /** Name here. Default: that in the file, with `-` for characters that a name cannot have. */
  readonly name?: string | undefined;
}

export interface ImportedStudy {
  readonly name: string;
  readonly trials: number;
  /** How many wait in the queue. */
  readonly queue: number;
  /** What was changed or left out: sentences with counts. */
  readonly notes: readonly string[];
}

/**
 * Makes a study of the one in a file (`readStudy`): all of it, or nothing. Trials keep their numbers, states, intermediate values, attributes and
 * times. Throws as `readStudy`, and StorageError where the name is taken.
 */
export async function importStudy(file: string, options: ImportOptions): Promise<ImportedStudy> {
  const { storage, name: given, ...reading } = options;
  const { name: own, study, events, notes } = await readStudy(file, reading);
  const name = given ?? studyNameOf(own);
  await writeLog(storage, name, watched(events ?? eventsOf(study), study.trials.length, reading));
  const renamed =
    given === undefined && name !== own ? [`study ${JSON.stringify(own)} is called ${name} here`] : [];
  return { name, trials: study.trials.length, queue: study.queue.length, notes: [...renamed, ...notes] };
}

/** Events between two words about progress. */
const stride = 1000;

/** The events of so many trials, as they are written. */
function* watched(
  events: Iterable<StudyEvent>,
  trials: number,
  { onProgress, signal }: ReadOptions,
): Generator<StudyEvent> {
  let count = 0;
  for (const event of events) {
    if (count++ % stride === 0) {
      signal?.throwIfAborted();
      if ('number' in event && event.number !== undefined) onProgress?.('write', event.number / trials);
    }
    yield event;
  }
}

/** The nearest name that a study can have. */
function studyNameOf(text: string): string {
  const name = text
    .normalize('NFKD')
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[.-]+|-+$/g, '')
    .slice(0, 200);
  return name === '' ? 'study' : name;
}
