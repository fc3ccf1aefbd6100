import { execFileSync, spawnSync } from 'node:child_process';
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { InvalidArgumentError, StorageError } from '@foothold/core';
import { describeStorage } from '@foothold/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { created, damages, enqueued, expectRefused, fill } from '../damage.fixture.ts';
import { type SqlStorage, sqlStorage } from '../sql-storage.ts';
import { expectConsistent, startWorker } from '../workers.fixture.ts';
import { networkFileSystem } from './network-file-system.ts';
import { sqliteDatabase } from './sqlite-database.ts';
import { sqliteStorage } from './sqlite-storage.ts';

const root = mkdtempSync(join(tmpdir(), 'foothold-sqlite-'));
chmodSync(root, 0o755);
afterAll(() => rmSync(root, { recursive: true, force: true }));
let files = 0;
const newPath = () => join(root, `${files++}.db`);

const paths = new Map<unknown, string>();
const opened = (path: string) => {
  const storage = sqliteStorage(path, { pollInterval: 10 });
  paths.set(storage, path);
  return storage;
};
describeStorage(
  'sqliteStorage',
  () => opened(newPath()),
  (storage) => opened(paths.get(storage)!),
);

/** Runs statements on the file as another program would. */
function change(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** A file with a study of four events. */
async function filled(): Promise<string> {
  const path = newPath();
  const storage = sqliteStorage(path);
  await fill(storage);
  await storage.close();
  return path;
}

async function refusalOf(storage: SqlStorage): Promise<StorageError> {
  const read = await storage.read('s', 0).catch((error: unknown) => error);
  const written = await storage.append('s', 0, [created]).catch((error: unknown) => error);
  expect(written).toBeInstanceOf(StorageError);
  if (read instanceof Error) expect((read as Error).message).toBe((written as Error).message);
  return written as StorageError;
}

describe('sqliteStorage', () => {
  it('makes no file by reading, and leaves one file when it is closed', async () => {
    const path = newPath();
    const storage = sqliteStorage(path);
    expect(await storage.read('s', 0)).toEqual([]);
    expect(await storage.studies()).toEqual([]);
    expect(await storage.remove('s')).toBe(false);
    expect(existsSync(path)).toBe(false);
    await storage.append('s', 0, [created]);
    await storage.close();
    expect(readdirSync(root).filter((name) => join(root, name).startsWith(path))).toEqual([
      path.slice(root.length + 1),
    ]);
    await expect(storage.read('s', 0)).rejects.toThrow('was closed');
    writeFileSync(newPath(), '');
    expect(await sqliteStorage(join(root, `${files - 1}.db`)).append('s', 0, [created])).toBe(true); // an empty file is ours to fill
  });

  it('refuses paths and options that are none', () => {
    for (const path of ['', ':memory:', 'a\0b'])
      expect(() => sqliteStorage(path)).toThrow(InvalidArgumentError);
    expect(() => sqliteStorage('x', { busyTimeout: -1 })).toThrow('busyTimeout is -1');
    expect(() => sqliteStorage('x', { synchronous: 'off' as 'full' })).toThrow('synchronous is "off"');
  });

  it('refuses the names of studies that the file storage refuses', async () => {
    const storage = sqliteStorage(newPath());
    for (const name of ['', '\ud800', 'x'.repeat(201), 'a\0b'])
      await expect(storage.read(name, 0)).rejects.toThrow(InvalidArgumentError);
  });

  it.each(damages)('refuses $name', async ({ sql, message }) => {
    const path = await filled();
    change(path, sql);
    await expectRefused(() => sqliteStorage(path), message);
  });

  it('refuses a log that was replaced by another since it was read, and reads that one from its beginning', async () => {
    const path = await filled();
    const [reader, other] = [sqliteStorage(path), sqliteStorage(path)];
    expect((await reader.read('s', 0)).length).toBe(4);
    await other.remove('s');
    await other.append('s', 0, [created, enqueued(5), enqueued(6), enqueued(7)]);
    await expect(reader.append('s', 4, [enqueued(8)])).rejects.toThrow('was replaced by another');
    await expect(reader.read('s', 4)).rejects.toThrow('was replaced by another');
    expect(await reader.read('s', 1)).toEqual([enqueued(5), enqueued(6), enqueued(7)]);
  });

  it('takes a snapshot for none where its log or its text was changed', async () => {
    const path = await filled();
    const storage = sqliteStorage(path);
    await storage.writeSnapshot('s', { length: 3, state: 'abc' });
    change(path, "UPDATE snapshots SET state = 'abd'");
    expect(await storage.readSnapshot('s')).toBeUndefined();
    await storage.writeSnapshot('s', { length: 3, state: 'abc' });
    change(path, 'UPDATE snapshots SET length = 4');
    expect(await storage.readSnapshot('s')).toBeUndefined();
    await storage.writeSnapshot('s', { length: 9, state: 'abc' }); // longer than the log
    expect(await storage.readSnapshot('s')).toBeUndefined();
  });

  const fixtures = fileURLToPath(new URL('../../../sources/src/fixtures/', import.meta.url));
  it.each([
    ['a text', () => Buffer.from('x,y\n1,2\n'.repeat(1000)), 'is no SQLite database'],
    [
      'noise',
      () => Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 37) % 251)),
      'is no SQLite database',
    ],
    [
      'a study of Optuna',
      () => gunzipSync(readFileSync(join(fixtures, 'optuna-5.0.0.db.gz'))),
      'is a database of Optuna',
    ],
  ])('refuses %s and leaves it as it is', async (_, content, message) => {
    const path = newPath();
    writeFileSync(path, content());
    const refused = await refusalOf(sqliteStorage(path));
    expect(refused.message).toContain(message);
    expect(refused.message).toContain('nothing is written');
    expect(refused.retry).toBe(false);
    expect(readFileSync(path)).toEqual(content());
  });

  it('refuses the database of another program, one of a newer version, a folder and a FIFO', async () => {
    const [other, newer, marked, fifo] = [newPath(), await filled(), newPath(), newPath()];
    change(other, 'CREATE TABLE customers (id INTEGER); CREATE TABLE orders (id INTEGER)');
    expect((await refusalOf(sqliteStorage(other))).message).toContain(
      'another program (tables customers, orders)',
    );
    change(marked, 'PRAGMA application_id = 77');
    expect((await refusalOf(sqliteStorage(marked))).message).toContain('another program (without tables)');
    change(newer, 'PRAGMA user_version = 2');
    expect((await refusalOf(sqliteStorage(newer))).message).toContain('tables of version 2');
    expect((await refusalOf(sqliteStorage(root))).message).toContain('is a folder');
    expect((await refusalOf(sqliteStorage(join(root, 'none', 'x.db')))).message).toContain(
      'there is no folder',
    );
    if (process.platform === 'win32') return;
    execFileSync('env', ['mkfifo', fifo]);
    expect((await refusalOf(sqliteStorage(fifo))).message).toContain('is no regular file');
  });

  it('keeps every event when the database is full, and goes on when there is room', async () => {
    const path = newPath();
    const open = (maxPages?: number) =>
      sqlStorage(
        sqliteDatabase({
          ...{ path, place: `sqlite:${path}`, lockTimeout: 100, busyTimeout: 1000, pollInterval: 100 },
          ...{ synchronous: 'full', writer: 'w', maxPages },
        }),
        'w',
      );
    const storage = open(20);
    await storage.append('s', 0, [created]);
    let length = 1;
    const big = { type: 'enqueued', params: { text: 'x'.repeat(3000) } } as const;
    const full = await (async () => {
      for (;;) if (await storage.append('s', length, [big, enqueued(length)])) length += 2;
    })().catch((error: unknown) => error as StorageError);
    expect(full).toMatchObject({ name: 'StorageError', retry: true });
    expect((full as StorageError).message).toContain('is full');
    expect(length).toBeGreaterThan(3);
    expect((await storage.read('s', 0)).length).toBe(length);
    await storage.close();
    const roomy = open();
    expect(await roomy.append('s', length, [big])).toBe(true);
    expect((await roomy.read('s', 0)).length).toBe(length + 1);
  });

  it('answers an append when the log is on disk, and lets other writers append meanwhile', async () => {
    const path = newPath();
    const [storage, other] = [sqliteStorage(path), sqliteStorage(path, { synchronous: 'normal' })];
    await storage.append('s', 0, [created]);
    const { fdatasync } = fs;
    const waiting: (() => void)[] = [];
    fs.fdatasync = ((file: number, done: fs.NoParamCallback) => {
      // What is to be synced is in the log when the sync begins.
      const isThere = readFileSync(`${path}-wal`).includes('"x":0.125');
      waiting.push(() => (isThere ? fdatasync(file, done) : done(new Error('nothing to sync'))));
    }) as typeof fs.fdatasync;
    syncBuiltinESMExports();
    try {
      const slow = sqliteStorage(path);
      let isDone = false;
      const appended = slow.append('s', 1, [enqueued(0.125)]).then((isStored) => {
        isDone = true;
        return isStored;
      });
      while (waiting.length === 0) await new Promise((done) => setTimeout(done, 1));
      expect(await other.append('s', 2, [enqueued(2)])).toBe(true);
      expect(isDone).toBe(false);
      waiting[0]!();
      expect(await appended).toBe(true);
      expect(waiting.length).toBe(1);
      await slow.close();
    } finally {
      fs.fdatasync = fdatasync;
      syncBuiltinESMExports();
    }
    expect(await storage.read('s', 1)).toEqual([enqueued(0.125), enqueued(2)]);
    await storage.close();
    await other.close();
  });

  it('syncs once for all the studies that are appended to while a sync runs', async () => {
    const path = newPath();
    const storage = sqliteStorage(path);
    const names = Array.from({ length: 20 }, (_, i) => `s${i}`);
    for (const name of names) await storage.append(name, 0, [created]);
    const { fdatasync } = fs;
    const logs: Buffer[] = [];
    fs.fdatasync = ((file: number, done: fs.NoParamCallback) => {
      logs.push(readFileSync(`${path}-wal`));
      fdatasync(file, done);
    }) as typeof fs.fdatasync;
    syncBuiltinESMExports();
    try {
      const other = sqliteStorage(path);
      await Promise.all(
        names.map(async (name, i) => {
          expect(await other.append(name, 1, [enqueued(i + 0.25)])).toBe(true);
          // Answered after a sync that began when it was in the log.
          expect(logs.some((log) => log.includes(`"x":${i + 0.25}`))).toBe(true);
        }),
      );
      expect(logs).toHaveLength(2);
      await other.close();
    } finally {
      fs.fdatasync = fdatasync;
      syncBuiltinESMExports();
    }
    for (const [i, name] of names.entries())
      expect(await storage.read(name, 1)).toEqual([enqueued(i + 0.25)]);
    await storage.close();
  });

  it('writes nothing more where its file was deleted, moved or replaced', async () => {
    for (const take of [rmSync, (path: string) => renameSync(path, `${path}.moved`)]) {
      const path = await filled();
      const storage = sqliteStorage(path);
      expect(await storage.append('s', 4, [enqueued(9)])).toBe(true);
      take(path);
      await expect(storage.append('s', 5, [enqueued(9)])).rejects.toThrow('was deleted, moved or replaced');
      await expect(storage.read('s', 0)).rejects.toMatchObject({ name: 'StorageError', retry: false });
      expect(existsSync(path)).toBe(false);
    }
  });

  it.skipIf(process.platform === 'win32')(
    'says that a file is only readable (another user where tests run as root; not on Windows)',
    async () => {
      const folder = join(root, 'read-only');
      mkdirSync(folder);
      const path = join(folder, 'x.db');
      const storage = sqliteStorage(path);
      await fill(storage);
      await storage.close();
      chmodSync(path, 0o444);
      chmodSync(folder, 0o555);
      const isRoot = process.getuid?.() === 0;
      const index = new URL('../index.ts', import.meta.url);
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [
          ...['--conditions=@foothold/source', '--input-type=module', '-e'],
          `const { sqliteStorage } = await import(${JSON.stringify(index.href)});
           const storage = sqliteStorage(${JSON.stringify(path)});
           await storage.append('s', 4, [{ type: 'enqueued', params: {} }]).catch((e) => console.log(e.name, e.retry, e.message));`,
        ],
        { encoding: 'utf8', ...(isRoot && { uid: 65534, gid: 65534, cwd: '/' }) },
      );
      chmodSync(folder, 0o755);
      expect(stdout, stderr).toMatch(/^StorageError false sqlite:.*(can only be read|cannot be opened)/);
    },
  );

  it('waits for the lock of another process, and gives up after busyTimeout with retry', async () => {
    const path = await filled();
    const other = new DatabaseSync(path);
    const [patient, impatient] = [sqliteStorage(path), sqliteStorage(path, { busyTimeout: 20 })];
    other.exec('BEGIN IMMEDIATE');
    expect((await impatient.read('s', 0)).length).toBe(4); // readers do not wait
    const refused = impatient.append('s', 4, [enqueued(9)]);
    await expect(refused).rejects.toMatchObject({ name: 'StorageError', retry: true });
    await expect(refused).rejects.toThrow('is locked by another process');
    const appended = patient.append('s', 4, [enqueued(9)]);
    expect((await sqliteStorage(path).read('s', 0)).length).toBe(4);
    other.exec('COMMIT');
    other.close();
    expect(await appended).toBe(true);
  });

  it('names what works on a Node without SQLite', () => {
    const index = new URL('../index.ts', import.meta.url);
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...['--no-experimental-sqlite', '--conditions=@foothold/source', '--input-type=module', '-e'],
        `const { sqliteStorage } = await import(${JSON.stringify(index.href)});
         await sqliteStorage('x.db').read('s', 0).catch((e) => console.log(e.name, e.message));`,
      ],
      { encoding: 'utf8', cwd: root },
    );
    expect(stdout, stderr).toMatch(
      /^UnsupportedError .*use Node 22.13 or newer, a folder \(fileStorage\) or PostgreSQL/,
    );
  });

  it('knows network file systems by their numbers', () => {
    expect([0x6969, 0xff534d42, 0xff534d42 | 0, 0x01021997].map(networkFileSystem)).toEqual([
      'NFS',
      'CIFS',
      'CIFS',
      '9P',
    ]);
    expect([0xef53, 0x01021994, 0x58465342, 0x794c7630].map(networkFileSystem)).toEqual(
      Array(4).fill(undefined),
    ); // ext4, tmpfs, XFS, overlay
  });
});

describe('processes that share a study in SQLite', () => {
  it('write at once, and every trial is finished once, also after some were killed', async () => {
    const path = newPath();
    const storage = sqliteStorage(path);
    const address = `sqlite:${path}`;
    const killed = [0, 1].map(() => startWorker(address, 60));
    for (const worker of killed) {
      while (worker.told.size < 5 && worker.child.exitCode === null)
        await new Promise((done) => setTimeout(done, 5));
      worker.child.kill('SIGKILL');
      await worker.ended;
    }
    const workers = [0, 1, 2].map(() => startWorker(address, 60));
    for (const { ended } of workers) expect((await ended).code).toBe(0);
    await expectConsistent(storage, [...killed, ...workers], 60);
    await storage.close();
  });
});
