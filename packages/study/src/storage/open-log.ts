import { StorageError, type StudyEvent, type TornWrite } from '@foothold/core';
import { keptAside } from './keep-aside.ts';
import { emptyLogFile, type LogFile, type Torn } from './log-file.ts';
import type { NodeFiles } from './node-files.ts';
import { type FileFacts, regularFile } from './open-regular-file.ts';
import { readOn, readWhole, type Source } from './read-log.ts';
import { sumBefore } from './record-index.ts';
import { fileNameOf } from './study-files.ts';

/** The folder of a storage. */
export interface Folder extends NodeFiles {
  readonly directory: string;
  readonly onTorn: ((study: string, torn: TornWrite) => void) | undefined;
}

/** A study's log as one storage object has read it. */
export interface OpenLog extends Folder, Source {
  readonly study: string;
  log: LogFile;
  /** The last events of `log` that nobody has asked for yet. */
  unread: StudyEvent[];
  /**
   * What is left of the record that was read in part last, from position `at` on, as long as there is memory for it: who reads a log in
   * parts asks for that next.
   */
  rest:
    | { readonly of: LogFile; readonly at: number; readonly events: WeakRef<readonly StudyEvent[]> }
    | undefined;
  /** The event that was asked for alone last, of the log as it was read then. */
  single: { readonly of: LogFile; readonly at: number; readonly event: StudyEvent } | undefined;
  /** The file that they were read from; undefined where it has to be read from its beginning. */
  file: Pick<FileFacts, 'dev' | 'ino' | 'birthtimeMs'> | undefined;
  /** How far the log was read, and the checksum there: what it must still hold. */
  seen: { readonly length: number; readonly sum: number };
  /** Facts about unfinished records, by position and length. */
  readonly aside: Map<string, TornWrite>;
}

/** The log of this study, of which nothing was read yet. */
export function openLog(folder: Folder, study: string): OpenLog {
  return {
    ...folder,
    study,
    path: `${folder.directory}/${fileNameOf(study)}`,
    log: emptyLogFile(folder.crc32),
    unread: [],
    rest: undefined,
    single: undefined,
    file: undefined,
    seen: { length: 0, sum: 0 },
    aside: new Map(),
  };
}

/** Takes over what a snapshot knows of the log. */
export function startFrom(open: OpenLog, log: LogFile): void {
  open.log = log;
  open.unread = [];
  open.file = regularFile(open.fs, open.path);
  see(open);
}

/**
 * The log with what its file holds now; an empty one where there is no file. Undefined where the file is not the log any more that
 * was read before, unless it is read from its beginning again. Throws StorageError where it is damaged.
 */
export function refreshed(open: OpenLog, fromBeginning: boolean): LogFile | undefined {
  const facts = regularFile(open.fs, open.path);
  if (!facts || !isSameFile(open, facts) || facts.size < open.log.offset) {
    if (!startAgain(open, { fromBeginning })) return undefined;
  } else if (facts.size > open.log.offset) {
    const file = open.fs.openSync(open.path, 'r');
    try {
      if (!readMore(open, file, { fromBeginning })) return undefined;
    } finally {
      open.fs.closeSync(file);
    }
  }
  see(open);
  return open.log;
}

/**
 * Takes in what is new in the open file; false where it is not the log that was read before. With `claim`, learns whether that
 * write counts.
 */
export function readMore(
  open: OpenLog,
  file: number,
  how: { readonly fromBeginning: boolean; readonly claim?: LogFile['claim'] },
): boolean {
  const end = open.fs.fstatSync(file).size;
  open.log.claim = how.claim;
  try {
    readOn(open, { log: open.log, file, end }, (events) => {
      for (const event of events) open.unread.push(event);
    });
  } catch (error) {
    open.file = undefined;
    if (!(error instanceof StorageError)) throw error;
    // A line may name a record that a snapshot does not know, or another log may be in the file.
    if (!startAgain(open, how)) return false;
  }
  see(open);
  return true;
}

export function isSameFile({ file }: OpenLog, facts: FileFacts): boolean {
  // A system may give a new file the number of one that was deleted.
  const isSame = (key: 'ino' | 'dev' | 'birthtimeMs') => file?.[key] === facts[key];
  return isSame('ino') && isSame('dev') && isSame('birthtimeMs');
}

export function notTheLog({ path, seen }: OpenLog): StorageError {
  return new StorageError(
    `${path}: the log of ${seen.length} events that was read here is not in this file any more: it was deleted, renamed, cut or ` +
      'replaced; put it back, or open the study again',
  );
}

/** Reads the log from its beginning; false, and then nothing changes, where it is not the one that was read before. */
function startAgain(
  open: OpenLog,
  { fromBeginning, claim }: { readonly fromBeginning: boolean; readonly claim?: LogFile['claim'] },
): boolean {
  const events: StudyEvent[] = [];
  const { log, facts } = readWhole(
    open,
    (more) => {
      for (const event of more) events.push(event);
    },
    claim,
  );
  const { length, sum } = open.seen;
  if (!fromBeginning && sumBefore(log.index, length) !== sum) return false;
  open.log = log;
  open.unread = events;
  open.file = facts;
  return true;
}

function see(open: OpenLog): void {
  const { length, index } = open.log;
  open.seen = { length, sum: index.sums.at(-1)! };
}

/** Milliseconds after which an unfinished record at the end, unchanged, is taken for torn and not for being written. */
const writingTime = 50;

/** What crashes left of unfinished records; one at the end counts where it has not changed for a while. */
export async function tornOf(open: OpenLog): Promise<readonly TornWrite[]> {
  const { unfinished } = open.log;
  if (!unfinished) return setAside(open, open.log.torn);
  await new Promise((done) => setTimeout(done, writingTime));
  const now = refreshed(open, false)?.unfinished;
  const isStill = now?.bytes === unfinished.bytes && now.offset === unfinished.offset;
  return setAside(open, isStill ? [...open.log.torn, unfinished] : open.log.torn);
}

/** The facts, each found out once by this object. */
export function setAside(open: OpenLog, all: readonly Torn[]): readonly TornWrite[] {
  return all.map((torn) => {
    const key = `${torn.offset}:${torn.bytes}`;
    const known = open.aside.get(key) ?? keptAside(open.fs, open.path, torn);
    if (!open.aside.has(key) && known.isNew) open.onTorn?.(open.study, known);
    open.aside.set(key, known);
    return known;
  });
}
