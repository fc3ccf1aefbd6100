/**
 * One line of a study's log: `{"at":3,"by":"…","events":[…],"sum":"1f0a99c3"}`.
 *
 * at    number of events before this record: its position
 * by    the write, `WRITER:COUNT`; no two lines of a file have the same
 * sum   CRC-32, eight hexadecimal digits, of the bytes before `,"sum"`, begun with the checksum of the record before the
 *       position: a line that was changed, and one that stands at another position, both show
 *
 * Logs of earlier versions have lines without `sum`. The bytes of such a line enter the checksum of the next record.
 */
import type { StudyEvent } from '@foothold/core';

export interface LogRecord {
  readonly at: number;
  readonly by: string;
  readonly events: readonly StudyEvent[];
}

/** The checksum of bytes, begun with that of others: `crc32` of `node:zlib`. */
export type Checksum = (data: string | Uint8Array, before: number) => number;

/** The bytes of one write. It begins with a line break where the file does not end in one. */
export function lineOf(
  record: LogRecord,
  {
    before,
    afterTail,
    crc32,
  }: { readonly before: number; readonly afterTail: boolean; readonly crc32: Checksum },
): Buffer {
  const { at, by, events } = record;
  const body = JSON.stringify({ at, by, events }).slice(0, -1);
  const sum = crc32(body, before).toString(16).padStart(8, '0');
  return Buffer.from(`${afterTail ? '\n' : ''}${body},"sum":"${sum}"}\n`, 'utf8');
}

/** A line that holds a record. */
export interface ReadLine {
  readonly record: LogRecord;
  readonly line: Buffer;
  /** The checksum that stands in it; undefined in lines of earlier versions. */
  readonly sum: number | undefined;
}

/** The checksum of this record, given that of the record before it; undefined where the line does not agree with it. */
export function sumAfter({ line, sum }: ReadLine, before: number, crc32: Checksum): number | undefined {
  if (sum === undefined) return crc32(line, before);
  const found = crc32(line.subarray(0, line.length - endingLength), before);
  return found === sum ? found : undefined;
}

const ending = /^,"sum":"([0-9a-f]{8})"\}$/;
const endingLength = 18;

/** The record in the bytes of a line without its break; undefined where they are none. */
export function recordOf(line: Buffer): ReadLine | undefined {
  const end = line.length - endingLength;
  const sum = ending.exec(line.toString('latin1', Math.max(end, 0)))?.[1];
  let value: unknown;
  try {
    value = JSON.parse(sum === undefined ? strictText(line) : line.toString('utf8'));
  } catch {
    return undefined; // no UTF-8, no JSON, or nested too deep
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.keys(value).length !== (sum === undefined ? 3 : 4)) return undefined;
  const record = value as LogRecord;
  if (!Number.isSafeInteger(record.at) || record.at < 0 || typeof record.by !== 'string') return undefined;
  if (!Array.isArray(record.events) || record.events.length === 0) return undefined;
  return { record, line, sum: sum === undefined ? undefined : Number.parseInt(sum, 16) };
}

function strictText(line: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
}
