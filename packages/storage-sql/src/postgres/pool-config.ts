import type { ClientConfig } from 'pg';
import { passwordFromFile } from './password-file.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { serviceSettings } from './service-file.ts';
import { type TlsSettings, tlsOptions } from './tls-options.ts';

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
  const of = (name: keyof TlsSettings) =>
    connection[name] ?? settings.get(name) ?? env[`PG${name.toUpperCase()}`];
  // As in libpq, a Unix socket is never encrypted: it stays on this machine.
  const isSocket = (host ?? env['PGHOST'])?.startsWith('/');
  const ssl =
    !isSocket &&
    (await tlsOptions(
      {
        sslmode: of('sslmode'),
        sslrootcert: of('sslrootcert'),
        sslcert: of('sslcert'),
        sslkey: of('sslkey'),
      },
      env,
    ));
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
