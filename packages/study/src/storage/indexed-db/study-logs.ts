import { StorageError, type StudyEvent } from '@foothold/core';
import type { Stores } from './log-database.ts';
import type { StudyRow } from './open-database.ts';
import { result } from './settled.ts';

/** The row of the study of this name; undefined where there is none. */
export function rowOf({ studies }: Stores, study: string): Promise<StudyRow | undefined> {
  return result(studies.index('name').get(study));
}

/** Positions `from`, `from + 1`, … of the log of this id. */
const positions = (id: number, from = 0) => IDBKeyRange.bound([id, from], [id, Infinity]);

interface Range {
  readonly from: number;
  readonly limit: number;
}

/** At most `limit` of the texts in this range. */
async function textsOf({ events }: Stores, range: IDBKeyRange, limit: number): Promise<readonly string[]> {
  // The database takes no more than 32 bits, and 0 for all.
  return limit < 1 ? [] : result(events.getAll(range, Math.min(limit, 2 ** 32 - 1)));
}

/** What happens to logs inside of a transaction. Remembers which log each study had when it was read. */
export function studyLogs(place: string) {
  const known = new Map<string, number>();
  /** Throws StorageError where the study's log is not the one that was read before. */
  const refuseAnother = (row: StudyRow) => {
    const before = known.get(row.name);
    if (before !== undefined && before !== row.id)
      throw new StorageError(
        `${place}: the study ${JSON.stringify(row.name)} was removed, and another has its name now; open the study again`,
      );
  };
  return {
    /** The number of all events, and at most `limit` of them from a position on. */
    async read(stores: Stores, study: string, { from, limit }: Range) {
      const row = await rowOf(stores, study);
      if (!row) return { length: 0, events: [] };
      if (from > 0) refuseAnother(row);
      known.set(study, row.id);
      const texts = await textsOf(stores, positions(row.id, from), limit);
      // One call of the parser for all: twice as fast as one a text.
      return { length: row.length, events: JSON.parse(`[${texts.join(',')}]`) as readonly StudyEvent[] };
    },

    /** False, and nothing written, where the log has another length than `at`. */
    async append(
      stores: Stores,
      study: string,
      { at, texts }: { readonly at: number; readonly texts: readonly string[] },
    ): Promise<boolean> {
      const row = await rowOf(stores, study);
      if ((row?.length ?? 0) !== at) return false;
      if (row) refuseAnother(row);
      if (texts.length === 0) return true;
      const length = at + texts.length;
      const id = row?.id ?? ((await result(stores.studies.add({ name: study, length }))) as number);
      if (row) stores.studies.put({ ...row, length });
      for (const [i, text] of texts.entries()) stores.events.add(text, [id, at + i]);
      stores.studies.transaction.addEventListener('complete', () => known.set(study, id));
      return true;
    },

    /** False where there is no such study. */
    async remove(stores: Stores, study: string): Promise<boolean> {
      known.delete(study);
      const row = await rowOf(stores, study);
      if (!row) return false;
      stores.studies.delete(row.id);
      stores.events.delete(positions(row.id));
      stores.snapshots.delete(row.id);
      return true;
    },

    /** Throws StorageError where there is no such study, or the name is taken. */
    rename(stores: Stores, study: string, to: string): Promise<void> {
      known.delete(study);
      return renameRow(stores, { study, to, place });
    },
  };
}

async function renameRow(
  stores: Stores,
  { study, to, place }: { readonly study: string; readonly to: string; readonly place: string },
): Promise<void> {
  const [row, taken] = [await rowOf(stores, study), await rowOf(stores, to)];
  if (!row) throw new StorageError(`${place}: there is no study ${JSON.stringify(study)} to rename`);
  if (study === to) return;
  if (taken)
    throw new StorageError(
      `${place}: there is a study ${JSON.stringify(to)} already; remove it first, or use another name`,
    );
  stores.studies.put({ ...row, name: to });
}
