import { StorageError, UnsupportedError } from '@foothold/core';

/** Version of the object stores. */
export const storesVersion = 1;

/** A study: `id` is never given out again, so that another study of the same name is told from this one. */
export interface StudyRow {
  readonly id: number;
  readonly name: string;
  /** Number of events. */
  readonly length: number;
}

const names = ['studies', 'events', 'snapshots'] as const;
export type StoreName = (typeof names)[number];

/**
 * Opens the database and makes its stores where it is new. `closed` is called when the browser, or another tab that removes or
 * upgrades it, closes it.
 *
 * Throws UnsupportedError where there is no IndexedDB, and StorageError: for a database that is another program's; with `retry` where
 * another tab holds an older version open.
 */
export function openDatabase(
  name: string,
  { place, closed, version = storesVersion }: { place: string; closed: () => void; version?: number },
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined')
      throw new UnsupportedError('IndexedDB', 'this program', 'it is part of browsers; use fileStorage');
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion === 0) makeStores(request.result);
    };
    request.onerror = () => reject(request.error);
    let isBlocked = false;
    request.onblocked = () => {
      isBlocked = true;
      const text = `${place} is held open by another tab in an older version: close that tab`;
      reject(new StorageError(text, { retry: true }));
    };
    request.onsuccess = () => {
      const database = request.result;
      const isOurs = names.every((store) => database.objectStoreNames.contains(store));
      database.onclose = closed;
      database.onversionchange = () => {
        database.close();
        closed();
      };
      if (isOurs && !isBlocked) return resolve(database);
      database.close();
      const text = `${place} is the database of another program; nothing is written to it. Use another name`;
      reject(new StorageError(text));
    };
  });
}

/** Rows of studies by `id`, texts of events by [id of the study, position], snapshots by the id of the study. */
function makeStores(database: IDBDatabase): void {
  const studies = database.createObjectStore('studies', { keyPath: 'id', autoIncrement: true });
  studies.createIndex('name', 'name', { unique: true });
  database.createObjectStore('events');
  database.createObjectStore('snapshots');
}
