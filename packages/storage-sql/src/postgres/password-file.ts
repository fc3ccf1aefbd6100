import { InvalidArgumentError } from '@foothold/core';

/** Whom a password is for. */
interface Login {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
}

/**
 * The password of the first line `host:port:database:user:password` that fits, in the file that PGPASSFILE names or in
 * ~/.pgpass; undefined where there is none. Throws InvalidArgumentError where other users may read the file.
 */
export async function passwordFromFile(
  login: Login,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const { readFile, stat } = await import('node:fs/promises');
  const { homedir } = await import('node:os');
  const { join } = await import('node:path');
  const isWindows = process.platform === 'win32';
  const usual = isWindows
    ? join(env['APPDATA'] ?? homedir(), 'postgresql', 'pgpass.conf')
    : join(homedir(), '.pgpass');
  const file = env['PGPASSFILE'] ?? usual;
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  if (!isWindows && (await stat(file)).mode & 0o077)
    throw new InvalidArgumentError('PGPASSFILE', file, 'a file that its owner alone may read (chmod 600)');
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const [host, port, database, user, password] = fieldsOf(line);
    const fits = (field: string | undefined, value: string | number | undefined) =>
      field === '*' || field === String(value);
    const isLocal = host === 'localhost' && login.host?.startsWith('/');
    if ((isLocal || fits(host, login.host)) && fits(port, login.port) && fits(database, login.database))
      if (fits(user, login.user) && password !== undefined) return password;
  }
  return undefined;
}

/** The fields of a line; a colon or backslash inside of one stands behind a backslash. */
function fieldsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|:)((?:\\.|[^\\:])*)/g)].map(([, field = '']) =>
    field.replace(/\\(.)/g, '$1'),
  );
}
