import { type Storage, StorageError, type StudyEvent } from '@foothold/core';
import { throughJson } from './canonical.ts';
import { replay } from './replay.ts';
import { eventsOf, type StudyData } from './study-data.ts';
import { refuseName } from './study-name.ts';

/**
 * Writes a whole study under a new name, all of it in one step or nothing. Throws InvalidArgumentError for a name that a study
 * cannot have, StorageError where the name is taken, or where the study is none that a log can hold.
 */
export function writeStudy(storage: Storage, name: string, study: StudyData): Promise<void> {
  return writeLog(storage, name, eventsOf(study));
}

/** Writes the events of a whole log as a new study, all or none. Throws as `writeStudy`. */
export async function writeLog(storage: Storage, name: string, events: readonly StudyEvent[]): Promise<void> {
  refuseName(name);
  const stored = throughJson(events);
  if (!replay(stored).created)
    throw new StorageError(`${name}: there is nothing to write, the study has no events`);
  const isFree = (await storage.read(name, 0)).length === 0;
  if (!isFree || !(await storage.append(name, 0, stored)))
    throw new StorageError(`there is a study ${name} already: choose another name`);
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
