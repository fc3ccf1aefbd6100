import { type Storage, StorageError, type StudyEvent } from '@foothold/core';
import { throughJson } from '../log/canonical.ts';
import { logFold } from '../state/replay.ts';
import { refuseName } from '../study-name.ts';
import { eventsOf, type StudyData } from './study-data.ts';

/**
 * Writes a whole study under a new name, all of it in one step or nothing. Throws InvalidArgumentError for a name that a study
 * cannot have, StorageError where the name is taken, or where the study is none that a log can hold.
 */
export function writeStudy(storage: Storage, name: string, study: StudyData): Promise<void> {
  return writeLog(storage, name, eventsOf(study));
}

/**
 * Events of one append: about half a megabyte, of which no more than one is in memory when a long study is written or read. V8 keeps
 * texts of more than a megabyte outside of its heap, where they stay longer.
 */
const batchSize = 5_000;

/**
 * Writes the events of a whole log as a new study, all or none. A long one is written under a name of its own,
 * `NAME.partial-UUID`, and renamed when it is whole, where the storage can rename; only the end of the process leaves such a one
 * behind. Throws as `writeStudy`, and what `events` throws.
 */
export async function writeLog(storage: Storage, name: string, events: Iterable<StudyEvent>): Promise<void> {
  refuseName(name);
  const taken = () => new StorageError(`there is a study ${name} already: choose another name`);
  const batches = checkedBatches(events, storage.rename ? batchSize : Infinity);
  const first = batches.next();
  if (first.done || first.value[0]?.type !== 'created')
    throw new StorageError(`${name}: there is nothing to write, the study has no events`);
  if ((await storage.read(name, 0)).length > 0) throw taken();
  const second = batches.next();
  if (!second.done) await writePartial(storage, name, chained([first.value, second.value], batches));
  else if (!(await storage.append(name, 0, first.value))) throw taken();
}

/** Writes the batches under another name, and gives the study its own at the end. */
async function writePartial(
  storage: Storage,
  name: string,
  batches: Iterable<readonly StudyEvent[]>,
): Promise<void> {
  // Nothing that is computed depends on it; a name has at most 200 characters.
  const partial = `${name.slice(0, 150)}.partial-${globalThis.crypto.randomUUID()}`;
  try {
    let length = 0;
    for (const batch of batches) {
      if (!(await storage.append(partial, length, batch)))
        throw new StorageError(`${partial}: another program wrote to it`);
      length += batch.length;
    }
    await storage.rename!(partial, name);
  } catch (error) {
    await Promise.resolve(storage.remove?.(partial)).catch(() => undefined); // the error counts
    throw error;
  }
}

/** Batches of the events as the storage gives them back, each after the events before it are found to be those of a study. */
function* checkedBatches(events: Iterable<StudyEvent>, size: number): Generator<readonly StudyEvent[], void> {
  const fold = logFold();
  let batch: StudyEvent[] = [];
  const checked = () => {
    const stored = throughJson(batch);
    for (const event of stored) fold.apply(event);
    batch = [];
    return stored;
  };
  for (const event of events) if (batch.push(event) >= size) yield checked();
  if (batch.length > 0) yield checked();
}

function* chained<T>(first: readonly T[], rest: Iterable<T>): Generator<T, void> {
  yield* first;
  yield* rest;
}

/** A study in a storage. */
export interface StoredStudy {
  readonly storage: Storage;
  readonly name: string;
}

/**
 * Copies a study's log, to another name or another storage: the copy goes on as the study would have. Throws StorageError where there is no such study, or the
 * name is taken.
 */
export async function copyStudy(from: StoredStudy, to: StoredStudy): Promise<void> {
  const events = await from.storage.read(from.name, 0);
  if (events.length === 0) throw new StorageError(`there is no study ${from.name} to copy`);
  await writeLog(to.storage, to.name, events);
}
