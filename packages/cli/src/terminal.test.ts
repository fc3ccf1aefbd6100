import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterAll, describe, expect, it } from 'vitest';
import { node } from './command.fixture.ts';
import { inTerminal, noTerminal, type TerminalSession } from './terminal.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-terminal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
if (noTerminal !== undefined) console.log(`terminal.test.ts: ${noTerminal}`);

const space = (extra = '') => `{"x":{"type":"real","low":0,"high":1}${extra}}`;
const wide =
  ',"größe_寛寛寛寛寛寛":{"type":"categorical","choices":["寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛","ｗｉｄｅ😀😀😀😀😀😀😀😀😀😀"]}';
const tune = (name: string, ...more: readonly string[]) => [
  ...['tune', '--name', name, '--sampler', 'random', '--space', space()],
  ...more,
];
// Prints its trial's number at once where that is below the first argument, else when the file of the second exists.
writeFileSync(
  join(folder, 'hold.cjs'),
  `const [quick, file] = process.argv.slice(2);
   const end = () => console.log(process.env.FOOTHOLD_TRIAL);
   if (Number(process.env.FOOTHOLD_TRIAL) < Number(quick)) end();
   else {
     const timer = setInterval(() => {
       if (!require('node:fs').existsSync(file)) return;
       clearInterval(timer);
       end();
     }, 50);
   }`,
);
const release = (file: string) => writeFileSync(join(folder, file), '');
const start = (args: readonly string[], columns = 80, rows = 24, env = {}) =>
  inTerminal(args, { cwd: folder, columns, rows, env });

const isBar = (row: string) => /[█░]{10}/.test(row);
const isHeading = (row: string) => row.startsWith('trial  time');
/** Everything below the lines that stay is one frame: one row of progress, one heading, nothing after the running trials. */
function expectOneFrame(rows: readonly string[], { columns, running }: { columns: number; running: number }) {
  const text = rows.join('\n');
  expect(rows.filter(isBar), text).toHaveLength(1);
  expect(rows.filter(isHeading), text).toHaveLength(1);
  const frame = rows.slice(rows.findIndex(isBar));
  for (const row of frame) expect(stringWidth(row), text).toBeLessThan(columns);
  const table = frame.slice(frame.findIndex(isHeading) + 1).filter((row) => row !== '');
  expect(table, text).toHaveLength(running);
  for (const row of table) expect(row, text).toMatch(/^ *\d+ +\d+:\d\d +slot \d/);
}

describe.skipIf(noTerminal !== undefined)('in a terminal', { timeout: 120_000 }, () => {
  it.each([
    [
      'failures',
      80,
      tune('failures', '--run', "python3 -c 'import nope_mod' {x}", '--trials', '5', '--max-failures', '9'),
    ],
    ['values', 80, tune('values', '--run', `${node} -p {x}`, '--trials', '6')],
    ['narrow', 60, tune('narrow', '--run', `${node} -p {x}`, '--trials', '6')],
    ['wide', 60, tune('wide', '--space', space(wide), '--run', `${node} -p 0.{trial}`, '--trials', '4')],
    [
      'parallel',
      60,
      tune(
        'parallel',
        ...['--space', space(wide), '--run', `${node} -p 0.{trial}`, '--trials', '8', '--concurrency', '4'],
      ),
    ],
  ] as const)('F18: leaves one row of progress: %s in %d columns', async (_, columns, args) => {
    const session = start(args, columns);
    await session.ended;
    const rows = await session.history();
    const bars = rows.filter(isBar);
    expect(bars, rows.join('\n')).toHaveLength(1);
    expect(stringWidth(bars[0]!)).toBeLessThan(columns);
    const at = rows.indexOf(bars[0]!);
    expect(rows[at + 1]).toMatch(/^(?:best value|no trial completed)/); // nothing of the row has wrapped
    expect(rows.filter(isHeading)).toHaveLength(0);
    expect(session.isCursorHidden()).toBe(false);
  });

  it('shows in one row how far a long import is', async () => {
    const distribution = JSON.stringify({ name: 'FloatDistribution', attributes: { low: 0, high: 1 } });
    const trials = Array.from({ length: 3000 }, (_, i) => ({
      ...{ op_code: 4, study_id: 0, state: 1, value: i },
      ...{ params: { x: i / 3000 }, distributions: { x: distribution } },
    }));
    const operations = [{ op_code: 0, study_name: 'long', directions: [1] }, ...trials];
    writeFileSync(
      join(folder, 'long.log'),
      operations.map((operation) => `${JSON.stringify(operation)}\n`).join(''),
    );
    const session = start(['import', 'long.log']);
    await session.ended;
    expect(session.output()).toMatch(/reading long\.log █*░+ \d+ %/);
    expect((await session.history()).slice(0, 2)).toEqual([
      'writing long.log ██████████ 100 %',
      'study long in foothold-studies: 3000 trials',
    ]);
  });

  it('shows the study, the trial, its parameters and the time before the first trial has ended', async () => {
    const session = start(tune('slow', '--run', `${node} hold.cjs 0 slow {x}`, '--trials', '1'), 100);
    const times = new Set<string>();
    const newTime = (text: string) => {
      const [, time] = /^ +0 +(\d+:\d\d) +slot 0 +x=0\.\d+$/m.exec(text) ?? [];
      return time !== undefined && !times.has(time) && times.add(time) !== undefined;
    };
    while (times.size < 3) {
      const rows = await session.until(newTime);
      expect(rows[0]).toBe('study slow in foothold-studies');
      expect(rows.join('\n')).not.toContain('left'); // nobody knows yet
      expect(session.isCursorHidden()).toBe(true);
    }
    release('slow');
    expect(await session.ended).toBe(0);
    expect((await session.screen()).join('\n')).toContain('1/1');
  });

  it('keeps one frame while the terminal becomes smaller and larger, at 80x24 and 40x10', async () => {
    const args = tune(
      'resized',
      '--run',
      `${node} hold.cjs 3 resized {x}`,
      '--trials',
      '9',
      '--concurrency',
      '4',
    );
    const session = start(args);
    const isSettled = (text: string) => text.includes('3/9') && /^ +6 +\d/m.test(text);
    const first = await session.until(isSettled);
    expectOneFrame(first, { columns: 80, running: 4 });
    expect(first.join('\n')).toContain('┤');
    expect(first.join('\n')).toMatch(/, \d+:\d\d left/);
    expect(first.join('\n')).toContain('best 0 (trial 0)');
    const redrawn = async (columns: number, rows: number) => {
      const before = session.output().length;
      await session.resize(columns, rows);
      // Two frames after it: one may have been on its way.
      const frames = () => session.output().slice(before).split('\u001b[?2026l').length - 1;
      expectOneFrame(await session.until(() => frames() >= 2), { columns, running: 4 });
    };
    for (const [columns, rows] of [
      [40, 24],
      [80, 24],
      [40, 10],
      [80, 24],
      [80, 10],
      [80, 24],
      [40, 8],
      [80, 24],
      [41, 11],
      [120, 40],
    ] as const)
      await redrawn(columns, rows);
    release('resized');
    expect(await session.ended).toBe(0);
    const end = (await session.screen()).filter((row) => row !== '');
    expect(end.filter(isBar)).toHaveLength(1);
    expect(end.filter(isHeading)).toHaveLength(0);
    expect(end.at(-1)).toMatch(/^best value 0 \(trial 0\): x=/);
  });

  it('gives the cursor back on Ctrl-C, with one row and what it says at its end', async () => {
    const args = tune(
      'stopped',
      '--run',
      `${node} hold.cjs 2 never {x}`,
      '--trials',
      '6',
      '--concurrency',
      '2',
    );
    const session = start(args, 40, 10);
    await session.until((text) => text.includes('2/6') && /^ +3 +\d/m.test(text));
    session.type('\u0003');
    expect(await session.ended).toBe(130);
    const rows = (await session.screen()).filter((row) => row !== '');
    expect(rows.filter(isBar), rows.join('\n')).toHaveLength(1);
    expect(rows.filter(isHeading)).toHaveLength(0);
    expect(rows.join('')).toContain('the same line goes on from here');
    expect(session.isCursorHidden()).toBe(false);
  });

  it('shows what a running trial reported last, and the rows of one stage at a time', async () => {
    writeFileSync(
      join(folder, 'reports.cjs'),
      `console.log(JSON.stringify({ step: 7, value: 0.5 }));
       setInterval(() => require('node:fs').existsSync('reported') && (console.log('{"value":1}'), process.exit()), 50);`,
    );
    const run = ['--run', `${node} reports.cjs {x}`, '--trials', '1', '--prune', 'median'];
    const pruned = start(tune('reports', ...run));
    await pruned.until((text) => text.includes('0.5 at step 7'));
    release('reported');
    expect(await pruned.ended).toBe(0);

    const stages = start([
      ...['small-to-large', '--name', 'both', '--space', space(), '--small', `${node} hold.cjs 9 - {x}`],
      ...['--large', `${node} hold.cjs 0 large {x}`, '--small-trials', '2', '--large-trials', '1'],
    ]);
    const rows = await stages.until((text) => /^large ░{10} 0\/1[\s\S]*^ +0 +\d/m.test(text));
    expect(rows.filter(isHeading), rows.join('\n')).toHaveLength(1);
    expect(rows.filter((row) => /^small █{10} 2\/2/.test(row))).toHaveLength(1);
    release('large');
    expect(await stages.ended).toBe(0);
  });

  it('shows the cost of several fidelities', async () => {
    const session = start([
      ...['small-to-large', '--name', 'cost', '--space', space(), '--fidelities', '1,4', '--budget', '8'],
      ...['--run', `${node} hold.cjs 2 cost {x} {fidelity}`],
    ]);
    await session.until((text) => /cost 2\/8[\s\S]*^ +2 +\d:\d\d +slot 0 +x=/m.test(text));
    release('cost');
    expect(await session.ended).toBe(0);
  });

  const coloured = new RegExp(`${'\u001b'}\\[3\\dm`);
  const short = (name: string) => tune(name, '--run', `${node} -p {x}`, '--trials', '2');
  const ended = async (session: TerminalSession) => {
    expect(await session.ended).toBe(0);
    return session.output();
  };
  it('has colours, none with NO_COLOR, and only lines where the terminal cannot move its cursor', async () => {
    expect(await ended(start(short('coloured')))).toMatch(coloured);
    const plain = await ended(start(short('plain'), 80, 24, { NO_COLOR: '1' }));
    expect(plain).not.toMatch(coloured);
    expect(plain).toContain('2/2');
    const dumb = await ended(start(short('dumb'), 80, 24, { TERM: 'dumb' }));
    expect(dumb).not.toContain('\u001b');
    expect(dumb).toContain('trial 1 (2/2): ');
  });
});
