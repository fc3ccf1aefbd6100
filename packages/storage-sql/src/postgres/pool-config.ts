import { InvalidArgumentError } from '@foothold/core';
import type { ClientConfig } from 'pg';
import { passwordFromFile } from './password-file.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { serviceSettings } from './service-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `pg` needs to connect: what was given, then what the service says; PGHOST and the like it reads itself. */
export async function clientConfig(
  connection: PostgresConnection,
  env: Environment = process.env,
): Promise<ClientConfig> {
  const service = connection.service ?? env['PGSERVICE'];
  const settings = service === undefined ? new Map<string, string>() : await serviceSettings(service, env);
  const port = connection.port ?? (settings.has('port') ? Number(settings.get('port')) : undefined);
  const {
    host = settings.get('host'),
    database = settings.get('dbname'),
    user = settings.get('user'),
  } = connection;
  const password =
    connection.password ??
    env['PGPASSWORD'] ??
    settings.get('password') ??
    // `pg` gives it the host, port, database and user that it has found.
    ((login?: Parameters<typeof passwordFromFile>[0]) => passwordFromFile(login ?? {}, env));
  const ssl = await sslOf({
    sslmode: connection.sslmode ?? settings.get('sslmode') ?? env['PGSSLMODE'],
    sslrootcert: connection.sslrootcert ?? settings.get('sslrootcert') ?? env['PGSSLROOTCERT'],
    sslcert: connection.sslcert ?? settings.get('sslcert') ?? env['PGSSLCERT'],
    sslkey: connection.sslkey ?? settings.get('sslkey') ?? env['PGSSLKEY'],
  });
  return {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(database !== undefined && { database }),
    ...(user !== undefined && { user }),
    // Its types demand a text, and undefined means that there is none.
    password: password as Exclude<ClientConfig['password'], undefined>,
    ssl,
    fallback_application_name: 'foothold',
  };
}

async function sslOf({
  sslmode = 'prefer',
  sslrootcert,
  sslcert,
  sslkey,
}: Pick<PostgresConnection, 'sslmode' | 'sslrootcert' | 'sslcert' | 'sslkey'>): Promise<ClientConfig['ssl']> {
  const { readFile } = await import('node:fs/promises');
  const file = async (name: string, path: string | undefined) => {
    if (path === undefined) return {};
    const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new InvalidArgumentError(name, path, `a file that can be read (${error.code})`);
    });
    return { [{ sslrootcert: 'ca', sslcert: 'cert', sslkey: 'key' }[name]!]: content };
  };
  const files = async () => ({
    ...(await file('sslrootcert', sslrootcert)),
    ...(await file('sslcert', sslcert)),
    ...(await file('sslkey', sslkey)),
  });
  switch (sslmode) {
    case 'disable':
    case 'allow':
    case 'prefer':
      return false; // the last two leave it to us
    case 'require':
      return { ...(await files()), rejectUnauthorized: false };
    case 'verify-ca':
      return { ...(await files()), checkServerIdentity: () => undefined };
    case 'verify-full':
      return files();
    default:
      throw new InvalidArgumentError(
        'sslmode',
        sslmode,
        'disable, allow, prefer, require, verify-ca or verify-full',
      );
  }
}
