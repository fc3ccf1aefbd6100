import { InvalidArgumentError } from '@foothold/core';
import { type SqlStorage, sqlStorage } from '../sql-storage.ts';
import { connectionOf, type PostgresConnection } from './postgres-connection.ts';
import { postgresDatabase } from './postgres-database.ts';

export interface PostgresStorageOptions {
  /** Milliseconds that one statement may take before the connection counts as lost. Default: 30 000. */
  readonly timeout?: number | undefined;
  /** Milliseconds in which a server that was there may come back before a call fails with `retry`. Default: 60 000. */
  readonly reconnectTimeout?: number | undefined;
  /** Milliseconds after which `watch` looks without a notification. Default: 5000. */
  readonly pollInterval?: number | undefined;
}

/**
 * A storage in a PostgreSQL database: `postgres://user@host:port/database`, or its parts. Its tables are in a schema of their
 * own (`foothold`, or `?schema=NAME`), which the first append makes. Any number of processes and machines may write at once.
 * A password comes from PGPASSWORD, the password file (PGPASSFILE, or ~/.pgpass) or a service file (PGSERVICE), and is in no
 * error. Works through pools that give a connection out for one transaction; there `watch` looks each `pollInterval`.
 *
 * Throws InvalidArgumentError for an address that is malformed or has a password, and wrong options. The storage throws
 * StorageError: with `retry` where the server did not come back in time or is full; without where it refuses the user or
 * has no such database, where the schema is not ours or of a newer version, and where a study was damaged.
 */
export function postgresStorage(
  connection: string | PostgresConnection,
  options: PostgresStorageOptions = {},
): SqlStorage {
  const { timeout = 30_000, reconnectTimeout = 60_000, pollInterval = 5000 } = options;
  const parts = typeof connection === 'string' ? connectionOf(connection) : connection;
  const { schema = 'foothold' } = parts;
  if (!/^[a-z_][a-z0-9_]{0,49}$/.test(schema) || schema.startsWith('pg_'))
    throw new InvalidArgumentError(
      'schema',
      schema,
      'small letters (a to z), digits and _, at most 50, not beginning with a digit or pg_',
    );
  for (const [name, value] of Object.entries({ timeout, reconnectTimeout, pollInterval }))
    if (!(value >= 0 && value < 2 ** 31)) throw new InvalidArgumentError(name, value, 'milliseconds from 0');
  // Tells this object's appends from those of every other writer; nothing that is computed depends on it.
  const writer = globalThis.crypto.randomUUID();
  const database = postgresDatabase({
    connection: parts,
    place: placeOf(parts),
    schema,
    timeout,
    reconnectTimeout,
    pollInterval,
    writer,
  });
  return sqlStorage(database, writer);
}

/** The address for messages: without a password. */
export function placeOf({ host, port, database, user, service, schema }: PostgresConnection): string {
  const env = globalThis.process?.env ?? {};
  const search = Object.entries({ service, schema }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const known = user ?? (service === undefined ? env['PGUSER'] : undefined);
  const where = host ?? (service === undefined ? (env['PGHOST'] ?? 'localhost') : '');
  return `postgres://${known === undefined ? '' : `${known}@`}${where}${port === undefined ? '' : `:${port}`}/${
    database ?? env['PGDATABASE'] ?? ''
  }${search.length > 0 ? `?${search.join('&')}` : ''}`;
}
