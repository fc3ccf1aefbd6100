/** Full disks, and servers that take no writes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage, StorageError, StudyEvent } from '@foothold/core';
import { postgresForTests } from '@foothold/postgres-server/for-tests';
import { fileStorage } from '@foothold/study';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { created, enqueued } from './damage.fixture.ts';
import { postgresStorage, sqliteStorage } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-full-'));
const disk = join(folder, 'disk');
mkdirSync(disk);
/** A file system of one megabyte, which root may make on most Linux systems. */
const isMounted = (() => {
  try {
    execFileSync('env', ['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
afterAll(() => {
  if (isMounted) execFileSync('env', ['umount', disk]);
  rmSync(folder, { recursive: true, force: true });
});

const big = (length: number): StudyEvent => ({
  type: 'enqueued',
  params: { text: 'x'.repeat(3000), length },
});

/** Appends until that is refused; the number of events that were acknowledged, and the refusal. */
async function filled(storage: Storage, from: number): Promise<[number, StorageError]> {
  for (let length = from; ; length++)
    try {
      expect(await storage.append('s', length, [big(length)])).toBe(true);
    } catch (error) {
      return [length, error as StorageError];
    }
}

const kinds: readonly [string, () => Storage][] = [
  ['fileStorage', () => fileStorage(join(disk, 'studies'))],
  ['sqliteStorage', () => sqliteStorage(join(disk, 'studies.db'))],
];

describe.skipIf(!isMounted).each(kinds)('%s on a full disk (needs root on Linux, to make one)', (_, open) => {
  it('says so, keeps every event that it acknowledged, and goes on when there is room', async () => {
    for (const name of ['studies', 'studies.db']) rmSync(join(disk, name), { recursive: true, force: true });
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(500_000));
    const storage = open();
    await storage.append('s', 0, [created]);
    const [length, error] = await filled(storage, 1);
    expect(error).toMatchObject({ name: 'StorageError', retry: true });
    expect(error.message).toMatch(/full|ENOSPC/);
    expect(length).toBeGreaterThan(20);
    const acknowledged = [created, ...Array.from({ length: length - 1 }, (_, i) => big(i + 1))];
    expect(await storage.read('s', 0)).toEqual(acknowledged);
    const read = async () => {
      const other = open();
      const events = await other.read('s', 0);
      await other.close?.();
      return events;
    };
    expect(await read()).toEqual(acknowledged);
    rmSync(join(disk, 'ballast'));
    expect(await storage.append('s', length, [enqueued(1)])).toBe(true);
    await storage.close?.();
    expect(await read()).toEqual([...acknowledged, enqueued(1)]);
  });
});

describe('a PostgreSQL server', () => {
  const postgres = postgresForTests();
  async function administered(sql: string): Promise<void> {
    const { port, user, password } = postgres.server;
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }

  it('that lets a role read alone says so, and the role reads', async () => {
    const address = postgres.newAddress();
    const [storage, schema] = [postgresStorage(address), address.split('=')[1]];
    await storage.append('s', 0, [created]);
    await administered(
      `CREATE ROLE looker LOGIN PASSWORD '${postgres.server.password}'; ALTER ROLE looker SET default_transaction_read_only = on;
       GRANT ALL ON SCHEMA ${schema} TO looker; GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO looker`,
    );
    const looker = postgresStorage(address.replace('//foothold@', '//looker@'));
    expect(await looker.read('s', 0)).toEqual([created]);
    for (const write of [
      () => looker.append('s', 1, [enqueued(1)]),
      () => looker.append('new', 0, [created]),
      () => looker.remove('s'),
      () => looker.rename('s', 'other'),
    ]) {
      const error = await write().then(
        () => expect.fail('it was written'),
        (thrown: StorageError) => thrown,
      );
      expect(error).toMatchObject({ name: 'StorageError', retry: false });
      expect(error.message).toMatch(/can only be read: .*default_transaction_read_only/);
    }
    const elsewhere = postgresStorage(postgres.newAddress().replace('//foothold@', '//looker@'));
    expect(await elsewhere.read('s', 0)).toEqual([]);
    await expect(elsewhere.append('s', 0, [created])).rejects.toThrow(/can only be read/);
    expect(await storage.studies()).toEqual(['s']);
    for (const each of [storage, looker, elsewhere]) await each.close();
  });

  it('without room is an error with retry, and takes the events when there is some', async () => {
    const address = postgres.newAddress();
    const [storage, schema] = [postgresStorage(address), address.split('=')[1]];
    await storage.append('s', 0, [created]);
    // The code that the server gives where its own disk is full.
    await administered(
      `CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
       CREATE TRIGGER no_room BEFORE INSERT ON ${schema}.events EXECUTE FUNCTION ${schema}.refuse()`,
    );
    const refused = storage.append('s', 1, [enqueued(1)]);
    await expect(refused).rejects.toMatchObject({ name: 'StorageError', retry: true });
    await expect(refused).rejects.toThrow('the disk of the server is full');
    await administered(`DROP TRIGGER no_room ON ${schema}.events`);
    expect(await storage.append('s', 1, [enqueued(1)])).toBe(true);
    expect(await storage.read('s', 0)).toEqual([created, enqueued(1)]);
    await storage.close();
  });
});
