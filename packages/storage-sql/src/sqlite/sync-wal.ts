import { StorageError } from '@foothold/core';

/** The write-ahead log of an open database, to be synced after commits that SQLite itself does not sync. */
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
  let running: Promise<unknown> = Promise.resolve();
  const datasync = (of: number) =>
    new Promise<void>((done, fail) => {
      fdatasync(of, (error) => (error ? fail(error) : done()));
    });
  return {
    async sync() {
      try {
        // To be synced, a file has to be open for writing on some systems.
        file ??= openSync(`${realpathSync(path)}-wal`, 'r+');
        const synced = datasync(file);
        running = Promise.allSettled([running, synced]);
        await synced;
      } catch (error) {
        throw new StorageError(
          `${place} could not be synced to disk, and what was written may be lost in a power failure (${(error as Error).message})`,
          { cause: error, retry: true },
        );
      }
    },
    async close() {
      await running;
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
