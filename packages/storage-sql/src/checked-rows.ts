import { StorageError, type StudyEvent } from '@foothold/core';
import type { EventRow, Page } from './log-database.ts';

/** The checksum of a text, begun with that of others: `crc32` of `node:zlib`. */
export type Checksum = (data: string, before?: number) => number;

interface Position {
  readonly place: string;
  readonly study: string;
  /** Where the events begin; the page then begins with the row before it, unless this is 0. */
  readonly from: number;
  readonly count: number;
}

/**
 * The events of a page from position `from` on, and the checksum before and after them. Throws StorageError where a row
 * is missing or does not agree with its checksum.
 */
export function checkedRows(
  { head, rows }: Page,
  { place, study, from, count }: Position,
  crc32: Checksum,
): { readonly events: readonly StudyEvent[]; readonly before: number; readonly after: number } {
  const start = Math.max(from - 1, 0);
  const refuse = (position: number, what: string): never => damaged({ place, study }, position, what);
  const expected = Math.min(count, head.length - start);
  const missing = rows.findIndex(({ position }, i) => position !== start + i);
  if (missing >= 0) refuse(start + missing, 'is missing');
  if (rows.length < expected) refuse(start + rows.length, 'is missing');
  if (rows.length > expected) refuse(start + expected, 'stands behind the end of the log');
  const before = from === 0 ? 0 : rows[0]!.sum;
  let after = before;
  for (const { position, event, sum } of rows.slice(from - start)) {
    after = crc32(event, after);
    if (after !== sum)
      refuse(position, 'does not agree with its checksum: it or an event before it was changed');
  }
  const end = start + rows.length;
  if (end === head.length && head.length > 0 && after !== head.sum)
    refuse(end - 1, 'does not agree with the checksum of the whole log');
  return { events: parsed(rows.slice(from - start)), before, after };
}

/** One call of the parser for all rows: twice as fast as one a row. */
function parsed(rows: readonly EventRow[]): readonly StudyEvent[] {
  return JSON.parse(`[${rows.map(({ event }) => event).join(',')}]`);
}

/** Throws what is to be known of a damaged log. */
export function damaged(
  { place, study }: { readonly place: string; readonly study: string },
  position: number,
  what: string,
): never {
  throw new StorageError(
    `${place}: event ${position} of the study ${JSON.stringify(study)} ${what}. The database was damaged or edited; ` +
      'nothing is written to this study. Restore it from a copy, or use another name',
  );
}
