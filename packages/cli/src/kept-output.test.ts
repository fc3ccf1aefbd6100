import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStudy, random, spaceOf } from '@foothold/optimize';
import { remoteStudy } from '@foothold/server/remote';
import { fileStorage, studyRecord } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn, type StartedCommand, startIn } from './command.fixture.ts';
import { lastLines } from './output/last-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-output-'));
const foothold = commandIn(folder);
const started: StartedCommand[] = [];
afterAll(() => {
  for (const { child } of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

// Trial 1 fails; every trial prints 300 lines, an escape sequence and a password.
writeFileSync(
  join(folder, 'train.cjs'),
  `const trial = Number(process.env.FOOTHOLD_TRIAL);
   for (let i = 0; i < 300; i++) console.log('line ' + i + ' of ' + trial);
   console.error('\\u001b[31mred\\u001b[0m https://user:hunter2hunter2@host/');
   if (trial === 1) { console.error('Error: out of memory'); process.exitCode = 3; }
   else console.log('value: ' + process.argv[2]);`,
);
const space = JSON.stringify({ x: { type: 'real', low: 0, high: 1 } });
const program = `"${process.execPath}" train.cjs {x}`;
const tune = (name: string, storage: string, ...more: readonly string[]) =>
  foothold([
    ...['tune', '--space', space, '--sampler', 'random', '--name', name, '--storage', storage],
    ...['--trials', '3', '--run', program, ...more],
  ]);
const files = fileStorage(join(folder, 'runs'));
const record = studyRecord(files, 'kept');
const numbers = async () => (await record.state()).trials.map(({ number }) => number);
const outputs = async (study: string) =>
  (await files.read(study, 0)).flatMap((event) => (event.type === 'printed' ? [event.lines] : []));

describe('trials in files', () => {
  it('have the last lines of their programs, which studies show prints', { timeout: 120_000 }, async () => {
    expect((await tune('kept', 'runs')).code).toBe(0);
    expect(await outputs('kept')).toHaveLength(3);
    const [json, { out }, none] = await Promise.all([
      foothold(['studies', 'show', 'kept', '--trial', '0', '--json', '--storage', 'runs']),
      foothold(['studies', 'show', 'kept', '--trial', '1', '--storage', 'runs']),
      tune('none', 'runs', '--keep-output', '0', '--trials', '1'),
    ]);
    const { output } = JSON.parse(json.out) as { readonly output: readonly string[] };
    expect(output).toHaveLength(200);
    expect(output).toContain('line 299 of 0');
    expect(output).toContain('red https://user:***@host/');
    expect(out).toMatch(/failed: exit code 3: (Error: )?out of memory/);
    expect(out).toContain('\n  Error: out of memory\n');
    expect(none.code).toBe(0);
    expect(await outputs('none')).toEqual([]);
  });

  it('are deleted, restored and given back by commands', { timeout: 120_000 }, async () => {
    const change = (command: string, ...which: readonly string[]) =>
      foothold(['studies', command, 'kept', ...which, '--storage', 'runs']);
    expect(await change('delete-trial', '0', '1')).toMatchObject({
      code: 0,
      out: 'deleted trials 0, 1 of kept\n',
    });
    expect(await numbers()).toEqual([2]);
    const refused = await change('delete-trial', '2', '17');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('17')]);
    expect(await numbers()).toEqual([2]);
    expect((await change('restore-trial', '0', '1')).code).toBe(0);
    expect(await numbers()).toEqual([0, 1, 2]);
    const study = createStudy({
      ...{ space: spaceOf(JSON.parse(space)), sampler: random(), direction: 'minimize', storage: files },
      ...{ name: 'kept', lease: { owner: 'elsewhere:1' } },
    });
    const { number } = await study.ask();
    expect((await record.state()).leases.has(number)).toBe(true);
    expect((await change('release-trial', String(number))).code).toBe(0);
    expect((await record.state()).leases.has(number)).toBe(false);
  });

  it('have it in both stages of small-to-large', { timeout: 120_000 }, async () => {
    const { code } = await foothold([
      ...['small-to-large', '--space', space, '--small', program, '--large', program],
      ...['--small-trials', '2', '--large-trials', '2', '--name', 'stages', '--storage', 'runs'],
    ]);
    expect(code).toBe(0);
    for (const stage of ['stages-small', 'stages-large']) {
      const lines = (await outputs(stage)).map((of) => of.length);
      expect({ stage, lines }).toEqual({ stage, lines: [200, 200] });
    }
  });
});

describe('a study of a server', () => {
  it('keeps its settings when tune works on it, and has one way to be stopped', {
    timeout: 120_000,
  }, async () => {
    const server = startIn(folder, ['serve', '--port', '0', '--storage', 'served']);
    started.push(server);
    await server.says('Ctrl-C ends it');
    const link = server.out().trim();
    const create = { space: JSON.parse(space) as object, sampler: 'random', pruner: 'median' };
    const study = await remoteStudy(link, { name: 'shared', create });
    expect((await tune('shared', 'served')).code).toBe(0);
    expect((await study.output(0)).at(-1)).toMatch(/^(value: |red )/);
    const token = new URLSearchParams(new URL(link).hash.slice(1)).get('token')!;
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const base = `${new URL(link).origin}/api/studies/shared`;
    const of = async (path = '') => (await (await fetch(base + path, { headers })).json()) as never;
    const post = async (op: string, body: object = {}) =>
      (await fetch(`${base}/${op}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    expect(await of()).toMatchObject({
      stopped: false,
      facts: { server: { pruner: 'median' }, run: expect.stringContaining('train.cjs') },
      attributes: { stopped: 'all 3 trials are done' },
    });
    expect(JSON.stringify(await of('/log'))).not.toContain('line 299');
    expect(await post('stop')).toBe(200);
    expect(await of()).toMatchObject({ stopped: true, attributes: { stopped: 'stopped by hand' } });
    await expect(study.ask()).rejects.toThrow();
    expect(await post('resume')).toBe(200);
    const trial = await study.ask();
    // Somebody who looks at the page, without the name of a worker.
    expect(await post('release', { number: trial.number })).toBe(200);
    const other = await remoteStudy(link, { name: 'shared' });
    expect((await other.ask()).number).toBe(trial.number);
    await expect(study.tell(trial.number, { state: 'complete', value: 1 })).rejects.toThrow(/running at/);
    expect(await post('delete', { number: 0 })).toBe(200);
    expect(await of('/trials?deleted=true')).toMatchObject({
      trials: [{ number: 1 }, { number: 2 }, { number: trial.number }],
      deleted: [{ number: 0, state: 'deleted' }],
    });
    expect(await post('restore', { number: 0 })).toBe(200);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });
});

describe('lastLines', () => {
  it('keeps the last lines in their order, what has no end too', () => {
    const kept = lastLines(3);
    kept.add('a\nb', 'stdout');
    kept.add('error\n', 'stderr');
    kept.add('c\nd\n', 'stdout');
    kept.add('10 %\r20 %\r', 'stdout');
    expect(kept.lines()).toEqual(['bc', 'd', '20 %']);
  });

  it('cuts long lines, and keeps no more than 16,384 characters whatever comes', () => {
    const kept = lastLines(200);
    for (let i = 0; i < 50; i++) kept.add('x'.repeat(100_000), 'stdout');
    for (let i = 0; i < 1000; i++) kept.add(`${String(i).padStart(500, '-')}\n`, 'stdout');
    const lines = kept.lines();
    expect(lines.join('').length).toBeLessThanOrEqual(16_384);
    expect(lines.at(-1)).toMatch(/-999$/);
    expect(lines).toHaveLength(32);
  });
});
