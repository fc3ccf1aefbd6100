import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
    .slice(out.indexOf('judged on'), out.indexOf('Report:'))
    .replace(/ +[\d.]+$/gm, '')
    .trim();

/** Networks that learn from a few digits, and few trainings: what is tested is the demo, not the network. */
const words = ['--trials', '3', '--digits', '60'];

describe('the demo of handwritten digits', { timeout: 120_000 }, () => {
  it('ends with a table, a sentence and a report; stopped by Ctrl-C, the same command ends in the same way', async () => {
    const whole = await start([...words, '--report', 'digits.html']);
    expect(whole.code, whole.err).toBe(0);
    expect(whole.out).toMatch(/^stock settings +\d+\.\d % +\d+\.\d % +1 +\d/m);
    expect(whole.out).toMatch(/^random search +\d+\.\d % +\d+\.\d % +3 +\d/m);
    expect(whole.out).toMatch(/^cold start +\d+\.\d % +\d+\.\d % +3 +\d/m);
    expect(whole.out).toMatch(/^small to large +\d+\.\d % +\d+\.\d % +1 +18 +\d/m);
    expect(whole.out).toMatch(/stock settings misread \d+\.\d % of new/);
    expect(whole.out).not.toContain('\u001b');
    const lines = whole.out.split('\n').filter((line) => !line.startsWith('Report:'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(readFileSync(join(folder, 'digits.html'), 'utf8')).toContain('small to large');
    expect(readdirSync(join(folder, 'foothold-studies/demo-digits'))).toEqual([]);

    const stopped = await start(words, (out, child) => {
      if (out.includes('cold start      3 of 3')) child.kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain('the same command goes on from there');
    expect(readdirSync(join(folder, 'foothold-studies/demo-digits'))).toEqual(['seed-0-trials-3-digits-60']);
    const resumed = await start(words);
    expect(resumed.code, resumed.err).toBe(0);
    expect(resumed.out).toMatch(/Going on after \d+ trainings of a stopped run/);
    expect(result(resumed.out)).toBe(result(whole.out));
  });
});
