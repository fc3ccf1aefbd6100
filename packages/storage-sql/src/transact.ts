import { StorageError, type StudyEvent } from '@foothold/core';
import type { Checksum } from './checked-rows.ts';
import type { Head, NewEvents, Page } from './log-database.ts';
import { append, checksum, type Known, pageSize, read, rowsOf, takeIn } from './read-and-append.ts';

/**
 * Appends in a row that met no other writer, after which one no longer waits for its turn. To wait costs a round trip more, to
 * lose a race two; of eight writers that are always at work one in 8⁴ appends meets none four times.
 */
const quietAppends = 4;

/** A read and an append that other writers come before, so often in a row, are given up. */
const maxTries = 1000;

/** One call of `transact`. */
interface Transaction {
  readonly study: string;
  readonly plan: (newer: readonly StudyEvent[]) => readonly StudyEvent[];
  readonly crc32: Checksum;
  /** The events before this position are known to the caller, or are among `unplanned`. */
  at: number;
  /** Events that were read and that `plan` has not got yet. */
  readonly unplanned: StudyEvent[];
}

/**
 * `transact` of a storage. A writer that is alone plans on what it knows and appends: one round trip. Where that has lost a race, it
 * and those that follow wait for their turn, read, plan and append while no other writer can, so that none loses again; until
 * several in a row have met nobody.
 */
export async function transact(
  known: Known,
  study: string,
  { from, plan }: { readonly from: number; readonly plan: Transaction['plan'] },
): Promise<void> {
  const transaction: Transaction = { study, plan, crc32: await checksum(), at: from, unplanned: [] };
  for (let tries = 0; tries < maxTries; tries++)
    if (await (known.contended.has(study) ? inTurn : atOnce)(known, transaction)) return;
  throw new StorageError(`${known.database.place}: other writers were first ${maxTries} times in a row`, {
    retry: true,
  });
}

/** Plans on what is known; reads where nothing is to be written or the plan fails. False where another writer was first. */
async function atOnce(known: Known, transaction: Transaction): Promise<boolean> {
  const { study, plan } = transaction;
  let failure: { readonly error: unknown } | undefined;
  let events: readonly StudyEvent[] = [];
  try {
    events = plan([]);
  } catch (error) {
    failure = { error };
  }
  if (events.length === 0) {
    const newer = await read(known, study, { from: transaction.at });
    if (newer.length === 0 && failure) throw failure.error;
    if (newer.length === 0) return true;
    transaction.at += newer.length;
    events = plan(newer);
    if (events.length === 0) return true;
  }
  const isStored = await append(known, study, { at: transaction.at, events });
  if (!isStored) known.contended.set(study, 0);
  return isStored;
}

/** What came of one turn. */
interface Turn {
  /** True once the plan has had the newest events. */
  isPlanned: boolean;
  isAlone: boolean;
  after?: Head;
  failure?: { readonly error: unknown };
}

/** Reads, plans and appends in one turn. False where there was more to read than one page. */
async function inTurn(known: Known, transaction: Transaction): Promise<boolean> {
  const { study, unplanned } = transaction;
  const { database, ends, contended } = known;
  const turn: Turn = { isPlanned: false, isAlone: unplanned.length === 0 };
  const isThere = await database.insertNext({
    study,
    position: () => Math.max(transaction.at - 1, 0),
    count: pageSize,
    choose: (page) => {
      delete turn.after;
      delete turn.failure;
      try {
        return chosen(known, transaction, { page, turn });
      } catch (error) {
        turn.failure = { error };
        return undefined;
      }
    },
  });
  if (turn.failure) throw turn.failure.error;
  if (!isThere) {
    if (transaction.at > 0) refuseShorter(known, transaction, 0);
    contended.delete(study);
    return false;
  }
  if (turn.after) ends.set(study, turn.after);
  const quiet = turn.isAlone ? (contended.get(study) ?? 0) + 1 : 0;
  if (quiet < quietAppends) contended.set(study, quiet);
  else contended.delete(study);
  return turn.isPlanned;
}

/** What the plan makes of a page and what was read before it; undefined where more is to be read, and for nothing. */
function chosen(
  known: Known,
  transaction: Transaction,
  { page, turn }: { readonly page: Page; readonly turn: Turn },
): NewEvents | undefined {
  const { study, plan, crc32, unplanned } = transaction;
  if (page.head.length < transaction.at) refuseShorter(known, transaction, page.head.length);
  const newer = takeIn(known, study, { page, position: transaction.at, count: pageSize, crc32 });
  transaction.at += newer.length;
  for (const event of newer) unplanned.push(event);
  if (newer.length > 0) turn.isAlone = false;
  if (transaction.at < page.head.length) return undefined;
  const events = plan(unplanned.splice(0));
  turn.isPlanned = true;
  if (events.length === 0) return undefined;
  const { insert, after } = rowsOf(known, { study, before: known.ends.get(study)!, events, crc32 });
  turn.after = after;
  return insert;
}

function refuseShorter({ database }: Known, { study, at }: Transaction, length: number): never {
  throw new StorageError(
    `${database.place}: the log of the study ${JSON.stringify(study)} has ${length} events, and ${at} were read of it before: ` +
      'it was removed, renamed or replaced; put it back, or open the study again',
  );
}
