import { StorageError, UnsupportedError } from '@foothold/core';
import type { Client, Pool, PoolClient } from 'pg';
import { schemaVersion } from '../schema.ts';
import { pause, waits } from '../waits.ts';
import { clientConfig } from './pool-config.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { isAbsent, isUnprepared, mayRetry, postgresError } from './postgres-error.ts';
import { type StatementNames, statementNames } from './statement-names.ts';
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

/** The rows of a statement, as `pg` answers them. */
export interface RawRows {
  readonly rows: readonly Row[];
}

/** Connections to one server. */
export interface Sessions {
  /** Does the work, again while the connection is lost or the server starts. Throws StorageError. */
  run<T>(work: Work<T>): Promise<T>;
  /** The same with a connection of its own, for a transaction. Work that throws leaves none open: the connection is closed. */
  transaction<T>(work: Omit<Work<T>, 'work'> & { readonly work: (batch: Batch) => Promise<T> }): Promise<T>;
  /** A text of one statement or several, whatever tables there are: what `pg` answers, a list for several. */
  query(text: string, values?: readonly unknown[]): Promise<RawRows>;
  /** A connection of its own, for LISTEN. */
  connect(): Promise<Client>;
  close(): Promise<void>;
}

/** The pool, and the names by which the server knows statements. */
interface Server {
  readonly pool: Pool;
  readonly names: StatementNames;
}

export function sessions(options: SessionOptions): Sessions {
  const { place } = options;
  let server: Promise<Server> | undefined;
  let isClosed = false;
  const refuseClosed = () => {
    if (isClosed) throw new StorageError(`${place}: this storage was closed; make another one`);
  };
  const tables = preparation(options);
  const open = () => {
    server ??= serverOf(options);
    server.catch(() => {
      server = undefined;
    });
    return server;
  };
  const onServer = <T>(
    { make, absent }: Omit<Work<T>, 'work'>,
    work: (opened: Server, isAgain: boolean) => Promise<T>,
  ) =>
    trying(options, tables.wasConnected, async (isAgain) => {
      refuseClosed();
      const opened = await open();
      try {
        return (await tables.prepare(opened, make)) ? await work(opened, isAgain) : absent;
      } catch (error) {
        if (isUnprepared(error)) opened.names.giveUp();
        throw error;
      }
    });
  return {
    run: (all) => onServer(all, ({ pool, names }, isAgain) => all.work(queryOf(pool, names), isAgain)),
    transaction: (all) =>
      onServer(all, ({ pool, names }) => onClient(pool, (client) => all.work(batchOf(client, names)))),
    query: rawQuery(options, async () => {
      refuseClosed();
      return (await open()).pool;
    }),
    connect: async () => {
      const { Client } = await driver();
      const client = new Client({ ...(await clientConfig(options.connection)), keepAlive: true });
      client.on('error', () => undefined); // its end is told too
      await client.connect();
      return client;
    },
    close: async () => {
      isClosed = true;
      const opened = await server?.catch(() => undefined);
      server = undefined;
      await opened?.pool.end();
    },
  };
}

/** Statements that need no tables of ours. */
function rawQuery(options: SessionOptions, open: () => Promise<Pool>): Sessions['query'] {
  let wasConnected = false;
  return (text, values) =>
    trying(
      options,
      () => wasConnected,
      async () => {
        const found = await (await open()).query(text, values && [...values]);
        wasConnected = true;
        return found;
      },
    );
}

/** Does the work, again as long as that is of use. The first connection does not wait for a server that is not there. */
async function trying<T>(
  { place, reconnectTimeout, writer }: SessionOptions,
  wasConnected: () => boolean,
  work: (isAgain: boolean) => Promise<T>,
): Promise<T> {
  let tries: ReturnType<typeof waits> | undefined;
  for (let isAgain = false; ; isAgain = true)
    try {
      return await work(isAgain);
    } catch (error) {
      const isOfUse = mayRetry(error) && (wasConnected() || !isAbsent(error));
      const { crc32 } = await import('node:zlib');
      tries ??= waits({ first: 50, longest: 1000, total: reconnectTimeout, who: writer }, crc32);
      const next = isOfUse ? tries.next() : undefined;
      if (!next || next.done) throw postgresError(error, place);
      await pause(next.value);
    }
}

/** Finds the tables, or makes them, once. */
function preparation(options: SessionOptions): {
  /** True where there are tables. */
  prepare(server: Server, make: boolean): Promise<boolean>;
  wasConnected(): boolean;
} {
  let isReady = false;
  let wasConnected = false;
  const prepare = async ({ pool }: Server, make: boolean): Promise<boolean> => {
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

async function serverOf({ connection, timeout }: SessionOptions): Promise<Server> {
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
  return { pool, names: await statementNames() };
}

/** Statements with values get a name: the server parses and plans them once a connection. */
function queryOf(target: Pool | PoolClient, names?: StatementNames): Query {
  return async (text, values = []) => {
    const name = values.length > 0 ? names?.nameOf(text) : undefined;
    return (await target.query({ text, values: [...values], ...(name !== undefined && { name }) })).rows;
  };
}

/** One write to the connection for all: a packet each would wake the server for each. */
function batchOf(client: PoolClient, names: StatementNames): Batch {
  const query = queryOf(client, names);
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
