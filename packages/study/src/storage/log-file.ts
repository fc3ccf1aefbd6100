/**
 * The bytes of a study's log: JSON lines `{"at":3,"by":"…","events":[…]}`.
 *
 * A line counts when its `at` equals the number of events before it, so that of two writers that meant the same
 * position only the first one's line counts; the other's is skipped by every reader alike. A line that is no JSON is
 * what a crash or a full disk left of a write: it is skipped too, and when it was more than that (a line damaged
 * later), the next line's `at` does not fit and reading says so.
 *
 * Every event of a line that counts has the shape of one (`eventFault`): a log edited by hand is not believed blindly.
 * A byte order mark in front of the file, which some editors leave, is passed over.
 *
 * offset   bytes of the file that have been read
 * tail     a last line without a line break: still being written, or torn
 */
import { StorageError, type StudyEvent } from '@foothold/core';
import { eventFault } from '../event-fault.ts';

export interface LogFile {
  readonly events: StudyEvent[];
  /** Texts of lines that are no JSON, for people who want to see what a crash left. */
  readonly torn: string[];
  offset: number;
  /** True when the bytes so far do not end in a line break. */
  tail: boolean;
  /** Who wrote the line that counts, by its position. */
  readonly writers: Map<number, string>;
}

export function emptyLogFile(): LogFile {
  return { events: [], torn: [], offset: 0, tail: false, writers: new Map() };
}

/** Takes in the bytes from `offset` to the end of the file. Throws StorageError when a line is missing or damaged. */
export function takeIn(log: LogFile, bytes: Buffer, name: string): void {
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0x0a, start);
    const text = bytes.subarray(start, end < 0 ? bytes.length : end).toString('utf8');
    const line = log.offset + start === 0 ? text.replace(/^\ufeff/, '') : text;
    const record = line.trim() === '' ? undefined : recordOf(line);
    // A last line without its break is left for the next reading, unless it is whole.
    if (end < 0 && record === null) break;
    if (record === null) log.torn.push(line);
    else if (record) accept(log, record, name);
    start = end < 0 ? bytes.length : end + 1;
  }
  log.offset += start;
  log.tail = bytes.length > 0 ? bytes.at(-1) !== 0x0a : log.tail;
}

/** One write: begins with a line break where the file does not end in one. */
export function lineOf(record: LogRecord, afterTail: boolean): Buffer {
  return Buffer.from(`${afterTail ? '\n' : ''}${JSON.stringify(record)}\n`, 'utf8');
}

interface LogRecord {
  readonly at: number;
  readonly by: string;
  readonly events: readonly StudyEvent[];
}

function accept(log: LogFile, { at, by, events }: LogRecord, name: string): void {
  if (at > log.events.length)
    throw new StorageError(
      `${name} has lost events: after ${log.events.length} of them comes a line for position ${at}; ` +
        `${log.torn.length} damaged lines were skipped`,
    );
  if (at < log.events.length) return;
  for (const [i, event] of events.entries()) {
    const fault = eventFault(event);
    if (fault !== undefined)
      throw new StorageError(`${name}: event ${at + i} is none that a study writes: ${fault}`);
  }
  log.events.push(...events);
  log.writers.set(at, by);
}

/** null for a line that is no record. */
function recordOf(line: string): LogRecord | null {
  try {
    const value = JSON.parse(line) as Partial<LogRecord> | null;
    const whole =
      Number.isSafeInteger(value?.at) && typeof value?.by === 'string' && Array.isArray(value.events);
    return whole ? (value as LogRecord) : null;
  } catch {
    return null;
  }
}
