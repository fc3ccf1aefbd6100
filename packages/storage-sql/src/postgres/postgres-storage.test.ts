import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { InvalidArgumentError, type StorageError, type StudyEvent } from '@foothold/core';
import { postgresForTests } from '@foothold/postgres-server/for-tests';
import { random } from '@foothold/samplers';
import { searchSpace, uniform } from '@foothold/space';
import { createStudy } from '@foothold/study';
import { describeStorage } from '@foothold/testing';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { created, damages, enqueued, expectRefused, fill } from '../damage.fixture.ts';
import type { SqlStorage } from '../sql-storage.ts';
import { expectConsistent, startWorker } from '../workers.fixture.ts';
import { connectionOf } from './postgres-connection.ts';
import { type PostgresStorageOptions, postgresStorage } from './postgres-storage.ts';
import { startProxy } from './proxy.fixture.ts';

const postgres = postgresForTests();
const { newAddress } = postgres;
const folder = mkdtempSync(join(tmpdir(), 'foothold-pg-'));
const opened: SqlStorage[] = [];
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const addresses = new Map<unknown, string>();
const open = (address: string, options?: PostgresStorageOptions) => {
  const storage = postgresStorage(address, options);
  addresses.set(storage, address);
  opened.push(storage);
  return storage;
};
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
  vi.unstubAllEnvs();
});

describeStorage(
  'postgresStorage',
  () => open(newAddress()),
  (storage) => open(addresses.get(storage)!),
);

/** Runs statements as another program would, in the schema of the address. */
async function change(address: string, sql: string): Promise<void> {
  const { schema = 'public' } = connectionOf(address);
  const { host, port, user, database } = connectionOf(postgres.server.address);
  const client = new pg.Client({
    host: host!,
    port: port!,
    user: user!,
    database: database!,
    password: postgres.server.password,
  });
  await client.connect();
  try {
    await client.query(`SET search_path TO ${schema}`);
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('it was not refused'),
    (error: StorageError) => error,
  );

describe('postgresStorage', () => {
  it('makes nothing by reading', async () => {
    const address = newAddress();
    const storage = open(address);
    expect(await storage.read('s', 0)).toEqual([]);
    expect(await storage.studies()).toEqual([]);
    await change(
      address,
      `DO $$ BEGIN ASSERT to_regnamespace('${connectionOf(address).schema}') IS NULL; END $$`,
    );
  });

  it('is set up once by many that begin at the same time', async () => {
    const address = newAddress();
    const storages = Array.from({ length: 6 }, () => open(address));
    const won = await Promise.all(
      storages.map((storage, i) => storage.append('s', 0, [created, enqueued(i)])),
    );
    expect(won.filter(Boolean).length).toBe(1);
  });

  it.each(damages)('refuses $name', async ({ sql, message }) => {
    const address = newAddress();
    await fill(open(address));
    await change(address, sql);
    await expectRefused(() => open(address), message);
  });

  it('refuses tables that are not ours, a newer version and another encoding', async () => {
    const [other, newer, alike] = [newAddress(), newAddress(), newAddress()];
    for (const address of [other, alike])
      await change(address, `CREATE SCHEMA ${connectionOf(address).schema}`);
    await change(other, 'CREATE TABLE customers (id INTEGER)');
    const foreign = await errorOf(open(other).append('s', 0, [created]));
    expect(foreign.message).toMatch(
      /tables of another program in the schema s\d+ \(customers\); nothing is written/,
    );
    await change(
      alike,
      'CREATE TABLE meta (x TEXT); CREATE TABLE studies (x TEXT); CREATE TABLE events (x TEXT); CREATE TABLE snapshots (x TEXT)',
    );
    await expect(open(alike).read('s', 0)).rejects.toThrow('tables of another program');
    await fill(open(newer));
    await change(newer, 'UPDATE meta SET version = 2');
    await expect(open(newer).read('s', 0)).rejects.toThrow('tables of version 2');
    await change(other, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    await expect(
      open(postgres.server.address.replace(/postgres$/, 'latin')).append('s', 0, [created]),
    ).rejects.toThrow('keeps its texts as LATIN1');
  });

  it('says that its tables were dropped while a study ran', async () => {
    const address = newAddress();
    const storage = open(address);
    await fill(storage);
    await change(address, `DROP SCHEMA ${connectionOf(address).schema} CASCADE`);
    await expect(storage.append('s', 4, [enqueued(9)])).rejects.toThrow('has lost its tables');
  });

  it('says which privilege a user lacks, and reads for one that may read', async () => {
    const address = newAddress();
    await fill(open(address));
    const { schema } = connectionOf(address);
    await change(
      address,
      `CREATE ROLE reader LOGIN PASSWORD '${postgres.server.password}'; GRANT USAGE ON SCHEMA ${schema} TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO reader`,
    );
    const reader = open(address.replace('//foothold@', '//reader@'));
    expect((await reader.read('s', 0)).length).toBe(4);
    const refused = await errorOf(reader.append('s', 4, [enqueued(9)]));
    expect(refused).toMatchObject({ name: 'StorageError', retry: false });
    expect(refused.message).toMatch(/lacks a privilege \(permission denied for table/);
    const elsewhere = newAddress().replace('//foothold@', '//reader@');
    await expect(open(elsewhere).append('s', 0, [created])).rejects.toThrow(/may not make the schema s\d+/);
  });

  it('tells two studies of one name from each other by what differs', async () => {
    const address = newAddress();
    const study = (high: number) =>
      createStudy({
        space: searchSpace({ x: uniform(0, high) }),
        sampler: random(),
        direction: 'minimize',
        storage: open(address),
      });
    const first = study(1);
    const { number } = await first.ask();
    await first.tell(number, { state: 'complete', value: 3 });
    await expect(study(2).ask()).rejects.toThrow(InvalidArgumentError);
    await expect(study(2).ask()).rejects.toThrow(/space\.x is/);
    expect((await study(1).trial(number))?.state).toBe('complete');
  });

  it('stores an append once whose acknowledgement was lost with the connection', async () => {
    const address = newAddress();
    const proxy = await startProxy(postgres.server.port);
    const storage = open(address.replace(`:${postgres.server.port}`, `:${proxy.port}`));
    await storage.append('s', 0, [created]);
    for (let at = 1; at < 4; at++) {
      proxy.cutAnswerTo('UPDATE'); // the server stores it, and its answer is lost
      expect(await storage.append('s', at, [enqueued(at)])).toBe(true);
    }
    proxy.cutAnswerTo('INSERT INTO');
    expect(await storage.append('new', 0, [created])).toBe(true);
    // The answer is lost, and another writer is next before the connection is back.
    proxy.cutAnswerTo('UPDATE');
    const appended = storage.append('s', 4, [enqueued(4)]);
    const other = open(address);
    while ((await other.read('s', 0)).length < 5);
    expect(await other.append('s', 5, [enqueued(5)])).toBe(true);
    expect(await appended).toBe(true);
    expect(await storage.read('s', 0)).toEqual([created, ...[1, 2, 3, 4, 5].map(enqueued)]);
    expect(await storage.read('new', 0)).toEqual([created]);
    await storage.close();
    await proxy.close();
  });

  it('stores an append of its turn once whose acknowledgement was lost with the connection', async () => {
    const address = newAddress();
    const proxy = await startProxy(postgres.server.port);
    const [storage, other] = [
      open(address.replace(`:${postgres.server.port}`, `:${proxy.port}`)),
      open(address),
    ];
    await storage.append('s', 0, [created]);
    let length = 1;
    for (const text of ['COMMIT', 'FOR NO KEY UPDATE', 'COMMIT', 'BEGIN']) {
      // It loses a race, and waits for its turn from then on.
      expect(await other.append('s', length, [enqueued(length)])).toBe(true);
      proxy.cutAnswerTo(text);
      await storage.transact('s', length, (newer) => {
        length += newer.length;
        return [enqueued(-length)];
      });
      length++;
    }
    expect(await storage.read('s', 1)).toEqual([1, -2, 3, -4, 5, -6, 7, -8].map(enqueued));
    await storage.close();
    await proxy.close();
  });

  it('lets others go on when a writer stops in its turn, which then decides again', {
    timeout: 120_000,
  }, async () => {
    const address = newAddress();
    const proxy = await startProxy(postgres.server.port);
    const [storage, other] = [
      open(address.replace(`:${postgres.server.port}`, `:${proxy.port}`)),
      open(address),
    ];
    await storage.append('s', 0, [created]);
    expect(await other.append('s', 1, [enqueued(1)])).toBe(true);
    let length = 1;
    let appended: Promise<boolean> | undefined;
    await storage.transact('s', length, (newer) => {
      length += newer.length;
      if (length === 2 && !appended) {
        proxy.silent = true; // it has its turn, and nothing of it reaches the server any more
        appended = other.append('s', 2, [enqueued(2)]).finally(() => {
          proxy.silent = false;
        });
      }
      return [enqueued(-length)];
    });
    expect(await appended).toBe(true);
    expect(await storage.read('s', 1)).toEqual([1, 2, -3].map(enqueued));
    await storage.close();
    await proxy.close();
  });

  it('goes on where a pool in between does not keep prepared statements', async () => {
    const address = newAddress();
    const storage = open(address);
    await storage.append('s', 0, [created]);
    await change(
      address,
      `CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DEALLOCATE ALL'; RETURN NULL; END $$;
      CREATE TRIGGER forget AFTER UPDATE ON studies FOR EACH ROW EXECUTE FUNCTION forget()`,
    );
    for (let at = 1; at < 4; at++) {
      expect(await storage.append('s', at, [enqueued(at)])).toBe(true);
      expect((await storage.read('s', at)).length).toBe(1);
    }
    await open(address).append('s', 4, [enqueued(4)]);
    await storage.transact('s', 4, (newer) => newer.map(() => enqueued(5)));
    expect(await storage.read('s', 1)).toEqual([1, 2, 3, 4, 5].map(enqueued));
  });

  it('gives up with retry where the server does not answer, and goes on when it does', async () => {
    const address = newAddress();
    const proxy = await startProxy(postgres.server.port);
    const storage = open(address.replace(`:${postgres.server.port}`, `:${proxy.port}`), {
      timeout: 200,
      reconnectTimeout: 300,
    });
    await storage.append('s', 0, [created]);
    proxy.silent = true;
    const refused = await errorOf(storage.append('s', 1, [enqueued(1)]));
    expect(refused).toMatchObject({ name: 'StorageError', retry: true });
    expect(refused.message).toContain('does not answer');
    proxy.silent = false;
    expect(await storage.append('s', 1, [enqueued(1)])).toBe(true);
    await storage.close();
    await proxy.close();
  });

  it('watches also where no notification arrives', async () => {
    const address = newAddress();
    const [storage, writer] = [open(address, { pollInterval: 20 }), open(address)];
    await writer.append('s', 0, [created]);
    const end = new AbortController();
    const seen: StudyEvent[] = [];
    for await (const events of storage.watch('s', 0, end.signal)) {
      seen.push(...events);
      if (seen.length > 2) break;
      // As a row comes that another program than ours copied into the tables: without NOTIFY.
      await change(address, 'UPDATE studies SET length = length'); // no event, nothing is told
      await writer.append('s', seen.length, [enqueued(seen.length)]);
    }
    expect(seen.length).toBe(3);
  });
});

describe('addresses and passwords', () => {
  const secret = 'hunter2-s3cret';

  it('reads the parts of an address', () => {
    expect(connectionOf('postgres://h')).toMatchObject({ host: 'h' });
    expect(connectionOf('postgresql://me%40x@[::1]:6000/a%20b?sslmode=require&schema=t')).toMatchObject({
      ...{ user: 'me@x', host: '::1', port: 6000, database: 'a b', sslmode: 'require', schema: 't' },
    });
    expect(connectionOf('postgres:///db?host=/var/run/postgresql')).toMatchObject({
      host: '/var/run/postgresql',
    });
    for (const address of [
      'postgres:h',
      'postgres://h:port/db',
      'postgres://h/db?application=1',
      'postgres://h/%zz',
      'mysql://h',
    ])
      expect(() => connectionOf(address), address).toThrow(InvalidArgumentError);
    for (const schema of ['A', 'a-b', 'pg_x', '1a', ''])
      expect(() => postgresStorage({ schema }), schema).toThrow('schema is');
  });

  it.each([
    `postgres://me:${secret}@h/db`,
    `postgres://me:${secret}@x@h/db`,
    `postgres://me:${secret}/x@h:port/db`,
    `postgresql://:${secret}@h`,
    `postgres://h/db?password=${secret}`,
    `postgres://h/db?sslmode=require&sslpassword=${secret}#x`,
    `postgres://me:${secret}@h:99999999/db?x`,
  ])('refuses a password in an address without showing it (%#)', (address) => {
    let error: unknown;
    try {
      postgresStorage(address);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect((error as Error).message).toContain('an address without a password');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    expect(JSON.stringify(error)).not.toContain(secret);
  });

  it('takes the password from the environment, the password file, a service file and a function', async () => {
    const address = newAddress();
    await fill(open(address));
    vi.stubEnv('PGPASSWORD', undefined);
    const [passFile, serviceFile] = [join(folder, 'pgpass'), join(folder, 'services')];
    const { schema, user, port } = connectionOf(address);
    const lengthOf = async (storage: SqlStorage) => {
      opened.push(storage);
      return (await storage.read('s', 0)).length;
    };
    writeFileSync(
      passFile,
      `# ours\nother:*:*:*:no\n127.0.0.1:${port}:*:${user}:${postgres.server.password}\n`,
    );
    chmodSync(passFile, 0o644);
    vi.stubEnv('PGPASSFILE', passFile);
    if (process.platform !== 'win32')
      await expect(postgresStorage(address).read('s', 0)).rejects.toThrow(/PGPASSFILE is .*chmod 600/);
    chmodSync(passFile, 0o600);
    expect(await lengthOf(postgresStorage(address))).toBe(4);
    vi.stubEnv('PGPASSFILE', join(folder, 'none'));
    writeFileSync(
      serviceFile,
      `# ours\n[other]\nhost=nowhere\n\n[studies]\nhost = 127.0.0.1\nport=${port}\ndbname=postgres\nuser=${user}\npassword=${postgres.server.password}\nsslmode=prefer\n[last]\n`,
    );
    vi.stubEnv('PGSERVICEFILE', serviceFile);
    expect(await lengthOf(postgresStorage(`postgres://?service=studies&schema=${schema}`))).toBe(4);
    vi.stubEnv('PGSERVICE', 'studies');
    expect(await lengthOf(postgresStorage({ schema }))).toBe(4);
    await expect(postgresStorage('postgres://?service=none').read('s', 0)).rejects.toThrow(
      'service is "none"',
    );
    vi.stubEnv('PGSERVICE', undefined);
    expect(
      await lengthOf(
        postgresStorage({ ...connectionOf(address), password: async () => postgres.server.password }),
      ),
    ).toBe(4);
    const none = await errorOf(postgresStorage(address).read('s', 0));
    expect(none.message).toMatch(/asks for a password, and there is none; it comes from PGPASSWORD/);
  });

  it('prints a password in no error', async () => {
    const { port, user } = connectionOf(postgres.server.address);
    const at = (parts: object) =>
      postgresStorage(
        { host: '127.0.0.1', port, user, database: 'postgres', password: secret, ...parts },
        { reconnectTimeout: 100 },
      );
    const failures: Record<string, [SqlStorage, RegExp]> = {
      'a wrong password': [at({}), /refuses the password; it comes from PGPASSWORD/],
      'no such user': [at({ user: 'nobody' }), /refuses the password/],
      'no server': [at({ port: 1 }), /no server answers there/],
      'no such host': [at({ host: 'none.invalid' }), /no server answers there/],
      'no socket': [at({ host: folder }), /no server answers there/],
      'no such database': [at({ database: 'none', password: postgres.server.password }), /no such database/],
      'no encryption': [at({ sslmode: 'require' }), /offers no encryption/],
      'a missing certificate': [
        at({ sslmode: 'verify-full', sslrootcert: join(folder, 'none') }),
        /sslrootcert is/,
      ],
      'an unknown mode': [at({ sslmode: 'some' }), /sslmode is "some"/],
    };
    for (const [name, [storage, message]] of Object.entries(failures))
      for (const call of [() => storage.read('s', 0), () => storage.append('s', 0, [created])]) {
        const error = await errorOf(call());
        expect(error.message, name).toMatch(message);
        const shown = inspect(error, { depth: 12, showHidden: true, getters: true });
        for (const password of [secret, postgres.server.password])
          expect(shown, name).not.toContain(password);
      }
  });
});

describe('a server that is killed and started again', () => {
  it('loses nothing that was acknowledged and doubles nothing, twice under load, and the run goes on', async () => {
    const address = newAddress();
    const storage = open(address);
    const total = 150;
    const workers = [0, 1].map(() => startWorker(address, total));
    const end = new AbortController();
    const watched: StudyEvent[] = [];
    const watching = (async () => {
      for await (const events of storage.watch('shared', 0, end.signal)) watched.push(...events);
    })();
    watching.catch(() => undefined); // awaited at the end
    for (let kills = 1; kills <= 2; kills++) {
      // Each has been connected: the first connection does not wait for a server.
      while (workers.some(({ told, child }) => told.size < 15 * kills && child.exitCode === null))
        await new Promise((done) => setTimeout(done, 2));
      await postgres.server.kill();
      await postgres.server.start();
    }
    for (const { ended } of workers) {
      const { code, err } = await ended;
      expect(code, err).toBe(0);
    }
    await expectConsistent(storage, workers, total);
    const events = await storage.read('shared', 0);
    while (watched.length < events.length) await new Promise((done) => setTimeout(done, 5));
    end.abort();
    await watching;
    expect(watched).toEqual(events);
  });

  it('is an error with retry when it does not come back, and every acknowledged tell is still there', async () => {
    const address = newAddress();
    const storage = open(address, { reconnectTimeout: 100 });
    await fill(storage);
    await postgres.server.kill();
    const refused = await errorOf(storage.append('s', 4, [enqueued(9)]));
    expect(refused).toMatchObject({ name: 'StorageError', retry: true });
    await postgres.server.start();
    expect((await storage.read('s', 0)).length).toBe(4);
    expect(await storage.append('s', 4, [enqueued(9)])).toBe(true);
  });
});
