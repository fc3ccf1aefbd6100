import { indexedDbError } from './indexed-db-error.ts';
import { openDatabase, type StoreName } from './open-database.ts';
import { stored } from './settled.ts';

/** The object stores of one transaction. */
export type Stores = Readonly<Record<StoreName, IDBObjectStore>>;

/** A database that is opened by the first call, and again after the browser closed it. */
export interface LogDatabase {
  /** For messages. */
  readonly place: string;
  /** What `work` returns, in one transaction that other tabs see whole or not at all. Throws StorageError and UnsupportedError. */
  transact<T>(mode: IDBTransactionMode, work: (stores: Stores) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function logDatabase(name: string): LogDatabase {
  const place = `the IndexedDB database ${JSON.stringify(name)}`;
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    const opening = openDatabase(name, { place, closed: () => forget(opening) });
    // A browser that refused may allow it later.
    opening.catch(() => forget(opening));
    opened = opening;
    return opening;
  };
  const forget = (which: Promise<IDBDatabase>) => {
    if (opened === which) opened = undefined;
  };
  const begun = async (mode: IDBTransactionMode): Promise<IDBTransaction> => {
    const begin = (database: IDBDatabase) =>
      // On disk, not only with the operating system, before a call returns.
      database.transaction(['studies', 'events', 'snapshots'], mode, { durability: 'strict' });
    const using = opened ?? open();
    const database = await using;
    try {
      return begin(database);
    } catch (error) {
      // Closed in the very moment between.
      if ((error as DOMException).name !== 'InvalidStateError') throw error;
      forget(using);
      return begin(await open());
    }
  };
  return {
    place,
    async transact(mode, work) {
      try {
        return await run(await begun(mode), work);
      } catch (error) {
        throw indexedDbError(error, place);
      }
    },
    async close() {
      const closing = opened;
      opened = undefined;
      (await closing?.catch(() => undefined))?.close();
    },
  };
}

async function run<T>(transaction: IDBTransaction, work: (stores: Stores) => Promise<T>): Promise<T> {
  const done = stored(transaction);
  done.catch(() => undefined); // thrown below, where the work itself did not fail
  const store = (name: StoreName) => transaction.objectStore(name);
  try {
    const answer = await work({
      studies: store('studies'),
      events: store('events'),
      snapshots: store('snapshots'),
    });
    await done;
    return answer;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended already.
    }
    throw error;
  }
}
