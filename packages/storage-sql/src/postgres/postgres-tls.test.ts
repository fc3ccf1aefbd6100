/** Connections to a PostgreSQL server that shows a certificate, and to one that does not. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { OptimizationError } from '@foothold/core';
import { authority, type Certificate, certificate } from '@foothold/postgres-server';
import { postgresForTests } from '@foothold/postgres-server/for-tests';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { created } from '../damage.fixture.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { postgresStorage } from './postgres-storage.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-tls-'));
const path = (name: string) => join(folder, name);
const write = (name: string, content: string) => {
  writeFileSync(path(name), content, { mode: 0o600 });
  return path(name);
};

let root: Certificate;
/** Signs nothing that the server or a client should have. */
let other: Certificate;
let client: Certificate;
const postgres = postgresForTests(async () => {
  [root, other] = await Promise.all([authority('our authority'), authority('another authority')]);
  client = await certificate('certified', root);
  return {
    tls: {
      ...(await certificate('the server', root, { hosts: ['localhost'] })),
      clientAuthority: root.certificate,
    },
    access: [
      'hostssl all certified 127.0.0.1/32 cert',
      'hostssl all encrypted 127.0.0.1/32 scram-sha-256',
      'host    all foothold  127.0.0.1/32 scram-sha-256',
    ],
  };
});
const plain = postgresForTests();

beforeAll(async () => {
  write('root.crt', root.certificate);
  write('other.crt', other.certificate);
  for (const [name, own] of Object.entries({
    client,
    stranger: await certificate('stranger', root),
    unknown: await certificate('certified', other),
  })) {
    write(`${name}.crt`, own.certificate);
    write(`${name}.key`, own.key);
  }
  await asAdministrator(
    `CREATE ROLE encrypted LOGIN PASSWORD '${postgres.server.password}'; CREATE ROLE certified LOGIN;
     GRANT CREATE ON DATABASE postgres TO encrypted, certified`,
  );
  vi.stubEnv('HOME', folder); // without a .postgresql of the person who runs the tests
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.stubEnv('HOME', folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function asAdministrator(sql: string): Promise<readonly Record<string, unknown>[]> {
  const { port, user, password } = postgres.server;
  const administrator = new pg.Client({
    ...{ host: '127.0.0.1', port, user, password, database: 'postgres' },
    ...{ ssl: false, application_name: 'administrator' }, // whatever the environment says
  });
  await administrator.connect();
  try {
    return (await administrator.query(sql)).rows;
  } finally {
    await administrator.end();
  }
}

let connections = 0;
/** Makes a study with this connection; true where that was encrypted, as the server says. */
async function isEncrypted(parts: PostgresConnection): Promise<boolean> {
  const name = `tls-${connections++}`;
  vi.stubEnv('PGAPPNAME', name);
  vi.stubEnv('PGPASSWORD', postgres.server.password);
  const { port } = postgres.server;
  const storage = postgresStorage({
    port,
    user: 'foothold',
    database: 'postgres',
    schema: `t${connections}`,
    ...parts,
  });
  try {
    expect(await storage.append('s', 0, [created])).toBe(true);
    const used = await asAdministrator(
      `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = '${name}'`,
    );
    expect(used.length).toBeGreaterThan(0);
    return used.every(({ ssl }) => ssl === true);
  } finally {
    await storage.close();
  }
}

/** The error of a connection, in which no secret is. */
async function refusal(parts: PostgresConnection): Promise<OptimizationError> {
  const error = await isEncrypted(parts).then(
    () => expect.fail('it was not refused'),
    (thrown: OptimizationError) => thrown,
  );
  const shown = inspect(error, { depth: 12, showHidden: true, getters: true });
  const keyText = client.key.split('\n')[1]!;
  for (const secret of [postgres.server.password, keyText]) expect(shown).not.toContain(secret);
  return error;
}

const numbered = { host: '127.0.0.1' }; // the certificate is for localhost
const named = { host: 'localhost' };
const rooted = { sslrootcert: path('root.crt') };
const strange = { sslrootcert: path('other.crt') };

describe('a server that offers TLS', () => {
  it.each<[boolean, PostgresConnection]>([
    [false, { ...numbered }],
    [false, { ...numbered, sslmode: 'disable' }],
    [false, { ...numbered, sslmode: 'prefer', ...strange }],
    [true, { ...numbered, sslmode: 'require' }],
    [true, { ...numbered, sslmode: 'require', ...rooted }],
    [true, { ...numbered, sslmode: 'verify-ca', ...rooted }],
    [true, { ...named, sslmode: 'verify-full', ...rooted }],
  ])('is connected to, encrypted: %s, with %o', async (encrypted, parts) => {
    expect(await isEncrypted(parts)).toBe(encrypted);
  });

  it.each<[string, PostgresConnection, RegExp]>([
    [
      'another authority',
      { ...named, sslmode: 'verify-full', ...strange },
      /of an authority that is not known here: .*sslrootcert=FILE/,
    ],
    [
      'another authority',
      { ...numbered, sslmode: 'verify-ca', ...strange },
      /of an authority that is not known here/,
    ],
    [
      'another authority',
      { ...numbered, sslmode: 'require', ...strange },
      /of an authority that is not known here/,
    ],
    ['no authority', { ...named, sslmode: 'verify-full' }, /of an authority that is not known here/],
    ['those of Node', { ...named, sslrootcert: 'system' }, /of an authority that is not known here/],
    ['another host', { ...numbered, sslmode: 'verify-full', ...rooted }, /for another host: .*DNS:localhost/],
  ])('is refused with %s (%o)', async (_, parts, message) => {
    const error = await refusal(parts);
    expect(error).toMatchObject({ name: 'StorageError', retry: false });
    expect(error.message).toMatch(message);
  });

  it('is connected to with what PGSSLMODE and PGSSLROOTCERT or a service file say, the address first', async () => {
    vi.stubEnv('PGSSLMODE', 'verify-full');
    vi.stubEnv('PGSSLROOTCERT', path('root.crt'));
    expect(await isEncrypted(named)).toBe(true);
    expect((await refusal(numbered)).message).toContain('for another host');
    expect(await isEncrypted({ ...numbered, sslmode: 'disable' })).toBe(false);
    write(
      'services',
      `[right]\nhost=localhost\nsslrootcert=${path('root.crt')}\n[wrong]\nhost=localhost\nsslrootcert=${path('other.crt')}\n`,
    );
    vi.stubEnv('PGSERVICEFILE', path('services'));
    expect(await isEncrypted({ service: 'right' })).toBe(true);
    expect((await refusal({ service: 'wrong' })).message).toContain('an authority that is not known');
    expect(await isEncrypted({ service: 'wrong', ...rooted })).toBe(true);
  });

  it('is verified against the root certificate of the user where none is named', async () => {
    const home = path('home');
    mkdirSync(join(home, '.postgresql'), { recursive: true });
    vi.stubEnv('HOME', home);
    writeFileSync(join(home, '.postgresql/root.crt'), root.certificate);
    expect(await isEncrypted({ ...named, sslmode: 'verify-full' })).toBe(true);
    writeFileSync(join(home, '.postgresql/root.crt'), other.certificate);
    expect((await refusal({ ...numbered, sslmode: 'require' })).message).toContain('not known here');
  });
});

describe('a server that insists on TLS', () => {
  it('says what to do to a client that does not encrypt', async () => {
    expect(await isEncrypted({ ...numbered, user: 'encrypted', sslmode: 'require' })).toBe(true);
    const error = await refusal({ ...numbered, user: 'encrypted' });
    expect(error).toMatchObject({ name: 'StorageError', retry: false });
    expect(error.message).toMatch(/takes encrypted connections only: use sslmode=verify-full .*PGSSLMODE/);
  });

  it('takes the certificate of a client in place of a password', async () => {
    const own = { ...named, ...rooted, user: 'certified', sslmode: 'verify-full' };
    const files = (name: string) => ({ sslcert: path(`${name}.crt`), sslkey: path(`${name}.key`) });
    expect(await isEncrypted({ ...own, ...files('client') })).toBe(true);
    expect((await refusal(own)).message).toMatch(
      /asks for a certificate of the client: .*sslcert=FILE and sslkey=FILE/,
    );
    expect((await refusal({ ...own, ...files('stranger') })).message).toMatch(
      /does not take the client's certificate for this user/,
    );
    const unknown = await refusal({ ...own, ...files('unknown') });
    expect(unknown).toMatchObject({ name: 'StorageError', retry: false });
    expect(unknown.message).toMatch(/does not take the client's certificate: .*unknown ca/);
  });
});

describe('a server without TLS', () => {
  it('is refused where the mode demands encryption', async () => {
    const { port } = plain.server;
    for (const sslmode of ['require', 'verify-ca', 'verify-full']) {
      const error = await refusal({ ...numbered, port, sslmode });
      expect(error).toMatchObject({ name: 'StorageError', retry: false });
      expect(error.message).toMatch(/offers no encryption, and sslmode demands it: .*ssl = on/);
    }
  });

  it.skipIf(process.platform === 'win32')(
    'is reached by a Unix socket whatever the mode (not on Windows)',
    async () => {
      const { port, user, password } = plain.server;
      const gate = createServer((socket) => {
        const server = connect(port, '127.0.0.1');
        socket.pipe(server).pipe(socket);
        for (const end of [socket, server]) end.on('error', () => undefined);
      });
      await new Promise<void>((done) => gate.listen(join(folder, `.s.PGSQL.${port}`), done));
      const storage = postgresStorage({
        ...{ host: folder, port, user, password, database: 'postgres', sslmode: 'verify-full' },
      });
      expect(await storage.append('s', 0, [created])).toBe(true);
      await storage.close();
      await new Promise((done) => gate.close(done));
    },
  );
});

describe('files of certificates', () => {
  it('are refused by the name of the setting, before anything is sent', async () => {
    const mode = { ...named, sslmode: 'verify-full' };
    const own = { sslcert: path('client.crt'), sslkey: path('client.key') };
    const text = write('text', 'no certificate');
    const open = write('open.key', client.key);
    chmodSync(open, 0o644);
    const failures: [PostgresConnection, RegExp][] = [
      [
        { sslrootcert: path('none') },
        /sslrootcert is ".*none", allowed is a file that can be read \(ENOENT\)/,
      ],
      [{ sslrootcert: text }, /sslrootcert is ".*text", allowed is a file of certificates as PEM/],
      [{ ...own, sslcert: text }, /sslcert is ".*text", allowed is a file of certificates as PEM/],
      [{ ...own, sslkey: text }, /sslkey is ".*text", allowed is a private key as PEM, without a passphrase/],
      [
        { ...own, sslkey: path('unknown.key') },
        /sslkey is ".*", allowed is the key of the certificate .*client\.crt/,
      ],
      [{ sslcert: own.sslcert }, /sslkey is undefined, allowed is the key of the certificate/],
      [{ sslkey: own.sslkey }, /sslcert is undefined, allowed is the certificate that the key/],
      [{ sslrootcert: 'system', sslmode: 'require' }, /sslmode is "require", allowed is verify-full/],
      [{ sslmode: 'verify' }, /sslmode is "verify", allowed is disable, allow,/],
    ];
    if (process.platform !== 'win32') failures.push([{ ...own, sslkey: open }, /sslkey is .*chmod 600/]);
    for (const [parts, message] of failures) {
      const error = await refusal({ ...mode, ...parts });
      expect(error.message).toMatch(message);
      expect(error.name).toBe('InvalidArgumentError');
    }
  });
});

describe('a certificate that has run out', () => {
  it('is refused, and is not where nothing is verified', async () => {
    const [{ data_directory: data } = {}] = await asAdministrator('SHOW data_directory');
    const expired = await certificate('the server', root, { hosts: ['localhost'], expired: true });
    for (const [name, content] of [
      ['server.crt', expired.certificate],
      ['server.key', expired.key],
    ] as const) {
      const file = join(String(data), name);
      expect(existsSync(file)).toBe(true);
      writeFileSync(file, content);
      expect(readFileSync(file, 'utf8')).toBe(content);
    }
    await asAdministrator('SELECT pg_reload_conf()');
    const connected = () =>
      isEncrypted({ ...named, ...rooted, sslmode: 'verify-full' }).catch((error: Error) => error.message);
    await vi.waitFor(
      async () => expect(await connected()).toMatch(/not valid at this time: have it renewed/),
      {
        timeout: 30_000,
      },
    );
    expect(await isEncrypted({ ...numbered, sslmode: 'require' })).toBe(true);
  });
});
