import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, StorageError, type StudyEvent, seeded } from '@foothold/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStorage, memoryStorage, optimize } from '../index.ts';
import { objective, open, sampler } from '../study.fixture.ts';
import { openDamaged, openDamagedCopies, wholeLog } from './damaged-log.fixture.ts';

let root = '';
let folders = 0;
let whole: readonly StudyEvent[] = [];
let bytes: Buffer = Buffer.alloc(0);
const folder = async () => {
  const path = join(root, `${folders++}`);
  await mkdir(path);
  return path;
};
const holding = async (content: Buffer | string) => {
  const directory = await folder();
  await writeFile(join(directory, 'study.jsonl'), content);
  return directory;
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'foothold-damage-'));
  ({ bytes, events: whole } = await wholeLog());
});
afterAll(() => rm(root, { recursive: true, force: true }));

const opened = (copy: Buffer) => openDamaged(copy, { bytes, events: whole });

describe('a damaged log', () => {
  it('L1: is refused, read alike, or read up to a torn end that is said, in 210 damaged copies', async () => {
    const counts = await openDamagedCopies(210, seeded('damage'), { bytes, events: whole });
    expect(counts.refused).toBeGreaterThan(100);
    expect(counts.said).toBeGreaterThan(10);
  }, 60_000);

  it('L1: is refused for every bit that is flipped in its last two lines, or said where the end is torn', async () => {
    const start = bytes.lastIndexOf(10, bytes.lastIndexOf(10, bytes.length - 2) - 1) + 1;
    for (let i = start; i < bytes.length; i++) {
      const copy = Buffer.from(bytes);
      copy[i]! ^= 1 << (i % 8);
      expect(await opened(copy)).toMatch(/refused|said|alike/);
    }
  }, 60_000);

  const wide = (text: Buffer) => Buffer.from(`\ufeff${text.toString('utf8')}`, 'utf16le');
  it.each([
    ['NUL bytes', () => Buffer.alloc(500)],
    ['NUL bytes with line breaks', () => Buffer.from('\0\0\0\n\0\0\0\n')],
    ['UTF-16', () => wide(bytes)],
    ['UTF-16 without its mark', () => wide(bytes).subarray(2)],
    ['UTF-16, big end first', () => wide(bytes).swap16()],
    ['Latin-1', () => Buffer.from(bytes.toString('utf8'), 'latin1')],
    ['old Mac line ends', () => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r'), 'latin1')],
    [
      'JSON on several lines',
      () => Buffer.from(bytes.toString('utf8').trim().split('\n').map(pretty).join('\n')),
    ],
    ['noise', () => Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i * 31 + i * 7 + 128) % 256))],
    ['a line nested 100,000 deep', () => Buffer.concat([bytes, Buffer.from(deep(100_000))])],
    ['params nested 100,000 deep', () => Buffer.from(deepEvent(100_000))],
    ['params nested 5,000 deep', () => Buffer.from(deepEvent(5000))],
    ['a picture', () => Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')],
    ['a table', () => Buffer.from('x,value\n1,2\n')],
    ['records in the middle of a study', () => bytes.subarray(bytes.indexOf(10) + 1)],
  ])('L1: is refused and not appended to when it is %s', async (_, make) => {
    expect(await opened(make())).toBe('refused');
  });

  it('L1: of an earlier version, without checksums, opens and goes on, and its lines are checked from then on', async () => {
    const plain = bytes.toString('utf8').replaceAll(/,"sum":"\w+"\}/g, '}');
    const directory = await holding(plain);
    expect(await fileStorage(directory).read('study', 0)).toEqual(whole);
    await optimize(open({ storage: fileStorage(directory) }), objective, { newTrials: 3 });
    const later = await fileStorage(directory).read('study', 0);
    expect(later.slice(0, whole.length)).toEqual(whole);
    expect(later.length).toBe(whole.length + 6);
    const path = join(directory, 'study.jsonl');
    const text = await readFile(path, 'utf8');
    const changed = text.replace(/"value":(0\.\d+)/, (_found, value: string) => `"value":${value}1`);
    expect(changed).not.toBe(text);
    await writeFile(path, changed);
    await expect(fileStorage(directory).read('study', 0)).rejects.toThrow('does not agree with its checksum');
  });

  it('L1: is refused when the records of two writers for one position were exchanged, or the first was lost', async () => {
    const directory = await folder();
    const [a, b] = [fileStorage(directory), fileStorage(directory)];
    const enqueued = (x: number): StudyEvent => ({ type: 'enqueued', params: { x, n: 1, c: 'a' } });
    await a.append('study', 0, whole.slice(0, 1));
    await b.read('study', 0);
    for (let at = 1; at < 40; at++)
      await Promise.all([a.append('study', at, [enqueued(at)]), b.append('study', at, [enqueued(-at)])]);
    const events = await a.read('study', 0);
    const lines = (await readFile(join(directory, 'study.jsonl'), 'utf8')).trim().split('\n');
    const positions = lines.map((line) => (JSON.parse(line) as { at: number }).at);
    const lost = positions.flatMap((at, i) =>
      i > 0 && at === positions[i - 1] && i < lines.length - 1 ? [i] : [],
    );
    expect(lost.length).toBeGreaterThan(5);
    for (const i of lost) {
      const rest = [...lines.slice(0, i - 1), lines[i]!, ...lines.slice(i + 1)];
      const swapped = [...lines.slice(0, i - 1), lines[i]!, lines[i - 1]!, ...lines.slice(i + 1)];
      for (const text of [rest, swapped])
        await expect(fileStorage(await holding(`${text.join('\n')}\n`)).read('study', 0)).rejects.toThrow(
          'does not agree with its checksum',
        );
      const without = await holding(`${lines.filter((_, k) => k !== i).join('\n')}\n`);
      expect(await fileStorage(without).read('study', 0)).toEqual(events);
    }
  });

  it('L1: says how much of a torn end was left out and goes on without it, once', async () => {
    const cut = bytes.length - 30;
    const directory = await holding(bytes.subarray(0, cut));
    const study = open({ storage: fileStorage(directory) });
    const [torn, ...more] = await study.torn();
    const from = bytes.lastIndexOf(10, cut) + 1;
    expect(more).toEqual([]);
    expect(torn).toEqual({
      bytes: cut - from,
      offset: from,
      event: whole.length - 1,
      keptIn: `${join(directory, 'study.jsonl')}.torn-${from}`,
      isNew: true,
    });
    expect(await readFile(torn!.keptIn!)).toEqual(bytes.subarray(from, cut));
    await optimize(study, objective, { trials: 31 });
    expect(await fileStorage(directory).torn('study')).toEqual([{ ...torn, isNew: false }]);
    expect((await fileStorage(directory).read('study', 0)).slice(0, whole.length - 1)).toEqual(
      whole.slice(0, -1),
    );
    expect((await readdir(directory)).length).toBe(2);
  });

  it('L1: keeps what a writer left unfinished when another wrote behind it without seeing it', async () => {
    const directory = await holding(bytes);
    const storage = fileStorage(directory);
    await storage.read('study', 0);
    const path = join(directory, 'study.jsonl');
    const next: StudyEvent = { type: 'enqueued', params: { x: 0.25, n: 1, c: 'a' } };
    const other = await holding(bytes);
    await fileStorage(other).append('study', whole.length, [next]);
    const line = (await readFile(join(other, 'study.jsonl'))).subarray(bytes.length);
    await appendFile(path, Buffer.concat([line.subarray(0, 25), line]));
    expect(await fileStorage(directory).read('study', 0)).toEqual(whole); // its writer saw this and wrote again
    expect(await storage.append('study', whole.length, [next])).toBe(true);
    expect(await fileStorage(directory).read('study', 0)).toEqual([...whole, next]);
    expect((await storage.torn('study')).map(({ bytes: size }) => size)).toEqual([25 + line.length - 1]);
  });
});

describe('what is no log', () => {
  it('L2: a data set of that name is refused and not appended to', async () => {
    const data = '{"text":"a","label":1}\n{"text":"b","label":0}\n';
    expect(await opened(Buffer.from(data))).toBe('refused');
    const storage = fileStorage(await holding(data));
    await expect(storage.read('study', 0)).rejects.toThrow(/line 1 is ".*no record of a study's log/);
  });

  it.skipIf(process.platform === 'win32')(
    'L2: a FIFO, a device, a folder and a link to nothing are refused at once (not on Windows)',
    async () => {
      const directory = await folder();
      const path = (name: string) => join(directory, `${name}.jsonl`);
      execFileSync('env', ['mkfifo', path('fifo')]);
      await symlink('/dev/zero', path('device'));
      await symlink('/dev/null', path('null'));
      await symlink(join(directory, 'nowhere'), path('link'));
      await symlink(path('loop'), path('loop'));
      await mkdir(path('folder'));
      for (const name of ['fifo', 'device', 'null', 'link', 'loop', 'folder']) {
        const storage = fileStorage(directory);
        await expect(storage.read(name, 0), name).rejects.toThrow(StorageError);
        await expect(storage.append(name, 0, whole.slice(0, 1)), name).rejects.toThrow(
          / is a .*regular file/,
        );
        await expect(open({ storage, name }).ask(), name).rejects.toThrow(StorageError);
      }
      expect((await readdir(directory)).sort()).toEqual(
        ['device', 'fifo', 'folder', 'link', 'loop', 'null'].map((name) => `${name}.jsonl`),
      );
    },
  );

  it.each([
    ['deeper than a log may be', () => deepJson(200), StorageError],
    ['deeper than JSON can be written', () => deepJson(50_000), InvalidArgumentError],
    ['inside itself', () => inItself(), InvalidArgumentError],
  ])('L2: what a sampler says is refused before it is written when it is %s', async (_, make, kind) => {
    const why = { inner: make() };
    const nested = { ...sampler, sample: () => [{ params: { x: 0, n: 1, c: 'a' }, why }] } as never;
    const study = open({ storage: memoryStorage(), sampler: nested });
    await expect(study.ask()).rejects.toThrow(kind);
    expect((await study.log()).length).toBe(1);
  });
});

const pretty = (line: string) => JSON.stringify(JSON.parse(line), undefined, 2);
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const deepJson = (levels: number): unknown => JSON.parse(deep(levels));
const inItself = () => {
  const it: Record<string, unknown> = {};
  it['self'] = it;
  return it;
};
const deepEvent = (levels: number) =>
  `{"at":0,"by":"a:0","events":[{"type":"enqueued","params":{"x":${deep(levels)}}}]}\n`;
