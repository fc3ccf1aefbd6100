import { StorageError, type StudyEvent } from '@foothold/core';
import { expect } from 'vitest';
import type { SqlStorage } from './sql-storage.ts';

export const created: StudyEvent = { type: 'created', goal: { direction: 'minimize' }, seed: 7 };
export const enqueued = (x: number): StudyEvent => ({ type: 'enqueued', params: { x } });

/** What hands and other programs do to rows, as statements; each is told by reading, and by an append at the end. */
export const damages: readonly { readonly name: string; readonly sql: string; readonly message: RegExp }[] = [
  {
    name: 'a changed digit',
    sql: "UPDATE events SET event = replace(event, '0.25', '0.26') WHERE position = 2",
    message: /event 2 .* does not agree with its checksum/,
  },
  {
    name: 'a changed checksum',
    sql: 'UPDATE events SET sum = sum + 1 WHERE position = 2',
    message: /event 2 .* does not agree/,
  },
  { name: 'a lost row', sql: 'DELETE FROM events WHERE position = 2', message: /event 2 .* is missing/ },
  {
    name: 'a lost first row',
    sql: 'DELETE FROM events WHERE position = 0',
    message: /event 0 .* is missing/,
  },
  { name: 'a lost last row', sql: 'DELETE FROM events WHERE position = 3', message: /event 3 .* is missing/ },
  {
    name: 'a text that is no JSON',
    sql: "UPDATE events SET event = 'no' WHERE position = 3",
    message: /event 3 .* does not agree/,
  },
  {
    name: 'two swapped rows',
    sql: 'UPDATE events SET position = CASE position WHEN 1 THEN -2 WHEN 2 THEN -1 END WHERE position IN (1, 2); UPDATE events SET position = -position WHERE position < 0',
    message: /event 1 .* does not agree/,
  },
  {
    name: 'a row behind the end',
    sql: 'INSERT INTO events (study, position, event, sum) SELECT study, 4, event, sum FROM events WHERE position = 3',
    message: /event 4 .* behind the end/,
  },
  { name: 'a shorter length', sql: 'UPDATE studies SET length = 3', message: /event 3 .* behind the end/ },
  { name: 'another end', sql: 'UPDATE studies SET sum = 1', message: /event 3 .* of the whole log/ },
];

/** A study of four events. */
export async function fill(storage: SqlStorage): Promise<void> {
  await storage.append('s', 0, [created, enqueued(1 / 2)]);
  await storage.append('s', 2, [enqueued(1 / 4), enqueued(1 / 8)]);
}

/** Fails unless a new storage object refuses to read, and to append where its first look is at the end. */
export async function expectRefused(open: () => SqlStorage, message: RegExp): Promise<void> {
  const [reader, writer] = [open(), open()];
  const read = reader.read('s', 0);
  await expect(read).rejects.toThrow(StorageError);
  await expect(read).rejects.toThrow(message);
  await expect(read).rejects.toMatchObject({ retry: false });
  const appended = await writer.append('s', 4, [enqueued(9)]).catch((error: unknown) => error);
  if (appended !== true && appended !== false) expect(appended).toBeInstanceOf(StorageError);
  await reader.close();
  await writer.close();
}
