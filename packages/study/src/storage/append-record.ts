import { StorageError, type StudyEvent } from '@foothold/core';
import { makeFolder } from './make-folder.ts';
import type { NodeFiles } from './node-files.ts';
import { isSameFile, notTheLog, type OpenLog, readMore, refreshed, setAside } from './open-log.ts';
import { openRegularFile, regularFile } from './open-regular-file.ts';
import { sumBefore } from './record-index.ts';
import { lineOf } from './record-line.ts';

/**
 * True where the events are the first ones at this position, and then they are on disk, unless they are claims. A single write at the end of the
 * file, which is then read: of two writers for one position the first one's line counts. Throws StorageError when not all of it
 * fitted, and when the file is not the log any more that was read.
 */
export async function appendRecord(
  open: OpenLog,
  { at, events, by }: { readonly at: number; readonly events: readonly StudyEvent[]; readonly by: string },
): Promise<boolean> {
  const { fs, path, directory, crc32 } = open;
  const log = refreshed(open, at === 0);
  if (!log) throw notTheLog(open);
  if (log.length !== at) return false;
  if (events.length === 0) return true;
  const line = lineOf({ at, by, events }, { before: sumBefore(log.index, at)!, afterTail: log.tail, crc32 });
  const file = await openToAppend(open, at === 0);
  try {
    const facts = fs.fstatSync(file);
    if (at === 0) open.file = facts;
    else if (!isSameFile(open, facts)) throw notTheLog(open);
    const written = fs.writeSync(file, line);
    if (written < line.length)
      throw new StorageError(`${path}: ${written} of ${line.length} bytes were written`, { retry: true });
    const isFirst = countsAt(open, file, { at, by, events });
    if (isFirst) {
      // A claim that a power cut takes away is missed by nobody: its worker is gone too.
      if (events.some(({ type }) => type !== 'claimed')) await datasync(fs, file);
      if (facts.size === 0) await syncFolder(fs, directory);
      const now = regularFile(fs, path);
      if (!now || !isSameFile(open, now)) throw notTheLog(open);
    }
    setAside(open, open.log.torn);
    return isFirst;
  } finally {
    fs.closeSync(file);
  }
}

/** Whether this write is the first at its position. Its writer knows its events and does not read them again. */
function countsAt(
  open: OpenLog,
  file: number,
  { at, by, events }: { readonly at: number; readonly by: string; readonly events: readonly StudyEvent[] },
): boolean {
  const claim = { at, by, counts: false };
  const isAllRead = open.unread.length === 0;
  if (!readMore(open, file, { fromBeginning: false, claim })) throw notTheLog(open);
  if (claim.counts && isAllRead) open.unread.splice(0, events.length);
  return claim.counts;
}

/** The file, made only for the first record: a study that was removed is not begun again in the middle. */
async function openToAppend(open: OpenLog, make: boolean): Promise<number> {
  const opened = () => openRegularFile(open.fs, open.path, { append: true, make });
  try {
    const file = opened();
    if (file === undefined) throw notTheLog(open);
    return file;
  } catch (error) {
    if (!make || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(open.directory);
    return opened()!;
  }
}

function datasync(fs: NodeFiles['fs'], file: number): Promise<void> {
  return new Promise((done, fail) => {
    fs.fdatasync(file, (error) => (error ? fail(error) : done()));
  });
}

/** Makes a new file's name durable, where the system can do that. */
async function syncFolder(fs: NodeFiles['fs'], directory: string): Promise<void> {
  const { open } = fs.promises;
  const folder = await open(directory, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
