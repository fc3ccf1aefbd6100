import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'foothold-digits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `npm start` with these words, in a folder of its own; `onOutput` sees what was printed so far. */
function start(
  words: readonly string[],
  onOutput: (out: string, child: ChildProcess) => void = () => {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=@foothold/source', main, ...words], {
      cwd: folder,
      env: { ...process.env, INIT_CWD: folder },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
      onOutput(out, child);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** The table and the sentence, without the column of seconds. */
const result = (out: string) =>
  out
    .slice(out.indexOf('misread, new digits'), out.indexOf('Report:'))
    .replace(/ +[\d.]+$/gm, '')
    .trim();

describe('the demo of handwritten digits', { timeout: 240_000 }, () => {
  it('ends with a table, a sentence and a report, the same for the same seed', async () => {
    const words = ['--trials', '3', '--report', 'digits.html'];
    const { code, out, err } = await start(words);
    expect(code, err).toBe(0);
    expect(out).toMatch(/^stock settings +\d+\.\d % +\d+\.\d % +1 +\d/m);
    expect(out).toMatch(/^random search +\d+\.\d % +\d+\.\d % +3 +\d/m);
    expect(out).toMatch(/^cold start +\d+\.\d % +\d+\.\d % +3 +\d/m);
    expect(out).toMatch(/^small to large +\d+\.\d % +\d+\.\d % +1 +10 +\d/m);
    expect(out).toMatch(/misread one new digit in \d+/);
    expect(out).not.toContain('\u001b');
    expect(readFileSync(join(folder, 'digits.html'), 'utf8')).toContain('small to large');
    expect(existsSync(join(folder, 'foothold-studies/demo-digits/seed-0-trials-3'))).toBe(false);
    expect(result((await start(words)).out)).toBe(result(out));
    expect(result((await start([...words, '--seed', '1'])).out)).not.toBe(result(out));
  });
  it('goes on after Ctrl-C with the same command, and ends as if it had never been stopped', async () => {
    const words = ['--trials', '4', '--seed', '2'];
    const whole = await start(words);
    const stopped = await start(words, (out, child) => {
      if (out.includes('cold start      4 of 4')) child.kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain('the same command goes on from there');
    expect(readdirSync(join(folder, 'foothold-studies/demo-digits'))).toEqual(['seed-2-trials-4']);
    const resumed = await start(words);
    expect(resumed.code, resumed.err).toBe(0);
    expect(resumed.out).toMatch(/Going on after \d+ trainings of a stopped run/);
    expect(result(resumed.out)).toBe(result(whole.out));
  });
});
