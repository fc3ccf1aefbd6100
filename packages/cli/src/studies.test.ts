import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { fileStorage, replay } from '@foothold/study';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, commandIn, node, startIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-studies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);
const storage = fileStorage(join(folder, 'foothold-studies'));
const trialsOf = async (name: string) => replay(await storage.read(name, 0)).trials;
const space = '{"x":{"type":"real","low":0,"high":1}}';
const tune = (name: string, trials: number, ...more: readonly string[]) =>
  foothold([
    'tune',
    '--space',
    space,
    '--run',
    `${node} -p ({x}-0.3)**2`,
    '--name',
    name,
    '--sampler',
    'random',
    '--trials',
    String(trials),
    ...more,
  ]);
const optuna = gunzipSync(
  readFileSync(fileURLToPath(new URL('../../sources/src/fixtures/optuna-5.0.0.db.gz', import.meta.url))),
);

beforeAll(async () => {
  writeFileSync(join(folder, 'optuna.db'), optuna);
  await tune('first', 3);
}, 60_000);

describe('foothold studies', { timeout: 60_000 }, () => {
  it('lists the studies, also where one of them is damaged', async () => {
    await foothold(['studies', 'copy', 'first', 'damaged']);
    writeFileSync(join(folder, 'foothold-studies/damaged.jsonl'), 'no log\n');
    const { out, err, code } = await foothold(['studies']);
    expect(code).toBe(0);
    const [heading, row, ...more] = out.trimEnd().split('\n');
    expect(heading).toMatch(/^name +trials +best +state +changed +direction$/);
    expect(row).toMatch(/^first +3 +\S+ +idle +\d+ s ago +minimize$/);
    expect(more).toEqual([]);
    expect(err).toContain('study damaged cannot be read: ');
    expect((await foothold(['studies', 'delete', 'damaged', '--yes'])).code).toBe(0);
    const json = JSON.parse((await foothold(['studies', '--json'])).out);
    expect(json.studies).toMatchObject([{ name: 'first', activity: 'idle', counts: { complete: 3 } }]);
    expect((await foothold(['studies', '--storage', 'nowhere'])).out).toBe(
      'there are no studies in nowhere\n',
    );
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  it('shows one, and names the others where there is none of that name', async () => {
    const { out } = await foothold(['studies', 'show', 'first', '--last', '2']);
    expect(out).toMatch(/^state +idle$/m);
    expect(out).toMatch(/^trials +3 complete$/m);
    expect(out).toMatch(/^goal +minimize value$/m);
    expect(out).toMatch(/^run +.*\*\*2$/m);
    expect(out).toContain('x  real 0 to 1');
    expect(
      out
        .trimEnd()
        .split('\n')
        .slice(-2)
        .map((line) => line.trim().split(/ +/)[0]),
    ).toEqual(['1', '2']);
    expect(JSON.parse((await foothold(['studies', 'show', 'first', '--space'])).out)).toEqual(
      JSON.parse(space),
    );
    const json = JSON.parse((await foothold(['studies', 'show', 'first', '--json'])).out);
    expect(json).toMatchObject({ name: 'first', seed: 0, space: JSON.parse(space), trials: [{}, {}, {}] });
    const absent = await foothold(['studies', 'show', 'frist']);
    expect([absent.code, absent.err]).toEqual([
      1,
      'foothold: there is no study "frist" in foothold-studies; there are first\n',
    ]);
  });

  it('copies one, which goes on as it would have, to another name or folder', async () => {
    expect((await foothold(['studies', 'copy', 'first', 'second'])).out).toBe('copied first to second\n');
    await tune('first', 5);
    await tune('second', 5);
    expect((await trialsOf('second')).map(({ params }) => params)).toEqual(
      (await trialsOf('first')).map(({ params }) => params),
    );
    const taken = await foothold(['studies', 'copy', 'first', 'second']);
    expect([taken.code, taken.err]).toEqual([
      1,
      'foothold: there is a study second already: choose another name\n',
    ]);
    expect((await foothold(['studies', 'copy', 'first', '$(rm)'])).err).toContain(
      'the name of a study is "$(rm)"',
    );
    await foothold(['studies', 'copy', 'first', 'first', '--to-storage', 'archive']);
    expect(await fileStorage(join(folder, 'archive')).read('first', 0)).toEqual(
      await storage.read('first', 0),
    );
  });

  it('renames one, and never onto another', async () => {
    await foothold(['studies', 'copy', 'first', 'a']);
    await foothold(['studies', 'copy', 'first', 'b']);
    expect((await foothold(['studies', 'rename', 'a', 'b'])).err).toContain('a study of this name is there');
    expect((await foothold(['studies', 'rename', 'a', 'c'])).out).toBe('renamed a to c\n');
    expect(await storage.studies()).not.toContain('a');
    expect(await trialsOf('c')).toEqual(await trialsOf('first'));
  });

  it('deletes one only where it is told to', async () => {
    await foothold(['studies', 'copy', 'first', 'gone']);
    const unasked = await foothold(['studies', 'delete', 'gone']);
    expect([unasked.code, unasked.err]).toEqual([
      1,
      'foothold: there is no terminal to ask at: --yes deletes without asking\n',
    ]);
    expect(await storage.studies()).toContain('gone');
    expect((await foothold(['studies', 'delete', 'gone', '--yes'])).out).toBe('deleted gone\n');
    expect(await storage.studies()).not.toContain('gone');
  });

  it('neither deletes nor renames one that a worker evaluates, until it is forced to', async () => {
    const slow = startIn(folder, [
      'tune',
      '--space',
      space,
      '--name',
      'busy',
      '--trials',
      '1',
      '--sampler',
      'random',
      '--run',
      `${node} -e setTimeout(()=>0,60000,{x})`,
    ]);
    const isBusy = async () => (await trialsOf('busy')).some(({ state }) => state === 'running');
    while (!(await isBusy())) await new Promise((done) => setTimeout(done, 50));
    expect((await foothold(['studies'])).out).toMatch(/^busy +1 +- +running /m);
    for (const args of [
      ['delete', 'busy', '--yes'],
      ['rename', 'busy', 'idle'],
    ]) {
      const refused = await foothold(['studies', ...args]);
      expect(refused.code).toBe(1);
      expect(refused.err).toMatch(/busy: a worker evaluates trial 0 at .*; stop it first, or force it/);
    }
    slow.child.kill('SIGKILL');
    await slow.ended;
    expect((await foothold(['studies'])).out).toMatch(/^busy +1 +- +interrupted /m);
    expect((await foothold(['studies', 'delete', 'busy', '--yes'])).code).toBe(0);
  });

  it('prints its trials as CSV, and the whole of it as JSON', async () => {
    const { out } = await foothold(['studies', 'export', 'first']);
    const [heading, ...rows] = out.trimEnd().split('\r\n');
    expect(heading).toBe('number,state,value,datetime_start,datetime_complete,params_x');
    expect(rows).toHaveLength((await trialsOf('first')).length);
    const json = JSON.parse((await foothold(['studies', 'export', 'first', '--format', 'json'])).out);
    expect(json).toMatchObject({ format: 'foothold-study', name: 'first', trials: await trialsOf('first') });
    await foothold(['studies', 'export', 'first', '--out', 'trials.csv']);
    expect(readFileSync(join(folder, 'trials.csv'), 'utf8')).toBe(out);
  });
});

describe('foothold import and export', { timeout: 60_000 }, () => {
  it('makes a study of one of Optuna, which tune goes on with', async () => {
    const several = await foothold(['import', 'optuna.db']);
    expect(several.err).toContain('holds 3 studies, "first", "second #2", "both": --study says which');
    const imported = await foothold(['import', 'optuna.db', '--study', 'second #2']);
    expect(imported.out).toBe('study second-2 in foothold-studies: 2 trials, 1 enqueued\n');
    expect(imported.err).toContain('study "second #2" is called second-2 here\n');
    const { out: text } = await foothold(['studies', 'show', 'second-2', '--space']);
    const going = await foothold([
      'tune',
      '--name',
      'second-2',
      '--space',
      text.trim(),
      '--run',
      `${node} -p 0+{n}`,
      '--trials',
      '4',
    ]);
    expect(going.code, going.err).toBe(0);
    expect((await trialsOf('second-2')).map(({ state }) => state)).toEqual(Array(4).fill('complete'));
    expect((await trialsOf('second-2'))[2]!.params).toMatchObject({ n: 1 });
  });

  it('writes one for Optuna, and finds all of it again', async () => {
    const exported = await foothold(['export', 'first', '--to', 'optuna:mine.sqlite']);
    expect(exported.out).toBe(`${(await trialsOf('first')).length} trials of first are in mine.sqlite\n`);
    expect((await foothold(['export', 'first', '--to', 'mine.sqlite'])).err).toContain(
      'mine.sqlite is there already',
    );
    expect((await foothold(['export', 'first', '--to', 'mine.sqlite', '--force'])).code).toBe(0);
    await foothold(['import', 'mine.sqlite', '--name', 'again']);
    const events = (name: string) => trialsOf(name).then((all) => all.map(({ why: _, ...trial }) => trial));
    expect(await events('again')).toEqual(await events('first'));
    expect((await foothold(['export', 'first', '--to', 'x.parquet'])).err).toContain('optuna+journal:FILE');
    expect((await foothold(['import', 'nothing.db'])).err).toBe(
      'foothold: nothing.db: there is no such file\n',
    );
  });

  it('imports a log to the last event, and a table with its space', async () => {
    await foothold(['import', 'foothold-studies/first.jsonl', '--name', 'log']);
    expect(await storage.read('log', 0)).toEqual(await storage.read('first', 0));
    writeFileSync(join(folder, 'trials.csv'), 'x,value\r\n0.25,2\r\n0.5,3\r\n');
    expect((await foothold(['import', 'trials.csv', '--name', 'table'])).err).toContain(
      'give them with --space',
    );
    const { out } = await foothold([
      'import',
      'trials.csv',
      '--name',
      'table',
      '--space',
      space,
      '--direction',
      'maximize',
      '--json',
    ]);
    expect(JSON.parse(out)).toEqual({ name: 'table', trials: 2, queue: 0, notes: [] });
    expect((await foothold(['studies'])).out).toMatch(/^table +2 +3 +idle +- +maximize$/m);
  });
});

const python = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
said = b''
while b'[y/N]' not in said:
    said += os.read(fd, 65536)
os.write(fd, sys.argv[1].encode())
while True:
    try: data = os.read(fd, 65536)
    except OSError: break
    if not data: break
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;
const hasPty = spawnSync('python3', ['-c', 'import pty, termios']).status === 0;

describe(`a terminal${hasPty ? '' : ' (skipped: no python3 with pty here)'}`, () => {
  it.skipIf(!hasPty)('is asked before a study is deleted', { timeout: 60_000 }, async () => {
    await foothold(['studies', 'copy', 'first', 'asked']);
    const answered = (answer: string) =>
      new Promise<number | null>((resolve) => {
        const words = ['-c', python, answer, node, ...command, 'studies', 'delete', 'asked'];
        spawn('python3', words, { cwd: folder, stdio: 'ignore' }).on('close', resolve);
      });
    for (const no of ['n\n', '\n', '\u0004']) {
      expect(await answered(no)).toBe(1);
      expect(await storage.studies()).toContain('asked');
    }
    expect(await answered('y\n')).toBe(0);
    expect(await storage.studies()).not.toContain('asked');
  });
});
