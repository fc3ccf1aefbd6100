import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage, replay } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { command, commandIn, node, startIn } from './command.fixture.ts';
import { reportContent, reportText } from './report-content.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-kept-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);
/** The command as a shell's words. */
const cli = [node, ...command].map((word) => `'${word}'`).join(' ');

const space = '{"x":{"type":"real","low":0,"high":1}}';
const run = `${node} -p ({x}-0.3)**2`;
const tune = (name: string, ...more: readonly string[]) => [
  'tune',
  '--space',
  space,
  '--run',
  run,
  '--name',
  name,
  '--sampler',
  'random',
  ...more,
];
const trialsOf = async (name: string) =>
  replay(await fileStorage(join(folder, 'foothold-studies')).read(name, 0)).trials;

describe('a study that is kept', { timeout: 60_000 }, () => {
  it('F14: evaluates an enqueued trial of an existing study next, once, and says where none is left for it', async () => {
    await foothold(tune('a', '--trials', '3'));
    const line = tune('a', '--trials', '5', '--enqueue', '{"x":0.3}');
    expect((await foothold(line)).code).toBe(0);
    expect((await trialsOf('a'))[3]?.params).toEqual({ x: 0.3 });
    const again = await foothold(line);
    expect(again.err).toContain('--enqueue x=0.3: trial 3 has these parameters already');
    expect(await trialsOf('a')).toHaveLength(5);
    const full = await foothold(tune('a', '--trials', '5', '--enqueue', '{"x":0.7}'));
    expect(full.code).toBe(1);
    expect(full.err).toContain('--enqueue x=0.7: all 5 trials are taken; --trials 6 evaluates it');
    await foothold(tune('a', '--trials', '6', '--enqueue', '{"x":0.7}'));
    expect((await trialsOf('a'))[5]?.params).toEqual({ x: 0.7 });
  });

  it('F14: says what changed under a kept name, and the line that it suggests goes on', async () => {
    await foothold(tune('kept', '--trials', '2', '--seed', '3'));
    const changes: readonly (readonly [readonly string[], string])[] = [
      [['--direction', 'maximize'], '--direction: "minimize" before, "maximize" now'],
      [['--seed', '4'], '--seed: 3 before, 4 now'],
      [['--metric', 'loss'], '--metric: absent before, "loss" now'],
      [['--run', `${node} -p {x}`], '--run: '],
      [['--shell', '--run', `${node} -p {x}`], '--shell: false before, true now'],
      [
        ['--space', '{"x":{"type":"real","low":-1,"high":1}}'],
        '--space x: {"type":"real","low":0,"high":1} before, {"type":"real","low":-1,"high":1} now',
      ],
    ];
    for (const [change, words] of changes) {
      const { code, err } = await foothold(tune('kept', '--trials', '4', ...change));
      expect(code).toBe(1);
      expect(err).toContain('the study kept in foothold-studies was made with another line:');
      expect(err).toContain(words);
    }
    expect(await trialsOf('kept')).toHaveLength(2); // nothing was done
    const { err } = await foothold(
      tune(
        'kept',
        '--trials',
        '4',
        '--space',
        '{"x":{"type":"real","low":-1,"high":1}}',
        '--report',
        "it's.html",
      ),
    );
    const line = /^ {2}(foothold .*--name kept-2 --from kept)$/m
      .exec(err)![1]!
      .replace('--sampler random', '');
    execFileSync('sh', ['-c', line.replace(/^foothold/, cli)], { cwd: folder, stdio: 'ignore' });
    expect(await trialsOf('kept-2')).toHaveLength(4);
    expect(existsSync(join(folder, "it's.html"))).toBe(true);
  });

  it('F14: goes on without the seed that the study has, and with another command where it is accepted', async () => {
    await foothold(tune('seeded', '--trials', '2', '--seed', '3'));
    expect((await foothold(tune('seeded', '--trials', '3'))).code).toBe(0);
    const other = ['--run', `${node} -p 0-{x}`, '--accept-command'];
    const { code, err } = await foothold(tune('seeded', '--trials', '4', ...other));
    expect(code, err).toBe(0);
    expect(err).toContain('study seeded goes on with a change: --run:');
    expect((await foothold(tune('seeded', '--trials', '4', ...other.slice(0, 2)))).code).toBe(0);
  });

  it('stops a command that is wrong after five failures, and its failures do not count for the corrected one', async () => {
    const wrong = await foothold(tune('typo', '--trials', '50', '--run', `${node} -p ({x}-0.3)**nope`));
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain(
      'stopped: the first 5 trials failed in the same way: exit code 1: ReferenceError: nope is not defined',
    );
    const failed = await trialsOf('typo');
    expect(failed.map(({ state }) => state)).toEqual(Array(5).fill('failed'));
    const right = await foothold(tune('typo', '--trials', '8'));
    expect(right.code, right.err).toBe(0);
    expect(right.err).toContain('5 trials that failed before it are evaluated again');
    const trials = await trialsOf('typo');
    expect(trials.map(({ state }) => state)).toEqual(Array(8).fill('complete'));
    expect(trials.slice(0, 5).map(({ params }) => params)).toEqual(failed.map(({ params }) => params));
  });

  it('evaluates failed trials again with --retry-failed, and says that it can', async () => {
    writeFileSync(
      join(folder, 'disk.cjs'),
      `if (!require('fs').existsSync('disk')) process.exit(3); console.log(process.argv[2]);`,
    );
    const line = tune('disk', '--trials', '3', '--run', `${node} disk.cjs {x}`);
    expect((await foothold(line)).code).toBe(1);
    writeFileSync(join(folder, 'disk'), '');
    const done = await foothold(line);
    expect(done.err).toContain('3 of them failed; --retry-failed evaluates them again');
    const again = await foothold([...line, '--retry-failed']);
    expect(again.code, again.err).toBe(0);
    expect((await trialsOf('disk')).map(({ state }) => state)).toEqual(Array(3).fill('complete'));
  });

  it('stops after --max-failures in a row, and at --time-limit with what runs given back', async () => {
    writeFileSync(
      join(folder, 'exits.cjs'),
      `const n = +process.argv[2]; if (n < 3) console.log(1); else process.exit(n + 2);`,
    );
    const some = await foothold(
      tune('some', '--trials', '20', '--max-failures', '2', '--run', `${node} exits.cjs {trial}`),
    );
    expect(some.code).toBe(1);
    expect(some.err).toContain('stopped: 2 trials in a row failed, the last one: exit code 6');
    expect(await trialsOf('some')).toHaveLength(5);
    writeFileSync(
      join(folder, 'wait.cjs'),
      `setTimeout(() => console.log(1), process.argv[2] === '0' ? 0 : 60000)`,
    );
    const late = await foothold(tune('late', '--time-limit', '3', '--run', `${node} wait.cjs {trial} {x}`));
    expect(late.code, late.err).toBe(0);
    expect(late.err).toContain('stopped at the time limit; the same line goes on from here');
    expect((await trialsOf('late')).map(({ state }) => state)).toEqual(['complete', 'running']);
  });

  it('gives parallel trials indices of their own, in {slot} and FOOTHOLD_SLOT', async () => {
    writeFileSync(
      join(folder, 'slot.cjs'),
      `const fs = require('fs'), slot = process.argv[2];
       if (slot !== process.env.FOOTHOLD_SLOT) throw new Error('two slots');
       fs.writeFileSync('gpu-' + slot, '', { flag: 'wx' });
       setTimeout(() => { fs.unlinkSync('gpu-' + slot); fs.appendFileSync('slots', slot); console.log(1); }, 150);`,
    );
    const { code, err } = await foothold(
      tune('slots', '--trials', '9', '--concurrency', '3', '--run', `${node} slot.cjs {slot} {x}`),
    );
    expect(code, err).toBe(0);
    expect(err).not.toContain('failed');
    expect([...new Set(readFileSync(join(folder, 'slots'), 'utf8'))].sort()).toEqual(['0', '1', '2']);
  });

  it('has the same options for small-to-large', async () => {
    const line = [
      'small-to-large',
      '--space',
      space,
      '--name',
      's',
      '--small-trials',
      '3',
      '--large-trials',
      '2',
      '--small',
      run,
    ];
    const wrong = await foothold([...line, '--large', `${node} -p nope+{x}`, '--max-failures', '1']);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain(
      'stopped: 1 trials in a row failed, the last one: exit code 1: ReferenceError: nope is not defined',
    );
    const right = await foothold([...line, '--large', run]);
    expect(right.code, right.err).toBe(0);
    expect((await trialsOf('s-large')).map(({ state }) => state)).toEqual(['complete', 'complete']);
    const other = await foothold([...line, '--large', `${node} -p {x}`]);
    expect(other.err).toContain('the study s-large in foothold-studies was made with another line');
    const unused = await foothold([...line, '--large', run, '--fidelity-name', 'epochs']);
    expect(unused.err).toContain('--fidelity-name goes with --fidelities');
    const several = [
      'small-to-large',
      '--space',
      space,
      '--fidelities',
      '1,2',
      '--budget',
      '9',
      '--run',
      `${node} -p {x}*{fidelity}`,
    ];
    expect((await foothold([...several, '--small-trials', '3'])).err).toContain(
      '--small-trials goes without --fidelities',
    );
  });

  it('F17: prints whole numbers and the best trial in full', async () => {
    const whole = '{"n":{"type":"int","low":1000000,"high":1500000}}';
    const { out, err } = await foothold([
      'tune',
      '--space',
      whole,
      '--run',
      `${node} -p {n}-1234567+0.123456789`,
      '--trials',
      '1',
      '--enqueue',
      '{"n":1234567}',
    ]);
    expect(out).toBe('best value 0.123456789 (trial 0): n=1234567\n');
    expect(err).toContain('n=1234567');
  });

  it.each([
    [['--enqueue', '[]'], '--enqueue is "[]", allowed is an object from parameter to value'],
    [['--enqueue', 'null'], '--enqueue is "null", allowed is an object from parameter to value'],
    [
      ['--enqueue', '{"x":0.3,"x":0.4}'],
      'a name in --enqueue is "x", allowed is each name once in an object',
    ],
    [['--metric', ''], "argument '' is invalid. It must be a name that is not empty."],
    [['--cost', ' '], "argument ' ' is invalid. It must be a name that is not empty."],
  ])('evaluates nothing and makes no study with %j', async (more, says) => {
    const { code, err } = await foothold(tune('none', '--trials', '1', ...more));
    expect(code).toBe(1);
    expect(err).toContain(says);
    expect(existsSync(join(folder, 'foothold-studies/none.jsonl'))).toBe(false);
  });

  it('T1: keeps control characters and secrets of a failing program out of log, messages and report', async () => {
    writeFileSync(
      join(folder, 'leak.cjs'),
      `console.error('\\u001b]0;owned\\u0007login with ' + process.env.SERVICE_TOKEN + ' \\u001b[2Jfailed'); process.exit(1);`,
    );
    const started = startIn(
      folder,
      tune('leak', '--trials', '1', '--report', 'leak.html', '--run', `${node} leak.cjs {x}`),
      { SERVICE_TOKEN: 'tok-5f3a9c' },
    );
    await started.ended;
    const log = readFileSync(join(folder, 'foothold-studies/leak.jsonl'), 'utf8');
    expect(log).toContain('exit code 1: login with *** failed');
    const leak = readFileSync(join(folder, 'leak.html'), 'utf8');
    for (const text of [log, started.err(), started.out(), leak, reportText(leak)]) {
      expect(text).not.toContain('tok-5f3a9c');
      expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\\u001b/u);
    }
  });

  it('T1: ends without a word when its reader has seen enough', async () => {
    const lines = Array.from({ length: 3000 }, () => '{"op":"trials"}').join('\\n');
    const commands = [
      `printf '${lines}\\n' | ${cli} ask-tell | head -1`,
      `${cli} tune --help | head -1`,
      `${cli} doctor --sizes 10 --json | head -1`,
    ];
    for (const command of commands) {
      const text = execFileSync('sh', ['-c', `{ ${command}; } 2>&1`], { cwd: folder, encoding: 'utf8' });
      expect(text.trim().split('\n'), command).toHaveLength(1);
    }
  });

  it.skipIf(!existsSync('/dev/full'))(
    'says in a line that its output could not be written, and fails',
    () => {
      const line = `{ ${cli} completion bash > /dev/full; } 2>&1; echo $?`;
      expect(execFileSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' })).toMatch(
        /^foothold: standard output could not be written \(ENOSPC.*\)\n1\n$/,
      );
    },
  );

  it('T1: replaces a link by a report and not through it, and leaves nothing beside it', async () => {
    writeFileSync(join(folder, 'precious'), 'kept');
    symlinkSync('precious', join(folder, 'link.html'));
    symlinkSync('precious', join(folder, 'link.html.partial'));
    await foothold(tune('link', '--trials', '1', '--report', 'link.html'));
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('kept');
    expect(lstatSync(join(folder, 'link.html')).isFile()).toBe(true);
    expect(reportContent(readFileSync(join(folder, 'link.html'), 'utf8')).title).toBe('link');
    expect(readdirSync(folder).filter((file) => file.startsWith('.'))).toEqual([]);
    expect((await foothold(tune('link', '--report', 'foothold-studies'))).err).toContain(
      'something else than a file',
    );
  });
});
