import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { type Storage, StorageError, type StudyEvent, seeded } from '@foothold/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStorage, optimize, replay } from '../index.ts';
import { objective, open, type P } from '../study.fixture.ts';
import { lineOf } from './record-line.ts';

const root = mkdtempSync(join(tmpdir(), 'foothold-snapshot-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** More events than a study reads without making a snapshot. */
const many = 10_000;
let log = Buffer.alloc(0);
let snapshot = Buffer.alloc(0);
let whole: readonly StudyEvent[] = [];

/** A folder with the long study; without its snapshot unless one is given. */
function folderWith(content: Buffer | string, beside?: Buffer): string {
  const directory = mkdtempSync(join(root, 'study-'));
  writeFileSync(join(directory, 'study.jsonl'), content);
  if (beside) writeFileSync(join(directory, 'study.jsonl.snapshot'), beside);
  return directory;
}

/** The storage of a folder, and the positions from which it was read. */
function watched(directory: string): { readonly storage: Storage; readonly reads: number[] } {
  const storage = fileStorage(directory);
  const reads: number[] = [];
  return {
    storage: {
      ...storage,
      read: (study, from) => {
        reads.push(from);
        return storage.read(study, from);
      },
    },
    reads,
  };
}

beforeAll(async () => {
  const directory = mkdtempSync(join(root, 'first-'));
  const study = open({ storage: fileStorage(directory) });
  await study.load(
    Array.from({ length: many }, (_, i) => ({ params: { x: i / many, n: i % 10, c: 'a' }, value: i })),
  );
  await optimize(study, objective, { newTrials: 20 });
  await study.enqueue({ x: 0.5, n: 3, c: 'b' });
  await study.report((await study.ask()).number, 2, 0.25);
  expect(readdirSync(directory)).toEqual(['study.jsonl']); // it was short when it was opened
  await open({ storage: fileStorage(directory) }).trials();
  expect(readdirSync(directory)).toEqual(['study.jsonl', 'study.jsonl.snapshot']);
  log = readFileSync(join(directory, 'study.jsonl'));
  snapshot = readFileSync(join(directory, 'study.jsonl.snapshot'));
  whole = await study.log();
});

describe('the snapshot beside a log', () => {
  it('stands for the events that it holds, and the study goes on to the same events', async () => {
    const [with_, without] = [folderWith(log, snapshot), folderWith(log)];
    const seen = watched(with_);
    const study = open({ storage: seen.storage });
    expect(await study.trials()).toEqual(replay(whole).trials);
    expect(seen.reads[0]).toBe(whole.length);
    await optimize(study, objective, { newTrials: 5 });
    expect(seen.reads).not.toContain(0);
    const other = open({ storage: fileStorage(without) });
    await optimize(other, objective, { newTrials: 5 });
    expect(await study.log()).toEqual(await other.log());
    expect((await study.log()).slice(0, whole.length)).toEqual(whole);
    const again = open({ storage: watched(with_).storage });
    expect(await again.trials()).toEqual(await other.trials());
  });

  it('is not needed: damaged, cut, of another version or of another log, it changes nothing', async () => {
    const rng = seeded('snapshots');
    const expected = replay(whole).trials;
    const flipped = () => {
      const copy = Buffer.from(snapshot);
      copy[Math.floor(rng.next() * copy.length)]! ^= 1 << Math.floor(8 * rng.next());
      return copy;
    };
    const text = snapshot.toString('utf8');
    const copies: readonly (readonly [string, Buffer])[] = [
      ['empty', Buffer.alloc(0)],
      ['noise', Buffer.from('{"snapshot":1}\nnoise')],
      ['cut', snapshot.subarray(0, snapshot.length / 2)],
      ['of a newer version', Buffer.from(text.replace('{"snapshot":1', '{"snapshot":2'))],
      ['longer', Buffer.concat([snapshot, Buffer.from(' ')])],
      ...Array.from({ length: 12 }, (_, i) => [`flipped ${i}`, flipped()] as const),
    ];
    for (const [name, copy] of copies) {
      const { storage, reads } = watched(folderWith(log, copy));
      expect(await open({ storage }).trials(), name).toEqual(expected);
      expect(reads[0], name).toBe(0);
    }
    const another = mkdtempSync(join(root, 'other-'));
    const study = open({ storage: fileStorage(another), seed: 8 });
    await optimize(study, objective, { newTrials: 3 });
    writeFileSync(join(another, 'study.jsonl.snapshot'), snapshot);
    const { storage } = watched(another);
    expect(await open({ storage, seed: 8 }).trials()).toEqual(await study.trials());
  });

  it('hides no damage: an edited log is refused with it as without it', async () => {
    const rng = seeded('edited');
    for (let i = 0; i < 20; i++) {
      const copy = Buffer.from(log);
      copy[Math.floor(rng.next() * (copy.length - 400))]! ^= 1 << Math.floor(8 * rng.next());
      for (const directory of [folderWith(copy), folderWith(copy, snapshot)]) {
        await expect(open({ storage: fileStorage(directory) }).ask()).rejects.toThrow(StorageError);
        expect(readFileSync(join(directory, 'study.jsonl')).equals(copy)).toBe(true);
      }
    }
    const cut = log.subarray(0, log.lastIndexOf(10, log.length - 2) + 1);
    const { storage } = watched(folderWith(cut, snapshot));
    expect((await open({ storage }).log()).length).toBe(whole.length - 1);
  });

  it('keeps what a crash left, and a line of a writer that lost a race long before', async () => {
    const torn = '{"at":10,"by":"w:1","events":[{"ty';
    const directory = folderWith(Buffer.concat([log, Buffer.from(torn)]));
    await open({ storage: fileStorage(directory) }).enqueue({ n: 1 }); // its opening made a snapshot before that
    const long = fileStorage(directory);
    const count = (await long.read('study', 0)).length;
    await long.writeSnapshot('study', { length: count, state: 'of another format' });
    const reader = fileStorage(directory);
    expect((await reader.readSnapshot('study'))?.length).toBe(count);
    const [found] = await reader.torn('study');
    expect(found).toMatchObject({ bytes: torn.length, offset: log.length, event: whole.length });
    expect(readFileSync(found!.keptIn!, 'utf8')).toBe(torn);

    const first = readFileSync(join(directory, 'study.jsonl')).toString('utf8').split('\n')[0]!;
    const before = Number.parseInt(/"sum":"(\w+)"/.exec(first)![1]!, 16);
    const late = lineOf(
      { at: 1, by: 'late:0', events: whole.slice(0, 1) },
      { before, afterTail: false, crc32 },
    );
    const path = join(directory, 'study.jsonl');
    appendFileSync(path, late);
    expect(await reader.read('study', count)).toEqual([]);
    expect(await reader.append('study', count, whole.slice(-1))).toBe(true);
    expect((await reader.read('study', 0)).length).toBe(count + 1);
    expect(await reader.torn('study')).toHaveLength(1);
  });

  it('is whole after several processes wrote it at once', async () => {
    const directory = folderWith(log);
    const script = fileURLToPath(new URL('./worker.fixture.ts', import.meta.url));
    const processes = [0, 1, 2].map(() =>
      spawn(process.execPath, ['--conditions=@foothold/source', script, directory, '', '0', 'study']),
    );
    const codes = await Promise.all(processes.map(async (child) => (await once(child, 'close'))[0]));
    expect(codes).toEqual([0, 0, 0]);
    expect(readdirSync(directory).sort()).toEqual(['study.jsonl', 'study.jsonl.snapshot']);
    const { storage, reads } = watched(directory);
    expect(await open({ storage }).trials()).toEqual(replay(whole).trials);
    expect(reads[0]).toBe(whole.length);
  });
});

describe('a study whose file went away', () => {
  const told = { state: 'complete', value: 1 } as const;
  const begun = async () => {
    const directory = mkdtempSync(join(root, 'gone-'));
    const study = open({ storage: fileStorage(directory) });
    await optimize(study, objective, { newTrials: 3 });
    return { directory, study, trial: await study.ask() };
  };

  it('writes nothing where it was renamed or removed by another process, and its old name stays free', async () => {
    for (const change of ['rename', 'remove'] as const) {
      const { directory, study, trial } = await begun();
      const other = fileStorage(directory);
      await (change === 'rename' ? other.rename('study', 'kept') : other.remove('study'));
      await expect(study.tell(trial.number, told)).rejects.toMatchObject({
        name: 'StorageError',
        retry: false,
      });
      await expect(study.tell(trial.number, told)).rejects.toThrow('deleted, renamed, cut or replaced');
      expect(readdirSync(directory)).toEqual(change === 'rename' ? ['kept.jsonl'] : []);
    }
  });

  it('writes nothing into another study that took its name, however long that has become', async () => {
    const { directory, study, trial } = await begun();
    await fileStorage(directory).remove('study');
    const newer = open({ storage: fileStorage(directory), seed: 8 });
    await optimize(newer, (p: P) => objective(p), { newTrials: 5 });
    const running = await newer.ask();
    const content = readFileSync(join(directory, 'study.jsonl'));
    expect(running.number).toBeGreaterThan(trial.number);
    await expect(study.tell(trial.number, told)).rejects.toThrow('deleted, renamed, cut or replaced');
    await expect(study.ask()).rejects.toThrow(StorageError);
    expect(readFileSync(join(directory, 'study.jsonl')).equals(content)).toBe(true);
  });

  it('goes on when the file was put back', async () => {
    const { directory, study, trial } = await begun();
    const path = join(directory, 'study.jsonl');
    const content = readFileSync(path);
    rmSync(path);
    await expect(study.tell(trial.number, told)).rejects.toThrow(StorageError);
    writeFileSync(path, content);
    await study.tell(trial.number, told);
    expect((await study.trials())[trial.number]).toMatchObject(told);
    expect(replay(await study.log()).trials).toEqual(await study.trials());
  });
});
