import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@foothold/core';
import { startPostgres } from '@foothold/postgres-server';
import { postgresStorage, sqliteStorage } from '@foothold/storage-sql';
import { fileStorage, memoryStorage } from '@foothold/study';
import pg from 'pg';

/** A storage to be measured. What is open at an address can be opened there by other processes too. */
export interface MeasuredStorage {
  /** An address with nothing at it, and how to delete it afterwards. */
  prepare(): Promise<{ readonly address: string; remove(): Promise<void> }>;
  open(address: string): Promise<Storage>;
  /** Deletes the snapshots at an address, where the storage has them. */
  forget(address: string): Promise<void>;
  /** True where another process finds what one has written. */
  readonly isShared: boolean;
  /** Events of an append that leave what as many appends leave: any number where each event is stored by itself. */
  readonly eventsAtOnce: number;
}

const many = 1000;

/** Every storage that is measured, by its name. */
export const storages: Readonly<Record<string, MeasuredStorage>> = {
  memory: {
    prepare: async () => ({ address: '', remove: async () => undefined }),
    open: async () => memoryStorage(),
    forget: async () => undefined,
    isShared: false,
    eventsAtOnce: many,
  },
  file: {
    prepare: async () => temporaryFolder(),
    open: async (address) => fileStorage(address),
    forget: async (address) => {
      for (const file of readdirSync(address)) if (file.endsWith('.snapshot')) rmSync(join(address, file));
    },
    isShared: true,
    eventsAtOnce: 1, // a record has the events of one append
  },
  sqlite: {
    prepare: async () => {
      const { address, remove } = temporaryFolder();
      return { address: join(address, 'studies.db'), remove };
    },
    open: async (address) => sqliteStorage(address),
    forget: async (address) => {
      const { DatabaseSync } = await import('node:sqlite');
      const database = new DatabaseSync(address);
      database.exec('DELETE FROM snapshots');
      database.close();
    },
    isShared: true,
    eventsAtOnce: many,
  },
  postgres: {
    prepare: async () => {
      const server = await startPostgres({ fsync: true });
      process.env['PGPASSWORD'] = server.password; // for the processes of the measurement too
      return { address: server.address, remove: () => server.stop() };
    },
    open: async (address) => postgresStorage(address),
    forget: async (address) => {
      const client = new pg.Client({ connectionString: address });
      await client.connect();
      await client.query('DELETE FROM foothold.snapshots');
      await client.end();
    },
    isShared: true,
    eventsAtOnce: many,
  },
};

function temporaryFolder(): { readonly address: string; remove(): Promise<void> } {
  const address = mkdtempSync(join(tmpdir(), 'foothold-bench-'));
  return { address, remove: async () => rmSync(address, { recursive: true, force: true }) };
}
