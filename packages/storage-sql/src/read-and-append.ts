import { type StudyEvent, StudyReplacedError } from '@foothold/core';
import { type Checksum, checkedRows, damaged } from './checked-rows.ts';
import type { Head, LogDatabase, NewEvents, Page } from './log-database.ts';

/** Rows that one query reads. */
export const pageSize = 10_000;

/** What one storage object knows. */
export interface Known {
  readonly database: LogDatabase;
  /** The end of each study's log as this object last read or wrote it. */
  readonly ends: Map<string, Head>;
  /** Studies whose appends lose races to other writers, and how many in a row have met none since. */
  readonly contended: Map<string, number>;
  /** The write that follows: `WRITER:COUNT`. */
  readonly nextWrite: () => string;
}

let loaded: Checksum | undefined;

/** Loaded once: an import of what is loaded already takes as long as a query. */
export async function checksum(): Promise<Checksum> {
  loaded ??= (await import('node:zlib')).crc32;
  return loaded;
}

/** Which events are wanted: at most `limit` from a position on, without it all of them. */
interface Range {
  readonly from: number;
  readonly limit?: number | undefined;
}

/** The events of a range; none where there is no such study, or a shorter one. Throws StorageError. */
export async function read(known: Known, study: string, range: Range): Promise<readonly StudyEvent[]> {
  return (await newerEvents(known, study, range)) ?? [];
}

/** The events of a range; undefined where the log is shorter. Throws StorageError. */
export async function newerEvents(
  known: Known,
  study: string,
  { from, limit = Infinity }: Range,
): Promise<readonly StudyEvent[] | undefined> {
  const crc32 = await checksum();
  const all: StudyEvent[] = [];
  for (;;) {
    const position = from + all.length;
    const start = Math.max(position - 1, 0);
    const count = Math.min(pageSize, from + limit - start);
    const page = await known.database.page(study, start, count);
    if ((page?.head.length ?? 0) < position) return all.length > 0 ? all : undefined;
    if (!page) return all;
    const events = takeIn(known, study, { page, position, count, isPart: limit < Infinity, crc32 });
    for (const event of events) all.push(event);
    if (all.length >= limit || position + events.length >= page.head.length) return all;
  }
}

/**
 * The events of a page from a position on, which are then known. Throws StorageError where a row is damaged, and where the log is
 * not the one that was read before.
 */
export function takeIn(
  { database: { place }, ends }: Known,
  study: string,
  {
    page,
    position,
    count,
    isPart = false,
    crc32,
  }: {
    readonly page: Page;
    readonly position: number;
    /** Rows of the page, at most. */
    readonly count: number;
    /** What is known of the end stays as it is. */
    readonly isPart?: boolean;
    readonly crc32: Checksum;
  },
): readonly StudyEvent[] {
  const at = { place, study, from: position, count };
  const { events, before, after } = checkedRows(page, at, crc32);
  const end = ends.get(study);
  if (position > 0 && end?.length === position && end.sum !== before) refuseReplaced(place, study, position);
  if (!isPart) ends.set(study, { length: position + events.length, sum: after });
  return events;
}

/** True where the events are stored: the log had the length `at`. Throws StorageError. */
export async function append(
  known: Known,
  study: string,
  { at, events }: { readonly at: number; readonly events: readonly StudyEvent[] },
): Promise<boolean> {
  const { database, ends } = known;
  const crc32 = await checksum();
  const end = ends.get(study);
  const before = at === 0 ? { length: 0, sum: 0 } : end?.length === at ? end : await storedEnd(known, study);
  if (before.length !== at) return false;
  if (events.length === 0) return (await storedEnd(known, study)).length === at;
  const { insert, after } = rowsOf(known, { study, before, events, crc32 });
  if (await database.insert(insert)) {
    ends.set(study, after);
    return true;
  }
  const now = await storedEnd(known, study);
  if (at > 0 && now.length === at && now.sum !== before.sum) refuseReplaced(database.place, study, at);
  return false;
}

/** The rows of events behind this end, and the end after them. */
export function rowsOf(
  { nextWrite }: Known,
  {
    study,
    before,
    events,
    crc32,
  }: {
    readonly study: string;
    readonly before: Head;
    readonly events: readonly StudyEvent[];
    readonly crc32: Checksum;
  },
): { readonly insert: NewEvents; readonly after: Head } {
  let { sum } = before;
  const rows = events.map((event, i) => {
    const text = JSON.stringify(event);
    sum = crc32(text, sum);
    return { position: before.length + i, event: text, sum };
  });
  return {
    insert: { study, before, rows, by: nextWrite() },
    after: { length: before.length + events.length, sum },
  };
}

/** The end of the study's log. Throws StorageError where its last event does not agree with it. */
async function storedEnd({ database }: Known, study: string): Promise<Head> {
  const head = await database.head(study);
  if (!head) return { length: 0, sum: 0 };
  const { length, sum, lastSum } = head;
  if (lastSum === undefined) damaged({ place: database.place, study }, length - 1, 'is missing');
  if (lastSum !== sum)
    damaged(
      { place: database.place, study },
      length - 1,
      'does not agree with the checksum of the whole log',
    );
  return { length, sum };
}

function refuseReplaced(place: string, study: string, position: number): never {
  throw new StudyReplacedError(
    `${place}: the log of the study ${JSON.stringify(study)} was replaced by another: its event ${position - 1} is not ` +
      'the one that was read before; open the study again',
  );
}
