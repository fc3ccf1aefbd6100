import { StorageError } from '@foothold/core';

/**
 * The write-ahead log of an open database, to be synced after commits that SQLite itself does not sync. Commits that wait for a sync that
 * runs share the next one, whatever studies they are of.
 */
export interface WalSync {
  /** Resolves when what was committed before is on disk. Throws StorageError with `retry`. */
  sync(): Promise<void>;
  /** Waits for the syncs that run. */
  close(): Promise<void>;
}

/**
 * The log beside the database at this path; it is there as long as a connection is. SQLite with `synchronous = NORMAL` syncs it before
 * each checkpoint, and this syncs it after each commit: together they keep what `FULL` keeps, while no lock waits for the disk.
 */
export async function walSync(path: string, place: string): Promise<WalSync> {
  const { closeSync, fdatasync, openSync, realpathSync } = await import('node:fs');
  let file: number | undefined;
  let running: Promise<unknown> | undefined;
  /** The sync that begins when the one that runs has ended, for all commits until then. */
  let next: Promise<void> | undefined;
  const datasync = (of: number) =>
    new Promise<void>((done, fail) => {
      fdatasync(of, (error) => (error ? fail(error) : done()));
    });
  const begin = (): Promise<void> => {
    next = undefined;
    // To be synced, a file has to be open for writing on some systems.
    file ??= openSync(`${realpathSync(path)}-wal`, 'r+');
    const synced = datasync(file);
    const ended = synced
      .catch(() => undefined)
      .then(() => {
        if (running === ended) running = undefined;
      });
    running = ended;
    return synced;
  };
  return {
    async sync() {
      try {
        if (running) next ??= running.then(begin);
        await (next ?? begin());
      } catch (error) {
        throw new StorageError(
          `${place} could not be synced to disk, and what was written may be lost in a power failure (${(error as Error).message})`,
          { cause: error, retry: true },
        );
      }
    },
    async close() {
      while (running) await running;
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
