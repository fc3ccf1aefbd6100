import { type Storage, StorageError, UnsupportedError } from '@foothold/core';
import { type StudyWorker, studyWorkers, type WorkerOptions } from '../leases/study-workers.ts';
import { replay } from '../state/replay.ts';
import { refuseName } from '../study-name.ts';

export interface MoveOptions extends WorkerOptions {
  /** Also while a worker may evaluate a trial: what it tells is lost. */
  readonly force?: boolean | undefined;
}

/**
 * Deletes a study. Throws StorageError where there is no such study, or a worker of it may run (its name is in the message), UnsupportedError where the
 * storage cannot delete.
 */
export async function deleteStudy(storage: Storage, name: string, options: MoveOptions = {}): Promise<void> {
  if (!storage.remove) throw new UnsupportedError('deleting a study', 'this storage');
  await refuseWorkers(storage, name, options);
  if (!(await storage.remove(name))) throw new StorageError(`there is no study ${name} to delete`);
}

/** Gives a study another name. Throws as `deleteStudy`, and StorageError where the name is taken, InvalidArgumentError for one that no study can have. */
export async function renameStudy(
  storage: Storage,
  { name, to, ...options }: MoveOptions & { readonly name: string; readonly to: string },
): Promise<void> {
  refuseName(to);
  if (!storage.rename) throw new UnsupportedError('renaming a study', 'this storage');
  await refuseWorkers(storage, name, options);
  await storage.rename(name, to);
}

/** A log that cannot be read is nobody's: it can be deleted and renamed. */
async function refuseWorkers(storage: Storage, name: string, options: MoveOptions): Promise<void> {
  if (options.force) return;
  const workers = await openWorkers(storage, name, options);
  if (workers.length === 0) return;
  const list = workers.map(({ number, owner }) => `trial ${number} at ${owner}`).join(', ');
  throw new StorageError(
    `${name}: a worker evaluates ${list}; stop it first, or force it: what it tells is lost then`,
  );
}

async function openWorkers(
  storage: Storage,
  name: string,
  options: MoveOptions,
): Promise<readonly StudyWorker[]> {
  try {
    const state = replay(await storage.read(name, 0));
    return studyWorkers(state, options).filter(({ isAlive }) => isAlive !== false);
  } catch (error) {
    if (error instanceof StorageError && !error.retry) return [];
    throw error;
  }
}
