import { InvalidArgumentError, type Storage, StorageError } from '@foothold/core';
import { emptyLogFile, type LogFile, lineOf, takeIn } from './log-file.ts';
import { makeFolder } from './make-folder.ts';

export interface FileStorage extends Storage {
  /** What crashes left of unfinished writes in this study's file: skipped when reading, never deleted. */
  torn(study: string): Promise<readonly string[]>;
}

/**
 * One file of JSON lines a study in this folder, which is made when needed. Any number of processes of one machine may
 * write at once, on a local file system: a write is one append to the end, on disk (fsync) before `append` returns,
 * and the first whole line for a position wins. Needs Node (or what has its `fs`).
 *
 * Throws InvalidArgumentError for an empty text. The storage throws StorageError: with `retry` where the device refused
 * for now, without where the file was damaged or edited into what no study writes.
 */
export function fileStorage(directory: string): FileStorage {
  if (typeof directory !== 'string' || directory === '')
    throw new InvalidArgumentError('directory', directory, 'the path of a folder; "." is the present one');
  const logs = new Map<string, LogFile>();
  const queues = new Map<string, Promise<unknown>>();
  // Tells this object's lines from those of every other writer; nothing that is computed depends on it.
  const writer = globalThis.crypto.randomUUID();
  let writes = 0;

  const pathOf = (study: string) => `${directory}/${fileNameOf(study)}`;
  const refresh = async (study: string): Promise<LogFile> => {
    const { open } = await import('node:fs/promises');
    let log = logs.get(study) ?? emptyLogFile();
    const file = await open(pathOf(study), 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!file) {
      logs.delete(study);
      return emptyLogFile();
    }
    try {
      const { size } = await file.stat();
      if (size < log.offset) log = emptyLogFile(); // replaced by another file
      const bytes = Buffer.alloc(size - log.offset);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, log.offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      takeIn(log, bytes.subarray(0, filled), pathOf(study));
      logs.set(study, log);
      return log;
    } catch (error) {
      logs.delete(study);
      throw error;
    } finally {
      await file.close();
    }
  };
  /** Calls on one study, one after another: they share what has been read. */
  const inTurn = <T>(study: string, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(study) ?? Promise.resolve()).then(work, work).catch((error: unknown) => {
      throw storageError(error, pathOf(study));
    });
    queues.set(
      study,
      turn.catch(() => undefined),
    );
    return turn;
  };
  return {
    read: (study, from) => inTurn(study, async () => (await refresh(study)).events.slice(from)),
    torn: (study) => inTurn(study, async () => [...(await refresh(study)).torn]),
    append: (study, at, events) =>
      inTurn(study, async () => {
        const { events: before, tail } = await refresh(study);
        if (before.length !== at) return false;
        if (events.length === 0) return true;
        const by = `${writer}:${writes++}`;
        await appendOnce(directory, pathOf(study), lineOf({ at, by, events }, tail));
        const after = await refresh(study);
        return after.writers.get(at) === by;
      }),
  };
}

/** A single write at the end of the file, on disk when this returns. Throws StorageError when not all of it fitted. */
async function appendOnce(directory: string, path: string, line: Buffer): Promise<void> {
  const { open } = await import('node:fs/promises');
  const append = () => open(path, 'a');
  const file = await append().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    await makeFolder(directory);
    return append();
  });
  try {
    const { size } = await file.stat();
    const { bytesWritten } = await file.write(line, 0, line.length);
    if (bytesWritten < line.length)
      throw new StorageError(`${path}: ${bytesWritten} of ${line.length} bytes were written`, {
        retry: true,
      });
    await file.datasync();
    if (size === 0) await syncDirectory(directory);
  } finally {
    await file.close();
  }
}

/** Makes a new file's name durable, where the system can do that. */
async function syncDirectory(directory: string): Promise<void> {
  const { open } = await import('node:fs/promises');
  const folder = await open(directory, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function fileNameOf(study: string): string {
  const name = /[\ud800-\udfff]/u.test(study) ? '' : encodeURIComponent(study);
  if (name === '' || name.length > 200)
    throw new InvalidArgumentError(
      'the name of a study',
      study,
      'a text of 1 to 200 characters (as in an address)',
    );
  return `${name}.jsonl`;
}

const busy = new Set(['EAGAIN', 'EBUSY', 'EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT', 'EINTR', 'EIO']);

function storageError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (error instanceof StorageError || code === undefined) return error;
  return new StorageError(`${path}: ${(error as Error).message}`, { cause: error, retry: busy.has(code) });
}
