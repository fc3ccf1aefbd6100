/**
 * The bytes of a study's log: a record a line (`record-line.ts`).
 *
 * A record counts when its position equals the number of events before it, so that of two writers that meant the same
 * position only the first one's record counts; the other's is passed over by every reader alike.
 *
 * A crash leaves an unfinished record: at the end of the file, or followed by the line break (or, where the next writer
 * did not see it, by the record) with which another writer went on. It never counted for anybody, and is set aside
 * (`torn`). Whatever else is no record, or is one that does not agree with its checksum or its position, is damage: it is
 * refused, and nothing is appended to such a file. Every event has the shape of one (`eventFault`): a log edited by hand
 * is not believed blindly. A byte order mark in front of the file, which some editors leave, is passed over.
 */
import { StorageError, type StudyEvent } from '@foothold/core';
import { eventFault } from '../log/event-fault.ts';
import { emptyIndex, type RecordIndex, sumBefore } from './record-index.ts';
import { type Checksum, type ReadLine, recordOf, sumAfter } from './record-line.ts';
import { isUnfinishedRecord } from './unfinished-record.ts';

/** An unfinished record. */
export interface Torn {
  /** First byte of it in the file. */
  readonly offset: number;
  readonly bytes: number;
  /** Number of events before it. */
  readonly event: number;
}

/** What is known of a log after its bytes were read; its events are handed out and not kept. */
export interface LogFile {
  /** Number of events. */
  length: number;
  /** Unfinished records that another writer's record follows. */
  readonly torn: Torn[];
  /** Unfinished record at the end: still being written, or torn. */
  unfinished: Torn | undefined;
  /** Bytes of the file that have been read, without those of `unfinished`. */
  offset: number;
  /** CRC-32 of these bytes. */
  bytesSum: number;
  /** Lines among them. */
  lines: number;
  /** True when the bytes so far do not end in a line break. */
  tail: boolean;
  readonly index: RecordIndex;
  /** The write, at a position, of which its writer wants to know whether it counts. */
  claim: { readonly at: number; readonly by: string; counts: boolean } | undefined;
  /** The largest count of each writer. */
  readonly counts: Map<string, number>;
  /** The writer of the last record, and its largest count. */
  last: { readonly writer: string; count: number };
  readonly crc32: Checksum;
}

export function emptyLogFile(crc32: Checksum): LogFile {
  return {
    crc32,
    length: 0,
    torn: [],
    unfinished: undefined,
    offset: 0,
    bytesSum: 0,
    lines: 0,
    tail: false,
    index: emptyIndex(),
    claim: undefined,
    counts: new Map(),
    last: { writer: '', count: -1 },
  };
}

export interface TakeIn {
  /** The file's path, for messages. */
  readonly path: string;
  /** False where more bytes follow: what is behind the last line break is then left for later. */
  readonly isEnd: boolean;
  /** Gets the events of each record that counts. */
  readonly take: (events: readonly StudyEvent[]) => void;
}

/**
 * Takes in bytes of the file from `offset` on. Throws StorageError that names the line where there is
 * something else than records and what crashes leave of them; then `log` is not to be used again.
 */
export function takeIn(log: LogFile, bytes: Buffer, { path, isEnd, take }: TakeIn): void {
  const begin = log.offset;
  log.unfinished = undefined;
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0x0a, start);
    const isLast = end < 0;
    if (isLast && !isEnd) break;
    let line = bytes.subarray(start, isLast ? bytes.length : end);
    if (begin + start === 0 && line.toString('utf8', 0, 3) === '\ufeff') line = line.subarray(3);
    if (line.at(-1) === 0x0d && !isLast) line = line.subarray(0, -1);
    const read = isBlank(line) ? 'blank' : recordOf(line);
    const next = isLast ? bytes.length : end + 1;
    if (read === undefined) {
      if (!isLeftOver(log, line)) refuse(log, path, `is ${shownLine(line)}, no record of a study's log`);
      const torn = { offset: begin + start, event: log.length, bytes: line.length };
      if (isLast) log.unfinished = torn;
      else log.torn.push(torn);
    } else if (read !== 'blank' && accept(log, read, { path, end: begin + next })) take(read.record.events);
    if (isLast && (read === undefined || read === 'blank')) break; // to be read again when there is more
    start = next;
    log.lines++;
  }
  log.offset = begin + start;
  log.bytesSum = log.crc32(bytes.subarray(0, start), log.bytesSum);
  log.tail = bytes.length > 0 ? bytes.at(-1) !== 0x0a : log.tail;
}

/** An empty line, as a writer leaves it that saw a line before its break was written; or spaces of an editor. */
function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** True where the record counts: no other one was first at its position. */
function accept(
  log: LogFile,
  read: ReadLine,
  { path, end }: { readonly path: string; readonly end: number },
): boolean {
  const { at, by, events } = read.record;
  const { length } = log;
  if (at > length)
    refuse(log, path, `is a record for position ${at}, after ${length} events: others before it are lost`);
  const before = sumBefore(log.index, at);
  if (before === undefined) refuse(log, path, `is a record for position ${at}, inside another one`);
  const sum = sumAfter(read, before!, log.crc32);
  if (sum === undefined)
    refuse(log, path, 'does not agree with its checksum: it or a line before it was changed');
  if (!isLater(log, by)) refuse(log, path, 'repeats a line before it');
  if (at < length) return false;
  for (const [i, event] of events.entries()) {
    const fault = eventFault(event);
    if (fault !== undefined)
      throw new StorageError(`${path}: event ${at + i} is none that a study writes: ${fault}`);
  }
  log.length += events.length;
  if (log.claim?.at === at) log.claim.counts = log.claim.by === by;
  log.index.positions.push(log.length);
  log.index.sums.push(sum!);
  log.index.ends.push(end);
  return true;
}

/** True for a write, `WRITER:COUNT`, that comes after all others of its writer; it is then the last one. */
function isLater(log: LogFile, by: string): boolean {
  const at = by.lastIndexOf(':');
  const number = Number(by.slice(at + 1));
  const isCounted = at > 0 && Number.isSafeInteger(number);
  const [length, count] = isCounted ? [at, number] : [by.length, 0];
  if (log.last.writer.length !== length || !by.startsWith(log.last.writer)) {
    // A text of its own: a part of the line's text would keep all of that in memory.
    const writer = Buffer.from(by.slice(0, length)).toString();
    log.counts.set(log.last.writer, log.last.count);
    log.last = { writer, count: log.counts.get(writer) ?? -1 };
  }
  if (count <= log.last.count) return false;
  log.last.count = count;
  return true;
}

const beginning = /\{"at":\d+,"by":"/g;

/**
 * True for unfinished records one after another, the last of them perhaps whole: a writer that did not see what is
 * unfinished wrote behind it, read that its own record does not count, and wrote it again.
 */
function isLeftOver(log: LogFile, line: Buffer): boolean {
  const position = log.length;
  const text = line.toString('latin1');
  if (position === 0 && text.startsWith('\0')) return false; // a file of NUL bytes is no study
  const starts = [0, ...[...text.matchAll(beginning)].map(({ index }) => index).filter((index) => index > 0)];
  return starts.every((start, i) => {
    const part = line.subarray(start, starts[i + 1]);
    if (isUnfinishedRecord(part, position)) return true;
    if (i === 0 || i < starts.length - 1) return false;
    const read = recordOf(part);
    const before = read && sumBefore(log.index, read.record.at);
    return before !== undefined && sumAfter(read!, before, log.crc32) !== undefined;
  });
}

function refuse(log: LogFile, path: string, what: string): never {
  throw new StorageError(
    `${path}: line ${log.lines + 1} ${what}. The file was damaged or is not a study; nothing is written to it. ` +
      'Replace it by an undamaged copy, or use another name or folder',
  );
}

function shownLine(line: Buffer): string {
  return `${JSON.stringify(line.toString('utf8', 0, 40))}${line.length > 40 ? '…' : ''}`;
}
