import { InvalidArgumentError, type Storage, StorageError, type TornWrite } from '@foothold/core';
import { keptAside } from './keep-aside.ts';
import { emptyLogFile, type LogFile, sumBefore, type Torn, takeIn } from './log-file.ts';
import { makeFolder } from './make-folder.ts';
import { openRegularFile } from './open-regular-file.ts';
import { lineOf } from './record-line.ts';

export interface FileStorage extends Storage {
  /** What crashes left of unfinished records in this study's file: never events, never deleted, copied to files beside it. */
  torn(study: string): Promise<readonly TornWrite[]>;
}

export interface FileStorageOptions {
  /** Called once for each unfinished record that no process had found before: what a user should be told. */
  readonly onTorn?: ((study: string, torn: TornWrite) => void) | undefined;
}

/** Milliseconds after which an unfinished record at the end, unchanged, is taken for torn and not for being written. */
const writingTime = 50;

/**
 * One file of JSON lines a study in this folder, which is made when needed. Any number of processes of one machine may
 * write at once, on a local file system: a write is one append to the end, on disk (fsync) before `append` returns,
 * and the first whole line for a position wins. Each line carries a checksum; one that a crash left unfinished is set
 * aside (`torn`). Needs Node (or what has its `fs`).
 *
 * Throws InvalidArgumentError for an empty text. The storage throws StorageError: with `retry` where the device refused
 * for now; without where the file is not a study's, was damaged or edited: then nothing is ever appended to it.
 */
export function fileStorage(directory: string, { onTorn }: FileStorageOptions = {}): FileStorage {
  if (typeof directory !== 'string' || directory === '')
    throw new InvalidArgumentError('directory', directory, 'the path of a folder; "." is the present one');
  const logs = new Map<string, LogFile>();
  const queues = new Map<string, Promise<unknown>>();
  const aside = new Map<string, TornWrite>();
  // Tells this object's lines from those of every other writer; nothing that is computed depends on it.
  const writer = globalThis.crypto.randomUUID();
  let writes = 0;

  const pathOf = (study: string) => `${directory}/${fileNameOf(study)}`;
  const refresh = async (study: string, claim?: LogFile['claim']): Promise<LogFile> => {
    const { crc32 } = await import('node:zlib');
    const path = pathOf(study);
    let log = logs.get(study) ?? emptyLogFile(crc32);
    const file = await openRegularFile(path, 'read');
    if (!file) {
      logs.delete(study);
      return emptyLogFile(crc32);
    }
    try {
      const { size } = await file.stat();
      if (size < log.offset) log = emptyLogFile(crc32); // replaced by another file
      log.claim = claim;
      takeIn(log, await bytesOf(file, log.offset, size), path);
      logs.set(study, log);
      return log;
    } catch (error) {
      logs.delete(study);
      throw error;
    } finally {
      await file.close();
    }
  };
  /** The facts, each found out once by this object. */
  const setAside = async (study: string, all: readonly Torn[]): Promise<readonly TornWrite[]> => {
    const path = pathOf(study);
    const facts: TornWrite[] = [];
    for (const torn of all) {
      const key = `${path}:${torn.offset}:${torn.content.length}`;
      const known = aside.get(key) ?? (await keptAside(path, torn));
      if (!aside.has(key) && known.isNew) onTorn?.(study, known);
      aside.set(key, known);
      facts.push(known);
    }
    return facts;
  };
  const tornOf = async (study: string, first: LogFile) => {
    const { unfinished } = first;
    if (unfinished) await new Promise((done) => setTimeout(done, writingTime));
    const log = unfinished ? await refresh(study) : first;
    const isStill = log.unfinished && log.unfinished.content.length === unfinished?.content.length;
    return setAside(study, isStill ? [...log.torn, log.unfinished!] : log.torn);
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
    read: (study, from) =>
      inTurn(study, async () => {
        const log = await refresh(study);
        if (onTorn && (log.unfinished || log.torn.length > 0)) await tornOf(study, log);
        return log.events.slice(from);
      }),
    torn: (study) => inTurn(study, async () => tornOf(study, await refresh(study))),
    append: (study, at, events) =>
      inTurn(study, async () => {
        const log = await refresh(study);
        if (log.events.length !== at) return false;
        if (events.length === 0) return true;
        const claim = { at, by: `${writer}:${writes++}`, counts: false };
        const line = lineOf(
          { at, by: claim.by, events },
          { before: sumBefore(log, at)!, afterTail: log.tail, crc32: log.crc32 },
        );
        await appendOnce(directory, pathOf(study), line);
        const after = await refresh(study, claim);
        await setAside(study, after.torn);
        return claim.counts;
      }),
  };
}

type File = Awaited<ReturnType<typeof import('node:fs/promises')['open']>>;

/** The bytes from `start` to `end`, or to where the file ends now. */
async function bytesOf(file: File, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** A single write at the end of the file, on disk when this returns. Throws StorageError when not all of it fitted. */
async function appendOnce(directory: string, path: string, line: Buffer): Promise<void> {
  const append = () => openRegularFile(path, 'append');
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
