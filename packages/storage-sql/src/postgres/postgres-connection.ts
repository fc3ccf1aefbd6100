import { InvalidArgumentError } from '@foothold/core';
import { shownAddress } from './shown-address.ts';

/** Where a PostgreSQL server is. What is left out comes from the service, then from PGHOST, PGPORT, PGDATABASE, PGUSER. */
export interface PostgresConnection {
  /** A name or number of a machine, or the folder of a Unix socket. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
  /** A name in the service file (PGSERVICEFILE, or ~/.pg_service.conf). Default: PGSERVICE. */
  readonly service?: string | undefined;
  /** As in libpq: `disable`, `require` (encrypted, not verified), `verify-ca`, `verify-full`. Default: PGSSLMODE. */
  readonly sslmode?: string | undefined;
  /** Files for `sslmode`: the authority's certificate, the own one and its key. */
  readonly sslrootcert?: string | undefined;
  readonly sslcert?: string | undefined;
  readonly sslkey?: string | undefined;
  /** The schema that holds the tables. Default: `foothold`. */
  readonly schema?: string | undefined;
  /**
   * For programs that keep it in a store of secrets. Default: PGPASSWORD, the service file, or the password file (PGPASSFILE,
   * or ~/.pgpass).
   */
  readonly password?: string | (() => string | Promise<string>) | undefined;
}

const parts =
  /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?(\[[^\]/?#@]*\]|[^:/?#@[\]]*)(?::(\d{1,5}))?(?:\/([^/?#]*))?(?:\?([^#]*))?$/;
const parameters = ['host', 'service', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'schema'] as const;
const allowed =
  'postgres://user@host:port/database, with any of these behind a ?: ' +
  `${parameters.join(', ')}; the user may be left out`;

/**
 * What an address says: `postgres://user@host:port/database?sslmode=require`. Throws InvalidArgumentError, which does not
 * show it, for one with a password in it, and for one that is malformed.
 */
export function connectionOf(address: string): PostgresConnection {
  const found = parts.exec(address);
  const [, user = '', host = '', port, database = '', query = ''] = found ?? [];
  const given = new URLSearchParams(query);
  const hasPassword =
    user.includes(':') ||
    [...given.keys()].some((name) => /pass/i.test(name)) ||
    (!found && shownAddress(address) !== address);
  if (hasPassword)
    throw new InvalidArgumentError(
      'storage',
      shownAddress(address),
      'an address without a password: that comes from PGPASSWORD, from the password file (PGPASSFILE, or ~/.pgpass) or from a ' +
        'service file (PGSERVICE)',
    );
  const unknown = [...given.keys()].find((name) => !parameters.some((parameter) => parameter === name));
  if (!found || unknown !== undefined) throw malformed(address);
  const text = (part: string) => (part === '' ? undefined : decoded(part, address));
  return {
    host: text(host.replace(/^\[|\]$/g, '')),
    port: port === undefined ? undefined : Number(port),
    database: text(database),
    user: text(user),
    ...Object.fromEntries(given),
  };
}

function decoded(part: string, address: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed(address);
  }
}

function malformed(address: string): InvalidArgumentError {
  return new InvalidArgumentError('storage', shownAddress(address), allowed);
}
