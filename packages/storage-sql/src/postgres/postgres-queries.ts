import { InvalidArgumentError } from '@foothold/core';
import { connectionOf } from './postgres-connection.ts';
import { placeOf } from './postgres-storage.ts';
import { type RawRows, sessions } from './sessions.ts';

/** Statements of another program on the server of a storage, with its password, TLS and reconnection. */
export interface PostgresQueries {
  /** The schema of the address. */
  readonly schema: string;
  /** The address for messages, without a password. */
  readonly place: string;
  /**
   * What `pg` answers; of several statements in one text a list. Sent again while the connection is lost: a statement may have been done
   * twice. Throws StorageError.
   */
  query(text: string, values?: readonly unknown[]): Promise<RawRows>;
  close(): Promise<void>;
}

export interface PostgresQueriesOptions {
  /** Milliseconds that one statement may take. Default: 30 000. */
  readonly timeout?: number | undefined;
  /** Milliseconds in which a server that was there may come back. Default: 60 000. */
  readonly reconnectTimeout?: number | undefined;
}

/**
 * Opens nothing before its first query. Throws InvalidArgumentError for an address that is malformed, has a password or is none of
 * PostgreSQL.
 */
export function postgresQueries(
  address: string,
  { timeout = 30_000, reconnectTimeout = 60_000 }: PostgresQueriesOptions = {},
): PostgresQueries {
  for (const [name, value] of Object.entries({ timeout, reconnectTimeout }))
    if (!(value >= 0 && value < 2 ** 31)) throw new InvalidArgumentError(name, value, 'milliseconds from 0');
  const connection = connectionOf(address);
  const { schema = 'foothold' } = connection;
  const place = placeOf(connection);
  const writer = globalThis.crypto.randomUUID();
  const { query, close } = sessions({ connection, place, schema, timeout, reconnectTimeout, writer });
  return { schema, place, query, close };
}
