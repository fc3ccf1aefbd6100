import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);
const space = '{"x":{"type":"real","low":0,"high":1},"n":{"type":"int","low":1,"high":5}}';
writeFileSync(
  join(folder, 'slow.cjs'),
  'setTimeout(() => console.log((process.argv[2] - 0.3) ** 2 + process.argv[3] / 10), 60 * process.argv[2]);',
);
const run = `"${process.execPath}" slow.cjs {x} {n}`;
const tune = async (name: string, ...more: string[]) => {
  const result = await foothold(['tune', '--space', space, '--run', run, '--name', name, ...more]);
  expect(result.code, result.err).toBe(0);
};
const replay = (...more: string[]) => foothold(['replay', ...more]);

describe('foothold replay', { timeout: 120_000 }, () => {
  it('finds no difference in a study of three processes, with an enqueued trial, and says how many it replayed', async () => {
    await Promise.all(
      [1, 2, 3].map(() => tune('many', '--trials', '14', '--concurrency', '2', '--enqueue', '{"n":2}')),
    );
    const { code, out, err } = await replay('many');
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe('0 of 14 suggestions differ\n');
  });

  it('names each suggestion that differs, with the first cause, and exits with 1', async () => {
    await tune('other', '--trials', '5', '--sampler', 'tpe', '--enqueue', '{"x":0.5,"n":2}');
    expect((await replay('other')).out).toBe(
      '0 of 4 suggestions differ (1 more trial was enqueued or loaded)\n',
    );
    const differing = await replay('other', '--sampler', 'random');
    expect(differing.code).toBe(1);
    expect(differing.out).toMatch(
      /^trial 1: it was x=\S+ n=\d, now x=\S+ n=\d; the sampler was tpe, now random\n(.*\n){3}4 of 4 suggestions differ/,
    );
    const json = JSON.parse((await replay('other', '--sampler', 'random', '--json')).out);
    expect(json).toMatchObject({ study: 'other', trials: 5, suggestions: 4 });
    expect(json.differing[0]).toMatchObject({
      number: 1,
      recorded: { x: expect.any(Number) },
      suggested: { x: expect.any(Number) },
      cause: { kind: 'sampler', text: 'the sampler was tpe, now random' },
    });
    // Another version, whose sampler chose another point.
    const file = join(folder, 'foothold-studies/other.jsonl');
    const text = readFileSync(file, 'utf8').replaceAll(/,"sum":"\w+"\}/g, '}');
    const older = text
      .replaceAll(/"program":"foothold [^"]*"/g, '"program":"foothold 0.0.1"')
      .replace(/("number":3,"params":\{"x":)[^,]*/, '$10.125');
    writeFileSync(join(folder, 'foothold-studies/older.jsonl'), older);
    const { out } = await replay('older');
    expect(out).toMatch(/^trial 3: it was x=0\.125 .*; the program was foothold 0\.0\.1, now foothold \d/);
    expect(out).toContain('1 of 4 suggestions differ');
  });

  it('takes the earlier studies that the suggestions start from, and says so without them', async () => {
    await tune('first', '--trials', '6', '--sampler', 'sobol');
    await tune('second', '--trials', '4', '--from', 'first');
    const without = await replay('second');
    expect(without.code).toBe(1);
    expect(without.err).toContain(
      'the suggestions start from 1 earlier study (first of 6 trials), which the log does not hold: name each with --from',
    );
    expect((await replay('second', '--from', 'first')).out).toBe('0 of 4 suggestions differ\n');
  });

  it('finds the small stage of a large one, as it was at each suggestion, and says what is missing without it', async () => {
    const both = (trials: readonly [string, string], ...more: string[]) =>
      foothold([
        ...['small-to-large', '--space', space, '--small', run, '--large', `${run} large`, '--name', 'two'],
        ...['--small-trials', trials[0], '--large-trials', trials[1], ...more],
      ]);
    expect((await both(['5', '3'])).code).toBe(0);
    expect((await both(['7', '6'])).code).toBe(0);
    const found = await replay('two-large');
    expect([found.code, found.err, found.out]).toEqual([
      0,
      '',
      '0 of 5 suggestions differ (1 more trial was enqueued or loaded)\n',
    ]);
    // Trials that are told otherwise make other suggestions.
    const file = (name: string) => join(folder, `foothold-studies/${name}.jsonl`);
    const small = readFileSync(file('two-small'), 'utf8').replaceAll(/,"sum":"\w+"\}/g, '}');
    const copy = (name: string) => writeFileSync(file(name), readFileSync(file('two-large')));
    copy('less-large');
    writeFileSync(file('less-small'), `${small.split('\n').slice(0, 5).join('\n')}\n`);
    expect((await replay('less-large')).err).toMatch(
      /start from the 5 trials of the small stage less-small, which has \d now; name a study that has them with --from/,
    );
    copy('alone-large');
    const alone = await replay('alone-large');
    expect([alone.code, alone.err]).toEqual([
      1,
      expect.stringContaining('small stage alone-small, and foothold-studies has no such study'),
    ]);
    expect((await replay('alone-large', '--from', 'two-small')).err).toBe('');
  });

  it('refuses a study that is not there, and a sampler that only a program can make', async () => {
    expect((await replay('none')).err).toContain('there is no study "none" in foothold-studies; there are');
    const log = [
      { type: 'created', space: JSON.parse(space), goal: { direction: 'minimize' }, seed: 0, format: 2 },
      { type: 'configured', sampler: { name: 'mine' } },
      { type: 'asked', number: 0, params: { x: 0, n: 1 }, lease: { owner: 'a' } },
    ];
    const lines = log.map((event, at) => JSON.stringify({ at, by: `w:${at}`, events: [event] }));
    writeFileSync(join(folder, 'foothold-studies/mine.jsonl'), `${lines.join('\n')}\n`);
    const { code, err } = await replay('mine');
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('foothold replay does not support the sampler mine'),
    ]);
  });
});
