import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, type Storage, StorageError, type StudyEvent, seeded } from '@foothold/core';
import { describeStorage } from '@foothold/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStudy, fileStorage, memoryStorage, optimize, replay } from '../index.ts';
import { objective, sampler, space } from '../study.fixture.ts';

const created: StudyEvent = { type: 'created', goal: { direction: 'minimize' }, seed: 1 };
const enqueued = (x: number, text = 'é—✓'): StudyEvent => ({ type: 'enqueued', params: { x, text } });

let root = '';
let folders = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'foothold-storage-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));
const folder = () => join(root, `${folders++}`, 'deep');

describeStorage('memoryStorage', memoryStorage, (storage) => storage);
/** The folder of each storage that the suite opened. */
const opened = new WeakMap<Storage, string>();
const inFolder = (directory: string) => {
  const storage = fileStorage(directory);
  opened.set(storage, directory);
  return storage;
};
describeStorage(
  'fileStorage',
  () => inFolder(folder()),
  (storage) => inFolder(opened.get(storage)!),
);

describe('fileStorage', () => {
  it('keeps a study under any name, each in a file of its own inside the folder', async () => {
    const directory = folder();
    const names = ['a/b', '..', '../x', 'C:\\x', 'small to large', '__proto__', 'é', '.'];
    for (const [i, name] of names.entries())
      expect(await fileStorage(directory).append(name, 0, [enqueued(i)])).toBe(true);
    for (const [i, name] of names.entries())
      expect(await fileStorage(directory).read(name, 0)).toEqual([enqueued(i)]);
    for (const name of ['', '\ud800', 'x'.repeat(201)])
      await expect(fileStorage(directory).read(name, 0)).rejects.toThrow(InvalidArgumentError);
  });

  it('loses no finished write wherever the file is torn, and heals by the next append', async () => {
    const directory = folder();
    const events = [created, ...[...Array(6).keys()].map((x) => enqueued(x))];
    const whole = fileStorage(directory);
    for (const [at, event] of events.entries()) await whole.append('s', at, [event]);
    const path = join(directory, 's.jsonl');
    const bytes = await readFile(path);
    const ends = [...bytes.keys()].filter((i) => bytes[i] === 0x0a);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      await writeFile(path, bytes.subarray(0, cut));
      const kept = ends.filter((end) => end <= cut).length; // a line is whole from its last brace on
      const storage = fileStorage(directory);
      expect(await storage.read('s', 0)).toEqual(events.slice(0, kept));
      if (cut % 7 > 0) continue;
      expect(await storage.append('s', kept, [enqueued(100)])).toBe(true);
      const after = [...events.slice(0, kept), enqueued(100)];
      expect(await storage.read('s', 0)).toEqual(after);
      expect(await fileStorage(directory).read('s', 0)).toEqual(after);
      expect((await storage.torn('s')).length).toBe(
        ends.includes(cut) || ends.includes(cut - 1) || cut === 0 ? 0 : 1,
      );
    }
  });

  it('survives unfinished records between the lines, and says so when a finished line is damaged', async () => {
    const directory = folder();
    const path = join(directory, 's.jsonl');
    const storage = fileStorage(directory);
    await storage.append('s', 0, [created]);
    const rng = seeded('unfinished');
    for (let at = 1; at < 40; at++) {
      const record = `{"at":${at},"by":"other:${at}","events":[${JSON.stringify(enqueued(at))}],"sum":"01234567"}`;
      const cut = Buffer.from(record).subarray(0, Math.floor(rng.next() * (Buffer.byteLength(record) - 1)));
      await appendFile(path, Buffer.concat([cut, Buffer.alloc(rng.next() < 0.2 ? 100 : 0)]));
      expect(await fileStorage(directory).append('s', at, [enqueued(at)])).toBe(true);
    }
    expect((await storage.read('s', 0)).length).toBe(40);
    const torn = await storage.torn('s');
    expect(torn.length).toBeGreaterThan(30);
    for (const { keptIn, bytes, offset } of torn) {
      const copy = await readFile(keptIn!);
      expect(copy).toEqual((await readFile(path)).subarray(offset, offset + bytes));
    }
    const text = await readFile(path, 'latin1');
    await writeFile(path, text.replace('"at":17', '"at":1!'), 'latin1');
    await expect(fileStorage(directory).read('s', 0)).rejects.toThrow(StorageError);
    await expect(fileStorage(directory).append('s', 17, [created])).rejects.toMatchObject({ retry: false });
  });

  it('notices that the file was replaced by a shorter one', async () => {
    const directory = folder();
    const storage = fileStorage(directory);
    for (let at = 0; at < 3; at++) await storage.append('s', at, [enqueued(at)]);
    await truncate(join(directory, 's.jsonl'), 0);
    expect(await storage.read('s', 0)).toEqual([]);
    expect(await storage.append('s', 0, [created])).toBe(true);
    await rm(join(directory, 's.jsonl'));
    expect(await storage.read('s', 0)).toEqual([]);
  });

  it('reads one event of a large record once, as long as the file has it', async () => {
    const directory = folder();
    const storage = fileStorage(directory);
    await storage.append('a', 0, [created, ...[1, 2, 3].map((x) => enqueued(x))]);
    await storage.read('a', 0);
    const last = async () => (await storage.read('a', 3, 1))[0];
    const first = await last();
    expect(first).toEqual(enqueued(3));
    expect(await last()).toBe(first);
    await fileStorage(directory).append('a', 4, [enqueued(4)]);
    expect(await last()).toBe(first);
    expect(await storage.read('a', 2, 1)).toEqual([enqueued(2)]);
    expect(await last()).toEqual(first);
    await fileStorage(directory).remove('a');
    expect(await last()).toBeUndefined();
    await fileStorage(directory).append('a', 0, [created, ...[5, 6, 7].map((x) => enqueued(x))]);
    expect(await last()).toBeUndefined();
    await storage.read('a', 0);
    expect(await last()).toEqual(enqueued(7));
  });
  it('throws StorageError where the folder cannot be one', async () => {
    const path = join(root, 'a-file');
    await writeFile(path, 'x');
    await expect(fileStorage(path).append('s', 0, [created])).rejects.toThrow(StorageError);
    await expect(fileStorage(join(path, 'x')).read('s', 0)).rejects.toThrow(StorageError);
  });

  it.skipIf(process.platform !== 'linux')(
    'ends where the system refuses new folders as "no such file" (/proc: Linux only)',
    async () => {
      const appended = fileStorage('/proc/x/y').append('s', 0, [created]);
      await expect(appended).rejects.toMatchObject({ name: 'StorageError', retry: false });
      await expect(appended).rejects.toThrow(/the folder \/proc\/x\/y cannot be made: ENOENT.*'\/proc\/x'/);
    },
  );

  it('refuses an empty path, which would be the root folder', () => {
    expect(() => fileStorage('')).toThrow(InvalidArgumentError);
    expect(() => fileStorage('')).toThrow('directory is ""');
  });

  it('lets several objects share a file', async () => {
    const directory = folder();
    const writers = [...Array(4).keys()].map(() => fileStorage(directory));
    const study = (i: number) =>
      createStudy({
        space,
        sampler,
        direction: 'minimize',
        storage: writers[i]!,
        lease: { owner: `w${i}`, alive: () => true },
      });
    const studies = writers.map((_, i) => study(i));
    await Promise.all(studies.map((s) => optimize(s, objective, { newTrials: 5 })));
    const trials = await studies[0]!.trials();
    expect(trials.map((t) => t.state)).toEqual(Array(20).fill('complete'));
    expect(replay(await fileStorage(directory).read('study', 0)).trials).toEqual(trials);
  });
});

describe('processes that share a study', () => {
  const start = (directory: string, owner: string, total: number) =>
    spawn(
      process.execPath,
      [
        '--conditions=@foothold/source',
        fileURLToPath(new URL('./worker.fixture.ts', import.meta.url)),
        directory,
        owner,
        `${total}`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
  const ended = async (child: ReturnType<typeof start>) => {
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    const [code] = await once(child, 'close');
    return { code, out, err };
  };

  it('write at once, and every trial is finished once', async () => {
    const directory = folder();
    const results = await Promise.all(['', '', ''].map((owner) => ended(start(directory, owner, 60))));
    expect(results.map(({ code, err }) => [code, err.replaceAll(/.*[Ww]arning.*\n/g, '')])).toEqual(
      Array(3).fill([0, '']),
    );
    const events = await fileStorage(directory).read('shared', 0);
    const { trials } = replay(events);
    const finished = results.map(({ out }) => (JSON.parse(out) as { finished: number }).finished);
    expect(finished.reduce((a, b) => a + b)).toBe(trials.length);
    expect(trials.length).toBe(60); // P2: not one more
    expect(trials.every((t) => t.state === 'complete')).toBe(true);
    const told = events.filter((e) => e.type === 'told').map((e) => e.number);
    expect(new Set(told).size).toBe(told.length);
  });

  it('leave a study that another run finishes when they are killed', async () => {
    const directory = folder();
    for (let life = 0; life < 4; life++) {
      const child = start(directory, '', 500);
      const exit = once(child, 'close');
      for (let seen = 0; seen < (life + 1) * 12 && child.exitCode === null; )
        seen = (await fileStorage(directory).read('shared', 0)).length;
      child.kill('SIGKILL');
      await exit;
    }
    const before = replay(await fileStorage(directory).read('shared', 0)).trials;
    const { code, out } = await ended(start(directory, '', before.length + 5));
    expect(code).toBe(0);
    const { trials } = replay(await fileStorage(directory).read('shared', 0));
    expect(trials.map((t) => t.state)).toEqual(Array(before.length + 5).fill('complete'));
    expect(JSON.parse(out).finished).toBe(5 + before.filter((t) => t.state === 'running').length);
    for (const trial of before) if (trial.state === 'complete') expect(trials[trial.number]).toEqual(trial);
  });
});
