/** The quick loop, on a database in memory that follows the standard; tests/browser runs the same suite in Chromium. */
import 'fake-indexeddb/auto';
import { InvalidArgumentError, type Storage, StorageError, UnsupportedError } from '@foothold/core';
import { describeStorage } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { createStudy, optimize } from '../../index.ts';
import { objective, sampler, space } from '../../study.fixture.ts';
import { memoryStorage } from '../memory-storage.ts';
import { indexedDbError } from './indexed-db-error.ts';
import { indexedDbStorage } from './indexed-db-storage.ts';
import { openDatabase } from './open-database.ts';

let databases = 0;
const newName = () => `test ${databases++}`;
const names = new WeakMap<Storage, string>();
const inDatabase = (name: string) => {
  const storage = indexedDbStorage(name);
  names.set(storage, name);
  return storage;
};
describeStorage(
  'indexedDbStorage (fake-indexeddb)',
  () => inDatabase(newName()),
  (storage) => inDatabase(names.get(storage)!),
);

/** A database that another program made, open. */
function foreign(name: string, version: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => request.result.createObjectStore('notes');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

describe('indexedDbStorage', () => {
  it('has the studies that other storages have, to the bit, also when one is continued through another object', async () => {
    const log = async (storage: Storage, again: Storage) => {
      for (const [open, trials] of [
        [storage, 6],
        [again, 12],
      ] as const) {
        const study = createStudy({ space, sampler, direction: 'minimize', storage: open, seed: 4 });
        await optimize(study, objective, { trials });
      }
      return again.read('study', 0);
    };
    const name = newName();
    const memory = memoryStorage();
    expect(await log(indexedDbStorage(name), indexedDbStorage(name))).toEqual(await log(memory, memory));
  });

  it('appends nothing to another study that has got the name, though it is as long', async () => {
    const name = newName();
    const [mine, other] = [indexedDbStorage(name), indexedDbStorage(name)];
    const events = [{ type: 'enqueued', params: { x: 1 } } as const];
    await mine.append('a', 0, events);
    await other.remove('a');
    await other.append('a', 0, events);
    await expect(mine.append('a', 1, events)).rejects.toThrow(StorageError);
    await expect(mine.read('a', 1)).rejects.toThrow('open the study again');
    expect(await other.read('a', 0)).toEqual(events);
    expect(await mine.read('a', 0)).toEqual(events);
    expect(await mine.append('a', 1, events)).toBe(true);
  });

  it('watch says when the study that it watches is removed', async () => {
    const name = newName();
    const [mine, other] = [indexedDbStorage(name), indexedDbStorage(name)];
    await mine.append('a', 0, [{ type: 'enqueued', params: { x: 1 } }]);
    const watching = mine.watch('a', 0, new AbortController().signal)[Symbol.asyncIterator]();
    await watching.next();
    const next = watching.next();
    await other.remove('a');
    await expect(next).rejects.toThrow('removed, renamed or replaced');
  });

  it('opens the database again when another tab had it removed', async () => {
    const name = newName();
    const storage = indexedDbStorage(name);
    await storage.append('a', 0, [{ type: 'enqueued', params: { x: 1 } }]);
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(name).onsuccess = resolve;
    });
    expect(await storage.studies()).toEqual([]);
    expect(await storage.append('b', 0, [{ type: 'enqueued', params: { x: 2 } }])).toBe(true);
  });

  it('refuses a database of another program, or of a later version, and leaves it as it is', async () => {
    for (const [version, text] of [
      [1, 'another program'],
      [7, 'newer version'],
    ] as const) {
      const name = newName();
      const theirs = await foreign(name, version);
      await expect(indexedDbStorage(name).append('a', 0, [])).rejects.toThrow(text);
      expect([...theirs.objectStoreNames]).toEqual(['notes']);
      theirs.close();
    }
  });

  it('says that another tab holds an older version open, and that it can be tried again', async () => {
    const name = newName();
    const theirs = await foreign(name, 1);
    const opening = openDatabase(name, { place: name, closed: () => undefined, version: 2 });
    await expect(opening).rejects.toMatchObject({
      retry: true,
      message: expect.stringContaining('close that tab'),
    });
    theirs.close();
  });

  it.each([
    ['QuotaExceededError', true, 'no more room'],
    ['SecurityError', false, 'site data is blocked'],
    ['UnknownError', true, 'private window'],
    ['InvalidStateError', true, 'private window'],
  ])('says of %s what to do, and whether to try again: %s', (name, retry, text) => {
    const error = indexedDbError(new DOMException('no', name), 'the database');
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ retry, message: expect.stringContaining(text) });
  });

  it('refuses what is no name, of a database and of a study', async () => {
    expect(() => indexedDbStorage('')).toThrow(InvalidArgumentError);
    const storage = indexedDbStorage(newName());
    for (const study of ['', '\ud800', 'x'.repeat(201)])
      await expect(storage.append(study, 0, [])).rejects.toThrow(InvalidArgumentError);
  });

  it('says where there is no IndexedDB', async () => {
    const { indexedDB: kept } = globalThis;
    Object.assign(globalThis, { indexedDB: undefined });
    try {
      await expect(indexedDbStorage('a').read('a', 0)).rejects.toThrow(UnsupportedError);
    } finally {
      Object.assign(globalThis, { indexedDB: kept });
    }
  });
});
