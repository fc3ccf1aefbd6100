import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import stringWidth from 'string-width';
import { afterAll, describe, expect, it } from 'vitest';
import { cutTo } from './live-row.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-terminal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const node = process.execPath;
const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Runs a program in a pseudo-terminal of so many columns and copies what it writes. */
const ptyProgram = `
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 40, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
while True:
    try: data = os.read(fd, 65536)
    except OSError: break
    if not data: break
    os.write(1, data)
os.waitpid(pid, 0)
`;

const inTerminal = (columns: number, args: readonly string[]) =>
  new Promise<string>((resolve) => {
    const words = ['-c', ptyProgram, String(columns), node, '--conditions=@foothold/source', main, ...args];
    const child = spawn('python3', words, { cwd: folder, env: { ...process.env, TERM: 'xterm' } });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk));
    child.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });

const escapes = new RegExp(`(${'\u001b'}\\[[\\d;?]*[A-Za-z])|([^${'\u001b'}])`, 'gu');

/** The rows that a terminal of so many columns shows in the end: carriage returns, erased lines, and text that wraps. */
function screen(output: string, columns: number): string[] {
  const rows: string[] = [''];
  let row = 0;
  let column = 0;
  for (const [, sequence, character] of output.matchAll(escapes)) {
    if (sequence === '\u001b[2K') rows[row] = '';
    else if (character === '\r') column = 0;
    else if (character === '\n') rows[++row] ??= '';
    else if (character !== undefined) {
      const width = stringWidth(character);
      if (column + width > columns) {
        rows[++row] ??= '';
        column = 0;
      }
      if (column === 0) rows[row] = '';
      rows[row] += character;
      column += width;
    }
  }
  return rows.filter((text) => text.trim() !== '');
}

const hasPty = spawnSync('python3', ['-c', 'import pty, termios']).status === 0;
if (!hasPty) console.log('terminal.test.ts: no python3 with pty here, the tests in a terminal are skipped');

const space = (extra = '') => `{"x":{"type":"real","low":0,"high":1}${extra}}`;
const wide =
  ',"größe_寛寛寛寛寛寛":{"type":"categorical","choices":["寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛寛","ｗｉｄｅ😀😀😀😀😀😀😀😀😀😀"]}';
const line = (name: string, ...more: readonly string[]) => [
  'tune',
  '--name',
  name,
  '--sampler',
  'random',
  ...more,
];

describe.skipIf(!hasPty)('in a terminal', { timeout: 60_000 }, () => {
  it.each([
    [
      'failures',
      80,
      [
        '--space',
        space(),
        '--run',
        "python3 -c 'import nope_mod' {x}",
        '--trials',
        '5',
        '--max-failures',
        '9',
      ],
    ],
    ['values', 80, ['--space', space(), '--run', `${node} -p {x}`, '--trials', '6']],
    ['narrow', 60, ['--space', space(), '--run', `${node} -p {x}`, '--trials', '6']],
    ['wide', 60, ['--space', space(wide), '--run', `${node} -p 0.{trial}`, '--trials', '4']],
    [
      'parallel',
      60,
      ['--space', space(wide), '--run', `${node} -p 0.{trial}`, '--trials', '8', '--concurrency', '4'],
    ],
  ] as const)('F18: shows one row of progress: %s in %d columns', async (name, columns, args) => {
    const rows = screen(await inTerminal(columns, line(name, ...args)), columns);
    const bars = rows.filter((row) => /[█░]/.test(row));
    expect(bars, rows.join('\n')).toHaveLength(1);
    expect(stringWidth(bars[0]!)).toBeLessThan(columns);
    const at = rows.indexOf(bars[0]!);
    expect(rows[at + 1]).toMatch(/^(?:best value|no trial completed)/); // nothing of the row has wrapped
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
    const output = await inTerminal(80, ['import', 'long.log']);
    expect(output).toMatch(/reading long\.log █*░+ \d+ %/);
    const rows = screen(output, 80);
    expect(rows.slice(0, 2)).toEqual([
      'writing long.log ██████████ 100 %',
      'study long in foothold-studies: 3000 trials',
    ]);
  });

  it('shows the study, the trial, its parameters and the time before the first trial has ended', async () => {
    writeFileSync(join(folder, 'slow.cjs'), 'setTimeout(() => console.log(1), 3500)');
    const args = ['--space', space(), '--run', `${node} slow.cjs {x}`, '--trials', '1'];
    const output = await inTerminal(100, line('slow', ...args));
    const first = output.indexOf('1/1');
    expect(first).toBeGreaterThan(0);
    const before = output.slice(0, first);
    expect(before).toContain('study slow in foothold-studies');
    for (const time of ['0:00', '0:01', '0:02'])
      expect(before).toMatch(new RegExp(`trial 0 ${time} x=0\\.\\d+`));
  });
});

describe('cutTo', () => {
  it('never makes a text wider than asked, and cuts no character in two', () => {
    const texts = [
      'plain text',
      '寛寛寛寛寛',
      'a寛b寛',
      '👨‍👩‍👧👨‍👩‍👧',
      'e\u0301e\u0301e\u0301',
      '',
      '𝔵'.repeat(9),
    ];
    for (const text of texts)
      for (let cells = 0; cells < 25; cells++) {
        const cut = cutTo(text, cells);
        expect(stringWidth(cut)).toBeLessThanOrEqual(cells);
        if (stringWidth(text) <= cells) expect(cut).toBe(text);
        else if (cells > 0) expect(text.startsWith(cut.slice(0, -1))).toBe(true);
        expect(cut).not.toMatch(/\p{Surrogate}/u);
      }
  });
});
