import { StorageError } from '@foothold/core';

/** Primary result codes of SQLite. */
const codes = {
  busy: 5,
  locked: 6,
  memory: 7,
  readonly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notADatabase: 26,
};

function codeOf(error: unknown): number | undefined {
  const { errcode } = error as { readonly errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

/** True where another process holds the lock. */
export function isBusy(error: unknown): boolean {
  return [codes.busy, codes.locked].includes(codeOf(error) ?? -1);
}

/** What SQLite threw, as a StorageError that says what to do; `retry` where the same call may succeed later. */
export function sqliteError(error: unknown, place: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const { message } = error as Error;
  const refusal = (text: string, retry = false) =>
    new StorageError(`${place} ${text} (SQLite: ${message})`, { cause: error, retry });
  switch (code) {
    case codes.busy:
    case codes.locked:
      return refusal('is locked by another process for too long; try again, or end that process', true);
    case codes.full:
      return refusal(
        'cannot grow: the disk or the database is full. Nothing of this write is stored; make room',
        true,
      );
    case codes.readonly:
      return refusal('can only be read; give write permission to the file and its folder');
    case codes.cantOpen:
      return refusal(
        'cannot be opened; the file and its folder need to be there and to be readable and writable',
      );
    case codes.notADatabase:
      return refusal('is no SQLite database; nothing is written to it. Use another file name');
    case codes.corrupt:
      return refusal(
        'is a damaged database; nothing is written to it. Restore it from a copy, or use another file name',
      );
    default:
      return refusal('failed', code === codes.io || code === codes.memory);
  }
}
