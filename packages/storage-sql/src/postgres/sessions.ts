import { StorageError, UnsupportedError } from '@foothold/core';
import type { Client, Pool, PoolClient } from 'pg';
import { schemaVersion } from '../schema.ts';
import { pause, waits } from '../waits.ts';
import { clientConfig } from './pool-config.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { isAbsent, mayRetry, postgresError } from './postgres-error.ts';
import { migrate, type Query, versionOf } from './tables.ts';

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

/** Connections to one server. */
export interface Sessions {
  /** Does the work, again while the connection is lost or the server starts. Throws StorageError. */
  run<T>(work: Work<T>): Promise<T>;
  /** A connection of its own, for LISTEN. */
  connect(): Promise<Client>;
  close(): Promise<void>;
}

export function sessions(options: SessionOptions): Sessions {
  const { place, reconnectTimeout, writer } = options;
  let pool: Promise<Pool> | undefined;
  let isClosed = false;
  let isReady = false;
  let wasConnected = false;
  const open = () => {
    pool ??= poolOf(options);
    pool.catch(() => {
      pool = undefined;
    });
    return pool;
  };
  /** True where there are tables. */
  const prepare = async (opened: Pool, make: boolean): Promise<boolean> => {
    if (isReady) return true;
    const version = await versionOf(queryOf(opened), options);
    wasConnected = true;
    if (version === 0 && !make) return false;
    if (version === schemaVersion) {
      isReady = true;
      return true;
    }
    const client = await opened.connect();
    client.on('error', () => undefined); // the statement that runs then fails
    await migrate(client, options).then(
      () => client.release(),
      (error) => {
        client.release(true);
        throw error;
      },
    );
    isReady = true;
    return true;
  };
  const run: Sessions['run'] = async ({ make, absent, work }) => {
    const { crc32 } = await import('node:zlib');
    const tries = waits({ first: 50, longest: 1000, total: reconnectTimeout, who: writer }, crc32);
    for (let isAgain = false; ; isAgain = true) {
      if (isClosed) throw new StorageError(`${place}: this storage was closed; make another one`);
      try {
        const opened = await open();
        return (await prepare(opened, make)) ? await work(queryOf(opened), isAgain) : absent;
      } catch (error) {
        const isWorth = mayRetry(error) && (wasConnected || !isAbsent(error));
        const next = isWorth ? tries.next() : undefined;
        if (!next || next.done) throw postgresError(error, place);
        await pause(next.value);
      }
    }
  };
  return {
    run,
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
  });
  pool.on('error', () => undefined); // an idle connection was lost: the next statement opens another
  return pool;
}

function queryOf(target: Pool | PoolClient): Query {
  return async (text, values = []) => (await target.query(text, [...values])).rows;
}
