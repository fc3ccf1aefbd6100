import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storageOf } from '@foothold/optimize';
import { postgresForTests } from '@foothold/postgres-server/for-tests';
import { replay } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { command, commandIn, node, startIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-databases-'));
const foothold = commandIn(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const postgres = postgresForTests();

const space = '{"x":{"type":"real","low":0,"high":1}}';
const tune = ['tune', '--space', space, '--run', 'echo {x}', '--sampler', 'random', '--json'];
/** What a command says at its end, run with FOOTHOLD_STORAGE. */
const withStorage = async (address: string, args: readonly string[]) => {
  const run = startIn(folder, args, { FOOTHOLD_STORAGE: address });
  const code = await run.ended;
  return { code, out: run.out(), err: run.err() };
};

const kinds: readonly [string, () => string][] = [
  ['sqlite:', () => `sqlite:${join(folder, 'studies.db')}`],
  ['postgres://', () => postgres.server.address],
];

describe.each(kinds)('the command with studies at %s', { timeout: 60_000 }, (_, address) => {
  it('keeps a study, goes on with it, reports it and makes its suggestions again', async () => {
    const storage = ['--storage', address()];
    const first = await foothold([...tune, ...storage, '--name', 'kept', '--trials', '3']);
    expect(first.code, first.err).toBe(0);
    expect(first.err).toContain(`study kept in ${address()}`);
    const again = await foothold([...tune, ...storage, '--name', 'kept', '--trials', '5']);
    expect(again.err).toContain('3 of 5 trials are done');
    const other = await foothold([...tune, ...storage, '--name', 'kept', '--trials', '5', '--metric', 'y']);
    expect([other.code, other.err]).toEqual([
      1,
      expect.stringContaining(`the study kept in ${address()} was made with`),
    ]);
    expect((await foothold(['report', 'kept', ...storage])).code).toBe(0);
    expect((await foothold(['replay', 'kept', ...storage])).out).toBe('0 of 5 suggestions differ\n');
    expect((await foothold(['report', 'none', ...storage])).err).toContain('; there are kept');
    const from = await foothold([
      ...tune,
      ...storage,
      '--name',
      'next',
      '--trials',
      '1',
      '--sampler',
      'auto',
      '--from',
      'kept',
    ]);
    expect(from.code, from.err).toBe(0);
    expect(readdirSync(folder).filter((name) => /studies\.db-/.test(name))).toEqual([]); // closed
  });

  it('takes the address from FOOTHOLD_STORAGE, also for studies of ask-tell that have a name', async () => {
    expect((await withStorage(address(), [...tune, '--name', 'env', '--trials', '2'])).code).toBe(0);
    expect((await withStorage(address(), ['report', 'env'])).code).toBe(0);
    expect(existsSync(join(folder, 'foothold-studies'))).toBe(false);
    const lines = (named: object) =>
      [
        { op: 'create', space: JSON.parse(space), ...named },
        { op: 'ask' },
        { op: 'tell', number: 0, value: 1 },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n');
    process.env['FOOTHOLD_STORAGE'] = address();
    try {
      conversation(lines({ name: 'told' }));
      conversation(lines({}));
      const opened = storageOf(address());
      expect(await opened.studies!()).toEqual(['env', 'kept', 'next', 'told']);
      expect(replay(await opened.read('told', 0)).trials).toMatchObject([{ state: 'complete', value: 1 }]);
      await opened.close!();
    } finally {
      delete process.env['FOOTHOLD_STORAGE'];
    }
  });
});

/** Runs `ask-tell` with these lines as its input. */
function conversation(lines: string): void {
  const { stdout, stderr } = spawnSync(node, [...command, 'ask-tell'], {
    cwd: folder,
    input: lines,
    encoding: 'utf8',
  });
  expect(stdout, stderr).not.toContain('"error"');
}

describe('passwords and addresses of the command', { timeout: 60_000 }, () => {
  const secret = 'hunter2-s3cret';
  const commands = {
    tune: [...tune, '--name', 'x', '--trials', '1'],
    from: [...tune, '--name', 'x', '--trials', '1', '--from', 'none'],
    'small-to-large': ['small-to-large', '--space', space, '--small', 'echo {x}', '--large', 'echo {x}'],
    report: ['report', 'x'],
    replay: ['replay', 'x', '--json'],
  };

  it('refuses an address with a password and prints it nowhere', async () => {
    const address = `postgres://me:${secret}@127.0.0.1/db`;
    const runs: (readonly [string, readonly string[]])[] = Object.entries(commands).map(
      ([name, args]) => [name, [...args, '--storage', address]] as const,
    );
    for (const other of [`postgresql://127.0.0.1/db?password=${secret}`, `postgres://me:${secret}/@x@h:1/db`])
      runs.push(['another address', [...commands.report, '--storage', other]]);
    const results = [...runs, ['environment', commands.tune] as const];
    for (const [name, args] of results) {
      const { code, out, err } = await withStorage(address, args);
      expect(code, name).toBe(1);
      expect(err, name).toContain('an address without a password');
      expect(out + err, name).not.toContain(secret);
    }
    const input = `${JSON.stringify({ op: 'create', space: JSON.parse(space), storage: address })}\n`;
    const { stdout, stderr } = spawnSync(node, [...command, 'ask-tell'], {
      cwd: folder,
      input,
      encoding: 'utf8',
    });
    expect(stdout).toContain('an address without a password');
    expect(stdout + stderr).not.toContain(secret);
  });

  it('says what is wrong with a password, a server and a file, with exit code 1 and without the password', async () => {
    const cases: readonly [string, Record<string, string>, string][] = [
      [postgres.server.address, { PGPASSWORD: secret }, 'refuses the password'],
      ['postgres://me@127.0.0.1:1/db', { PGPASSWORD: secret }, 'no server answers there'],
      ['sqlite:main.txt', {}, 'is no SQLite database'],
      ['sqlite:none/x.db', {}, 'there is no folder'],
      ['mysql://h/db', {}, 'storage is "mysql://h/db"'],
      ['sqlite:///x.db', {}, 'sqlite:studies.db'],
    ];
    writeFileSync(join(folder, 'main.txt'), 'no database\n'.repeat(100));
    for (const [address, env, message] of cases) {
      const run = startIn(folder, [...commands.tune, '--storage', address], env);
      expect(await run.ended, address).toBe(1);
      expect(run.err(), address).toContain(message);
      expect(run.out() + run.err(), address).not.toContain(secret);
    }
  });
});
