import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transferMethods } from '@foothold/optimize';
import { afterAll, describe, expect, it } from 'vitest';
import { command, commandIn, node, withoutTimes } from './command.fixture.ts';
import { reportContent } from './report-content.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const foothold = commandIn(folder);

const space = JSON.stringify({
  x: { type: 'real', low: -2, high: 2 },
  k: { type: 'int', low: 1, high: 9 },
  word: { type: 'categorical', choices: ['plain', 'a b; touch pwned $(touch pwned)'] },
});
writeFileSync(
  join(folder, 'objective.cjs'),
  `const [x, k, word] = process.argv.slice(2);
   if (process.argv[5] === 'slow') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
   if (+k === 1) throw new Error('no room');
   console.log('working');
   console.log(JSON.stringify({ value: (x - 0.5) ** 2 + (k - 6) ** 2 + (word === 'plain' ? 0 : 1), seconds: 1 }));`,
);
const run = `${process.execPath} objective.cjs {x} {k} {word}`;

describe('foothold', { timeout: 60_000 }, () => {
  it('carries earlier studies over by the method that is named, and says what it could not use', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => {
      const [x, k] = [(i % 5) - 2, 2 + Math.floor(i / 5) * 2];
      return `${x};${k};plain;${String((x - 0.6) ** 2 + (k - 6) ** 2).replace('.', ',')};${i}`;
    });
    writeFileSync(join(folder, 'past.csv'), `\ufeffx;k;word;value;epoch\r\n${rows.join('\r\n')}\r\n`);
    const lines = ['tune', '--space', space, '--run', run, '--trials', '5', '--from', 'past.csv'];
    const { code, out, err } = await foothold([...lines, '--method', 'residual', '--gated', '--json']);
    expect(code, err).toBe(0);
    expect(err).toContain('earlier study past: epoch: not in the new space (20 of 20)');
    const { best } = JSON.parse(out) as { best: { value: number; why: { transfer: { method: string } } } };
    expect(best.value).toBeLessThan(0.3);
    const wrong = await foothold([...lines, '--method', 'magic']);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('method is "magic", allowed is one of auto, portfolio,');
    const unread = ['tune', '--space', space, '--run', 'echo 1', '--trials', '1', '--storage', 'unread'];
    const withoutParams = await foothold(unread);
    expect(withoutParams.err).toContain(
      'the command has no {x}, {k}, {word}: it has to read FOOTHOLD_PARAMS for them',
    );
    const alone = await foothold([...lines.slice(0, -2), '--features', '1,2']);
    expect(alone.err).toContain('--features goes with --from');
    const { err: odd } = await foothold([...lines, '--features', '1,two']);
    expect(odd).toContain('It must be numbers separated by commas');
  });
  it('names every method in the help of tune', async () => {
    const { out } = await foothold(['tune', '--help']);
    for (const name of Object.keys(transferMethods)) expect(out.replaceAll(/\s+/g, ' ')).toContain(name);
  });
  it('has help for every command, and exits well with it', async () => {
    for (const command of [[], ['tune'], ['ask-tell'], ['small-to-large'], ['report'], ['doctor']]) {
      const { code, out, err } = await foothold([...command, '--help']);
      expect(code, err).toBe(0);
      expect(out).toContain('Usage: foothold');
    }
  });
  it('says what is wrong with an option, and fails', async () => {
    const { code, err } = await foothold(['tune', '--space', space, '--run', run, '--trials', 'many']);
    expect(code).not.toBe(0);
    expect(err).toContain('It must be a whole number from 1.');
    expect((await foothold(['tune', '--space', 'nowhere.json', '--run', run])).err).toContain(
      'nowhere.json could not be read (there is no such file)',
    );
    expect((await foothold(['tune', '--space', space, '--run', 'train {width}'])).err).toContain('"{width}"');
    expect((await foothold(['tune', '--space', space, '--run', run, '--sampler', 'magic'])).err).toContain(
      'sampler is "magic"',
    );
  });
  it('tunes a command, keeps each value in its own argument, and writes a report', async () => {
    const args = [
      'tune',
      '--space',
      space,
      '--run',
      run,
      '--trials',
      '14',
      '--seed',
      '3',
      '--json',
      '--report',
      'r.html',
      '--name',
      'demo',
    ];
    const { code, out, err } = await foothold(args);
    expect(code, err).toBe(0);
    const { best } = JSON.parse(out) as { best: { value: number; params: { k: number; word: string } } };
    expect(best.value).toBeLessThan(2);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
    const written = reportContent(readFileSync(join(folder, 'r.html'), 'utf8'));
    expect(written).toMatchObject({ title: 'demo', program: expect.stringMatching(/^foothold \d/) });
    expect(Math.abs(Date.now() - written.writtenAt)).toBeLessThan(3_600_000);
    const again = await foothold(args);
    expect(again.err).toContain('14 of 14 trials are done');
    expect(JSON.parse(again.out)).toEqual(JSON.parse(out));
    const report = await foothold(['report', 'demo', '--out', 'again.html']);
    expect(report.code, report.err).toBe(0);
    const repeated = reportContent(readFileSync(join(folder, 'again.html'), 'utf8'));
    expect(repeated.studies[0]!.events.filter(({ type }) => type === 'told')).toHaveLength(14);
    expect((await foothold(['report', 'other'])).err).toContain('there are demo');
  });
  it('records a crash and a time limit as failed trials and goes on', async () => {
    const crash = await foothold([
      'tune',
      '--space',
      '{"k":{"type":"int","low":1,"high":3}}',
      '--run',
      `${process.execPath} objective.cjs 0 {k} plain`,
      '--trials',
      '9',
    ]);
    expect(crash.code, crash.err).toBe(0);
    expect(crash.err).toContain('failed: exit code 1');
    expect(crash.err).toContain('every point of the space has been tried');
    const hang = await foothold([
      'tune',
      '--space',
      '{"k":{"type":"int","low":2,"high":3}}',
      '--run',
      `${process.execPath} -e "setInterval(()=>{},1e3)" {k}`,
      '--trials',
      '1',
      '--timeout',
      '0.3',
    ]);
    expect(hang.err).toContain('failed: killed after the time limit of 0.3 s');
    expect(hang.out).toContain('no trial completed');
    expect(hang.code).toBe(1);
  });
  it('leaves a study on Ctrl-C that the same line resumes to the run that was never stopped', async () => {
    const line = (storage: string) => [
      'tune',
      '--space',
      space,
      '--run',
      `${run} slow`,
      '--trials',
      '8',
      '--storage',
      storage,
      '--name',
      's',
      '--json',
    ];
    let interrupted = false;
    const first = await foothold(line('stopped'), (err, interrupt) => {
      if (!interrupted && err.includes('(3/8)')) {
        interrupted = true;
        interrupt();
      }
    });
    expect(first.code).toBe(130);
    expect(first.err).toContain('the same line goes on from here');
    const second = await foothold(line('stopped'));
    expect(second.code, second.err).toBe(0);
    expect(second.err).toMatch(/[34] of 8 trials are done, going on/);
    const whole = await foothold(line('whole'));
    expect(withoutTimes(second.out)).toEqual(withoutTimes(whole.out));
  });
  it('answers ask-tell on standard streams, a line for a line', async () => {
    const child = spawn(node, [...command, 'ask-tell'], {
      cwd: folder,
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stdin.end(`{"op":"create","space":${space},"storage":"asked","name":"a"}\nbroken\n{"op":"ask"}\n`);
    const code = await new Promise((resolve) => child.on('close', resolve));
    const lines = out.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[1]!)).toHaveProperty('error.code', 'InvalidArgumentError');
    expect(JSON.parse(lines[2]!)).toHaveProperty('trials.0.number', 0);
  });
  it('shows what loads on this machine', async () => {
    const { code, out, err } = await foothold(['doctor', '--sizes', '20,40', '--json']);
    expect(code, err).toBe(0);
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows[0]).toHaveProperty('node', execFileSync(node, ['--version'], { encoding: 'utf8' }).trim());
    expect(rows.find((r) => r['backend'] === 'cpu' && r['n'] === 40)?.['cholesky']).toBeGreaterThan(0);
    expect(rows.find((r) => r['backend'] === 'tfjs-node')?.['reason'] ?? 'loads').toMatch(
      /npm install|loads/,
    );
  });
});

describe('foothold small-to-large', { timeout: 60_000 }, () => {
  it('starts the large problem at the small best, resumes after Ctrl-C, and writes a report', async () => {
    const line = [
      'small-to-large',
      '--space',
      space,
      '--small',
      run,
      '--large',
      `${run} slow`,
      '--small-trials',
      '8',
      '--large-trials',
      '4',
      '--name',
      'two',
      '--json',
      '--report',
      'two.html',
    ];
    let interrupted = false;
    const first = await foothold(line, (err, interrupt) => {
      if (!interrupted && err.includes('large trial 1 ')) {
        interrupted = true;
        interrupt();
      }
    });
    expect(first.code, first.err).toBe(130);
    const second = await foothold(line);
    expect(second.code, second.err).toBe(0);
    const result = JSON.parse(second.out) as { small: { params: object }; best: { value: number } };
    expect(result.best.value).toBeLessThanOrEqual((result.small as unknown as { value: number }).value);
    expect(first.err).toContain('large trial 0 (1/4)');
    expect(second.err).not.toContain('small trial');
    expect(second.err).toMatch(/8 of 8 small and [12] of 4 large trials are done/);
    expect(second.err).toMatch(/large trial [12] \([23]\/4\)/);
    const without = await foothold([...line, '--budget', '9']);
    expect(without.code).toBe(1);
    expect(without.err).toContain('--budget goes with --fidelities');
    const both = await foothold([...line, '--fidelities', '1,2', '--run', run, '--budget', '9']);
    expect(both.code).toBe(1);
    expect(both.err).toContain('--small goes without --fidelities');
    const names = ['two-large', 'two-small'];
    expect(
      reportContent(readFileSync(join(folder, 'two.html'), 'utf8')).studies.map(({ name }) => name),
    ).toEqual(names);
    expect((await foothold(['report', 'two', '--out', 'both.html'])).code).toBe(0);
    expect(
      reportContent(readFileSync(join(folder, 'both.html'), 'utf8')).studies.map(({ name }) => name),
    ).toEqual(names);
  });
});

describe('foothold checkpoints', { timeout: 60_000 }, () => {
  const rows = Array.from({ length: 12 }, (_, i) => `checkpoint-${100 * (i + 1)}`);
  const columns = ['math', 'code', 'chat', 'law'];
  const score = (i: number, j: number) => 40 + 5 * j - 0.5 * (i - 7) ** 2 + Math.sin(3 * i + j);
  writeFileSync(
    join(folder, 'score.cjs'),
    `const [row, column] = process.argv.slice(2);
     const i = +row.split('-')[1] / 100 - 1, j = ${JSON.stringify(columns)}.indexOf(column);
     if (column === 'law' && i === 0) throw new Error('no such file');
     console.log(40 + 5 * j - 0.5 * (i - 7) ** 2 + Math.sin(3 * i + j));`,
  );
  it('names the next cells of a partial table', async () => {
    const table = [
      ['row', ...columns].join(','),
      ...rows.map((row, i) =>
        [row, ...columns.map((_, j) => ((i + j) % 3 === 0 ? score(i, j) : ''))].join(','),
      ),
    ];
    writeFileSync(join(folder, 'scores.csv'), `${table.join('\n')}\n`);
    const { code, out, err } = await foothold([
      'checkpoints',
      'scores.csv',
      '--next',
      '3',
      '--json',
      '--report',
      'cells.html',
    ]);
    expect(code, err).toBe(0);
    const answer = JSON.parse(out) as { best: { name: string }; next: { row: string; column: string }[] };
    expect(rows.slice(5, 10)).toContain(answer.best.name);
    expect(answer.next).toHaveLength(3);
    for (const { row, column } of answer.next)
      expect((rows.indexOf(row) + columns.indexOf(column)) % 3).not.toBe(0);
    expect(readFileSync(join(folder, 'cells.html'), 'utf8')).toContain(`best row ${answer.best.name}`);
  });
  it('evaluates cells until the budget, goes on after Ctrl-C, and works around cells that fail', async () => {
    const line = [
      'checkpoints',
      '--rows',
      rows.join(','),
      '--columns',
      columns.join(','),
      '--run',
      `${process.execPath} score.cjs {row} {column}`,
      '--budget',
      '50%',
      '--no-stop',
      '--out',
      'cells.tsv',
      '--json',
    ];
    let interrupted = false;
    const first = await foothold(line, (err, interrupt) => {
      if (!interrupted && err.includes('cell 6/24')) {
        interrupted = true;
        interrupt();
      }
    });
    expect(first.code, first.err).toBe(130);
    const second = await foothold(line);
    expect(second.code, second.err).toBe(0);
    expect(second.err).toMatch(/: [67] cells are known, going on/);
    const name = /study (\S+) in/.exec(second.err)![1]!;
    const listed = await foothold(['studies', '--json']);
    expect(listed.out).toContain(`"${name}"`);
    // A file of scores outlives its study: nothing that was evaluated is evaluated again.
    const moved = await foothold([...line, '--storage', 'elsewhere']);
    expect(moved.err).toContain('going on from cells.tsv: 24 cells are known');
    expect(moved.err).not.toContain('cell 25');
    expect((await foothold([...line.slice(0, 4), 'math,code', ...line.slice(5)])).err).toContain(
      '--out cells.tsv has a table of other rows or columns',
    );
    const another = await foothold([...line, '--name', name, '--target', 'worst-task']);
    expect(another.err).toContain(`the study ${name} was made with another matrix (target)`);
    const mean = rows.map((_, i) => columns.reduce((sum, _c, j) => sum + score(i, j), 0));
    expect((JSON.parse(second.out) as { best: { name: string } }).best.name).toBe(
      rows[mean.indexOf(Math.max(...mean))],
    );
  });
  it('says what is wrong', async () => {
    for (const [more, words] of [
      [['nowhere.csv', '--shell'], '--shell goes with --run'],
      [['nowhere.csv', '--no-stop'], '--no-stop goes with --run'],
      [['nowhere.csv', '--rows', 'a,b'], '--rows goes without a table'],
      [['--run', 'x', '--next', '3'], '--next goes without --run'],
    ] as const)
      expect((await foothold(['checkpoints', ...more])).err).toContain(words);
    expect((await foothold(['checkpoints', 'nowhere.csv'])).err).toContain('nowhere.csv could not be read');
    expect((await foothold(['checkpoints'])).err).toContain(
      'give a table of scores, or --rows and --columns',
    );
    writeFileSync(join(folder, 'bad.csv'), 'row,a,b\nx,1\n');
    expect((await foothold(['checkpoints', 'bad.csv'])).err).toContain('2 fields, not 3');
  });
});
