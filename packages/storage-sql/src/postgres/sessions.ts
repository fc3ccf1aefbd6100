import { StorageError, UnsupportedError } from '@foothold/core';
import type { Client, Pool, PoolClient } from 'pg';
import { schemaVersion } from '../schema.ts';
import { pause, waits } from '../waits.ts';
import { clientConfig } from './pool-config.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { isAbsent, mayRetry, postgresError } from './postgres-error.ts';
import { migrate, type Query, type Row, versionOf } from './tables.ts';

export interface SessionOptions {
  readonly connection: PostgresConnection;
  readonly place: string;
  readonly schema: string;
  /** Milliseconds that one statement may take. */
  readonly timeout: number;
  /** Milliseconds in which a server that was there may come back. */
  readonly reconnectTimeout: number;
  readonly writer: string;
}

interface Work<T> {
  /** Whether our tables are made where there are none. */
  readonly make: boolean;
  /** The answer where there are none. */
  readonly absent: T;
  /** One statement or several; `isAgain` is true where an earlier try may have been done without our learning of it. */
  readonly work: (query: Query, isAgain: boolean) => Promise<T>;
}

/** Sends statements, with their values, in one piece, and answers the rows of each. */
export type Batch = (
  statements: readonly (readonly [text: string, values?: readonly unknown[]])[],
) => Promise<readonly (readonly Row[])[]>;

/** Connections to one server. */
export interface Sessions {
  /** Does the work, again while the connection is lost or the server starts. Throws StorageError. */
  run<T>(work: Work<T>): Promise<T>;
  /** The same with a connection of its own, for a transaction. Work that throws leaves none open: the connection is closed. */
  transaction<T>(work: Omit<Work<T>, 'work'> & { readonly work: (batch: Batch) => Promise<T> }): Promise<T>;
  /** A connection of its own, for LISTEN. */
  connect(): Promise<Client>;
  close(): Promise<void>;
}

export function sessions(options: SessionOptions): Sessions {
  const { place } = options;
  let pool: Promise<Pool> | undefined;
  let isClosed = false;
  const tables = preparation(options);
  const open = () => {
    pool ??= poolOf(options);
    pool.catch(() => {
      pool = undefined;
    });
    return pool;
  };
  const onPool = <T>(
    { make, absent }: Omit<Work<T>, 'work'>,
    work: (pool: Pool, isAgain: boolean) => Promise<T>,
  ) =>
    trying(options, tables.wasConnected, async (isAgain) => {
      if (isClosed) throw new StorageError(`${place}: this storage was closed; make another one`);
      const opened = await open();
      return (await tables.prepare(opened, make)) ? work(opened, isAgain) : absent;
    });
  return {
    run: (all) => onPool(all, (opened, isAgain) => all.work(queryOf(opened), isAgain)),
    transaction: (all) => onPool(all, (opened) => onClient(opened, (client) => all.work(batchOf(client)))),
    connect: async () => {
      const { Client } = await driver();
      const client = new Client({ ...(await clientConfig(options.connection)), keepAlive: true });
      client.on('error', () => undefined); // its end is told too
      await client.connect();
      return client;
    },
    close: async () => {
      isClosed = true;
      const opened = await pool?.catch(() => undefined);
      pool = undefined;
      await opened?.end();
    },
  };
}

/** Does the work, again as long as that is of use. The first connection does not wait for a server that is not there. */
async function trying<T>(
  { place, reconnectTimeout, writer }: SessionOptions,
  wasConnected: () => boolean,
  work: (isAgain: boolean) => Promise<T>,
): Promise<T> {
  const { crc32 } = await import('node:zlib');
  const tries = waits({ first: 50, longest: 1000, total: reconnectTimeout, who: writer }, crc32);
  for (let isAgain = false; ; isAgain = true)
    try {
      return await work(isAgain);
    } catch (error) {
      const isOfUse = mayRetry(error) && (wasConnected() || !isAbsent(error));
      const next = isOfUse ? tries.next() : undefined;
      if (!next || next.done) throw postgresError(error, place);
      await pause(next.value);
    }
}

/** Finds the tables, or makes them, once. */
function preparation(options: SessionOptions): {
  /** True where there are tables. */
  prepare(pool: Pool, make: boolean): Promise<boolean>;
  wasConnected(): boolean;
} {
  let isReady = false;
  let wasConnected = false;
  const prepare = async (pool: Pool, make: boolean): Promise<boolean> => {
    if (isReady) return true;
    const version = await versionOf(queryOf(pool), options);
    wasConnected = true;
    if (version === 0 && !make) return false;
    if (version < schemaVersion) await migrated(pool, options);
    isReady = true;
    return true;
  };
  return { prepare, wasConnected: () => wasConnected };
}

async function migrated(pool: Pool, options: SessionOptions): Promise<void> {
  await onClient(pool, (client) => migrate(client, options));
}

/** Closes the connection where the work fails. */
async function onClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    const result = await work(client);
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function driver(): Promise<typeof import('pg')['default']> {
  const { default: pg } = await import('pg');
  if (!pg?.Pool) throw new UnsupportedError('PostgreSQL', 'a browser', 'studies there are kept in memory');
  return pg;
}

async function poolOf({ connection, timeout }: SessionOptions): Promise<Pool> {
  const { Pool } = await driver();
  const pool = new Pool({
    ...(await clientConfig(connection)),
    max: 4,
    keepAlive: true,
    query_timeout: timeout,
    connectionTimeoutMillis: Math.min(timeout, 10_000),
    idleTimeoutMillis: 10_000,
    allowExitOnIdle: true,
    pipeline: true,
  });
  pool.on('connect', (client) => client.on('error', () => undefined)); // the statement that runs then fails
  pool.on('error', () => undefined); // an idle connection was lost: the next statement opens another
  return pool;
}

function queryOf(target: Pool | PoolClient): Query {
  return async (text, values = []) => (await target.query(text, [...values])).rows;
}

/** One write to the connection for all: a packet each would wake the server for each. */
function batchOf(client: PoolClient): Batch {
  const query = queryOf(client);
  return (statements) => {
    const { stream } = client.connection;
    stream.cork();
    try {
      return Promise.all(statements.map(([text, values]) => query(text, values)));
    } finally {
      stream.uncork();
    }
  };
}
