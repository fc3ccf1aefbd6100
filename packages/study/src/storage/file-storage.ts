import {
  InvalidArgumentError,
  type Storage,
  type StudyEvent,
  StudyReplacedError,
  type TornWrite,
} from '@foothold/core';
import { appendRecord } from './append-record.ts';
import { nodeFiles } from './node-files.ts';
import { type Folder, type OpenLog, openLog, refreshed, startFrom, tornOf } from './open-log.ts';
import { readPart } from './read-part.ts';
import { readSnapshotFile, writeSnapshotFile } from './snapshot-file.ts';
import { storageError } from './storage-error.ts';
import { fileNameOf, removeStudy, renameStudy, studiesIn } from './study-files.ts';
import { transactByAppends } from './transact-by-appends.ts';
import { folderNotifier } from './watch-folder.ts';
import { watchLog } from './watch-log.ts';

export interface FileStorage extends Required<Omit<Storage, 'close'>> {
  /** What crashes left of unfinished records in this study's file: never events, never deleted, copied to files beside it. */
  torn(study: string): Promise<readonly TornWrite[]>;
}

export interface FileStorageOptions {
  /** Called once for each unfinished record that no process had found before: what a user should be told. */
  readonly onTorn?: ((study: string, torn: TornWrite) => void) | undefined;
}

/**
 * A storage with one file of JSON lines a study in this folder, which is made when needed. Any number of processes of one machine may
 * write at once, on a local file system: a write is one append to the end, on disk (fsync) before `append` returns,
 * and the first whole line for a position wins. Each line carries a checksum; one that a crash left unfinished is set
 * aside (`torn`). Snapshots of long studies and those copies lie beside the logs. Needs Node (or what has its `fs`).
 *
 * Throws InvalidArgumentError for an empty text. The storage throws InvalidArgumentError for a
 * study's name that no file can have, and StorageError: with `retry` where the device refused
 * for now; without where the file is not a study's, was damaged or edited, or is another one than it was: then nothing is
 * ever appended to it.
 */
export function fileStorage(directory: string, { onTorn }: FileStorageOptions = {}): FileStorage {
  if (typeof directory !== 'string' || directory === '')
    throw new InvalidArgumentError('directory', directory, 'the path of a folder; "." is the present one');
  const { folder, inFolder, inOrder } = filesOf(directory, onTorn);
  // Tells this object's lines from those of every other writer; nothing that is computed depends on it.
  const writer = globalThis.crypto.randomUUID();
  let writes = 0;
  /** Undefined where the file is not the log any more that was read, or the log is shorter. */
  const eventsFrom = (study: string, from: number, limit?: number) =>
    inOrder(study, (open) => unreadFrom(open, from, limit));
  const read: FileStorage['read'] = async (study, from, limit) =>
    (await eventsFrom(study, from, limit)) ?? [];
  const append: FileStorage['append'] = (study, at, events) =>
    inOrder(study, (open) => appendRecord(open, { at, events, by: `${writer}:${writes++}` }));
  return {
    read,
    append,
    transact: (study, from, plan) => transactByAppends({ read, append }, study, { from, plan }),
    torn: (study) => inOrder(study, (open) => (refreshed(open, false) ? tornOf(open) : [])),
    studies: () => inFolder(({ fs }) => studiesIn(fs, directory)),
    remove: (study) => inOrder(study, ({ fs }) => removeStudy(fs, directory, study)),
    rename: (study, to) => inOrder(study, ({ fs }) => renameStudy(fs, directory, { study, to })),
    async *watch(study, from, signal) {
      const { fs } = await folder();
      const notify = folderNotifier(fs, directory, fileNameOf(study));
      const read = async (position: number) => {
        const events = await eventsFrom(study, position);
        if (!events) throw new StudyReplacedError(`${study}: the study was removed, renamed or replaced`);
        return events;
      };
      yield* watchLog(read, { from, signal, notify });
    },
    readSnapshot: (study) =>
      inOrder(study, (open) => {
        const found = readSnapshotFile(open);
        if (found && found.log.length > open.log.length) startFrom(open, found.log);
        return found?.snapshot;
      }),
    writeSnapshot: (study, { length, state }) =>
      inOrder(study, (open) => {
        if (length > 0 && open.file && open.log.length === length && !open.log.unfinished)
          writeSnapshotFile(open, open.log, state);
      }),
  };
}

/** The logs of a folder. Calls on one study run one after another: they share what has been read. */
function filesOf(directory: string, onTorn: FileStorageOptions['onTorn']) {
  const logs = new Map<string, OpenLog>();
  const queues = new Map<string, Promise<unknown>>();
  const folder = async (): Promise<Folder> => ({ ...(await nodeFiles()), directory, onTorn });
  return {
    folder,
    async inFolder<T>(work: (folder: Folder) => T): Promise<T> {
      try {
        return work(await folder());
      } catch (error) {
        throw storageError(error, directory);
      }
    },
    inOrder<T>(study: string, work: (log: OpenLog) => T | Promise<T>): Promise<T> {
      const run = async () => {
        const log = logs.get(study) ?? openLog(await folder(), study);
        logs.set(study, log);
        return work(log);
      };
      const result = (queues.get(study) ?? Promise.resolve()).then(run, run).catch((error: unknown) => {
        throw storageError(error, `${directory}/${fileNameOf(study)}`);
      });
      queues.set(
        study,
        result.catch(() => undefined),
      );
      return result;
    },
  };
}

async function unreadFrom(
  open: OpenLog,
  from: number,
  limit = Infinity,
): Promise<readonly StudyEvent[] | undefined> {
  const log = refreshed(open, from === 0);
  if (!log || log.length < from) return undefined;
  if (open.onTorn && (log.unfinished || log.torn.length > 0)) await tornOf(open);
  const first = open.log.length - open.unread.length;
  if (from < first) return readPart(open, from, limit);
  const events = open.unread.slice(from - first, from - first + limit);
  if (limit === Infinity) open.unread = [];
  return events;
}
