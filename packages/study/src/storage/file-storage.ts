import { InvalidArgumentError, type Storage, StorageError, type TornWrite } from '@foothold/core';
import { keptAside } from './keep-aside.ts';
import { emptyLogFile, type LogFile, sumBefore, type Torn, takeIn } from './log-file.ts';
import { makeFolder } from './make-folder.ts';
import { openRegularFile } from './open-regular-file.ts';
import { lineOf } from './record-line.ts';
import { storageError } from './storage-error.ts';

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
 * A storage with one file of JSON lines a study in this folder, which is made when needed. Any number of processes of one machine may
 * write at once, on a local file system: a write is one append to the end, on disk (fsync) before `append` returns,
 * and the first whole line for a position wins. Each line carries a checksum; one that a crash left unfinished is set
 * aside (`torn`). Needs Node (or what has its `fs`).
 *
 * Throws InvalidArgumentError for an empty text. The storage throws InvalidArgumentError for a study's name that no file can have,
 * and StorageError: with `retry` where the device refused
 * for now; without where the file is not a study's, was damaged or edited: then nothing is ever appended to it.
 */
export function fileStorage(directory: string, { onTorn }: FileStorageOptions = {}): FileStorage {
  if (typeof directory !== 'string' || directory === '')
    throw new InvalidArgumentError('directory', directory, 'the path of a folder; "." is the present one');
  const logs: Logs = { directory, onTorn, read: new Map(), aside: new Map() };
  const queues = new Map<string, Promise<unknown>>();
  // Tells this object's lines from those of every other writer; nothing that is computed depends on it.
  const writer = globalThis.crypto.randomUUID();
  let writes = 0;
  /** Calls on one study, one after another: they share what has been read. */
  const inOrder = <T>(study: string, work: () => Promise<T>): Promise<T> => {
    const result = (queues.get(study) ?? Promise.resolve()).then(work, work).catch((error: unknown) => {
      throw storageError(error, pathOf(logs, study));
    });
    queues.set(
      study,
      result.catch(() => undefined),
    );
    return result;
  };
  return {
    read: (study, from) =>
      inOrder(study, async () => {
        const log = await refresh(logs, study);
        if (onTorn && (log.unfinished || log.torn.length > 0)) await tornOf(logs, study, log);
        return log.events.slice(from);
      }),
    torn: (study) => inOrder(study, async () => tornOf(logs, study, await refresh(logs, study))),
    append: (study, at, events) =>
      inOrder(study, () => append(logs, study, { at, events, by: `${writer}:${writes++}` })),
  };
}

/** What one storage object has read. */
interface Logs {
  readonly directory: string;
  readonly onTorn: FileStorageOptions['onTorn'];
  readonly read: Map<string, LogFile>;
  /** Facts about unfinished records, by file, position and length. */
  readonly aside: Map<string, TornWrite>;
}

function pathOf({ directory }: Logs, study: string): string {
  return `${directory}/${fileNameOf(study)}`;
}

/** The study's log with what its file holds now; an empty one where there is no file. */
async function refresh(logs: Logs, study: string, claim?: LogFile['claim']): Promise<LogFile> {
  const { crc32 } = await import('node:zlib');
  const path = pathOf(logs, study);
  let log = logs.read.get(study) ?? emptyLogFile(crc32);
  const file = await openRegularFile(path, 'read');
  if (!file) {
    logs.read.delete(study);
    return emptyLogFile(crc32);
  }
  try {
    const { size } = await file.stat();
    if (size < log.offset) log = emptyLogFile(crc32); // replaced by another file
    log.claim = claim;
    takeIn(log, await bytesOf(file, log.offset, size), path);
    logs.read.set(study, log);
    return log;
  } catch (error) {
    logs.read.delete(study);
    throw error;
  } finally {
    await file.close();
  }
}

/** True where the events are the first ones at this position. */
async function append(
  logs: Logs,
  study: string,
  {
    at,
    events,
    by,
  }: { readonly at: number; readonly events: Parameters<Storage['append']>[2]; readonly by: string },
): Promise<boolean> {
  const log = await refresh(logs, study);
  if (log.events.length !== at) return false;
  if (events.length === 0) return true;
  const claim = { at, by, counts: false };
  const line = lineOf(
    { at, by, events },
    { before: sumBefore(log, at)!, afterTail: log.tail, crc32: log.crc32 },
  );
  await appendOnce(logs.directory, pathOf(logs, study), line);
  const after = await refresh(logs, study, claim);
  await setAside(logs, study, after.torn);
  return claim.counts;
}

/** The facts, each found out once by this object. */
async function setAside(logs: Logs, study: string, all: readonly Torn[]): Promise<readonly TornWrite[]> {
  const path = pathOf(logs, study);
  const facts: TornWrite[] = [];
  for (const torn of all) {
    const key = `${path}:${torn.offset}:${torn.content.length}`;
    const known = logs.aside.get(key) ?? (await keptAside(path, torn));
    if (!logs.aside.has(key) && known.isNew) logs.onTorn?.(study, known);
    logs.aside.set(key, known);
    facts.push(known);
  }
  return facts;
}

/** What crashes left of unfinished records; one at the end counts where it has not changed for a while. */
async function tornOf(logs: Logs, study: string, first: LogFile): Promise<readonly TornWrite[]> {
  const { unfinished } = first;
  if (unfinished) await new Promise((done) => setTimeout(done, writingTime));
  const log = unfinished ? await refresh(logs, study) : first;
  const isStill = log.unfinished && log.unfinished.content.length === unfinished?.content.length;
  return setAside(logs, study, isStill ? [...log.torn, log.unfinished!] : log.torn);
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
