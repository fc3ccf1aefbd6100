import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadBackend } from '@foothold/app-small-to-large/backend';
import { readImages } from '@foothold/app-small-to-large/images';
import { itWithData, sharedImages } from '@foothold/app-small-to-large/shared-data';
import { terminal } from '@foothold/app-small-to-large/terminal';
import { seeded } from '@foothold/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeImages } from './images.fixture.ts';
import { scoresOf } from './metrics/scores.ts';
import { command, type Flags, flagsOf } from './options.ts';
import { run } from './program.ts';
import { newTask, tasksOf } from './tasks.ts';
import { train } from './training.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foothold-meta-'));
  await writeImages(join(folder, 'images'), { train: 20, test: 3 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const tiny = '--earlier-tasks 1 --earlier-trials 2 --trials 2 --repeats 1 --train 4 --validation 3'.split(
  ' ',
);
const flagsFrom = (words: readonly string[]): Flags => flagsOf(command().parse(words, { from: 'user' }));

/** The program as its own process in the folder. */
function start(words: readonly string[], onOutput?: (text: string, kill: () => void) => void) {
  const program = fileURLToPath(new URL('main.ts', import.meta.url));
  return new Promise<{ code: number | null; output: string; errors: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@foothold/source', program, ...words], {
      cwd: folder,
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      onOutput?.(output, () => child.kill('SIGINT'));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}

describe('the program', () => {
  it('compares the methods on images from a folder, writes the report, and repeats itself but for the times', async () => {
    const output: string[] = [];
    const stream = { isTTY: true, columns: 200, write: (text: string) => output.push(text) };
    const report = join(folder, 'report.html');
    const flags = flagsFrom([
      ...tiny,
      ...['--data', join(folder, 'images'), '--report', report, '--dir', join(folder, 'one')],
    ]);
    let ticks = 0;
    const now = () => 1000 * ticks++;
    const to = terminal(stream, { NO_COLOR: '1' });
    const summary = await run(flags, { to, signal: new AbortController().signal, now });
    const text = output.join('');
    expect(text).toContain(
      'look-alikes (pullover, dress, coat, shirt); 2 evaluations by each method, 1 times.',
    );
    expect(text).toMatch(/█+░* \d of 8, \d+ s left, /);
    expect(text).not.toContain('\u001b[3');
    expect(summary.map(({ method, evaluations }) => [method, evaluations])).toEqual([
      ['transfer', 2],
      ['Bayesian', 2],
      ['random', 2],
    ]);
    // One training is two looks at a clock that moves a second each time.
    expect(summary.map(({ trainingSeconds }) => trainingSeconds)).toEqual([2, 2, 2]);
    expect(await readFile(report, 'utf8')).toContain('Every evaluation of the first repeat');
    expect(text).not.toContain('earlier run');
    const elsewhere = { ...flags, dir: join(folder, 'two') };
    const again = await run(elsewhere, { to, signal: new AbortController().signal, now: () => 0 });
    expect(again.map(({ errors, auc }) => [errors, auc])).toEqual(
      summary.map(({ errors, auc }) => [errors, auc]),
    );
  });
  it('has help that names every flag, and says what is wrong', async () => {
    const help = await start(['--help']);
    expect(help.code).toBe(0);
    for (const flag of [
      '--data',
      '--earlier-tasks',
      '--trials',
      '--repeats',
      '--quick',
      '--seed',
      '--dir',
      '--report',
    ])
      expect(help.output).toContain(flag);
    const wrong = await start(['--trials', 'many']);
    expect([wrong.code, wrong.errors]).toEqual([
      2,
      expect.stringContaining('Allowed is a whole number from 1.'),
    ]);
    const nowhere = await start(['--data', 'nowhere']);
    expect([nowhere.code, nowhere.errors]).toEqual([1, expect.stringContaining('nowhere: is no folder')]);
  });
  it('stopped by Ctrl-C ends at once with code 130, and the same line goes on to the result of a run never stopped', async () => {
    const line = (dir: string) => [
      ...[...tiny, '--data', 'images', '--trials', '4', '--dir', dir, '--report', `${dir}.html`],
    ];
    let sent = false;
    const stopped = await start(line('parts'), (text, kill) => {
      if (sent || !text.includes('earlier task "summer"')) return;
      sent = true;
      kill();
    });
    expect([stopped.code, stopped.errors]).toEqual([
      130,
      'Stopped. Every finished trial is kept; the same command goes on from there.\n',
    ]);
    const again = await start(line('parts'));
    expect([again.code, again.errors]).toEqual([0, '']);
    expect(again.output).toMatch(/(\d+) of 14 evaluations are there from an earlier run, going on\./);
    const whole = await start(line('whole'));
    // Without seconds, which nobody repeats: the errors by evaluations, and the figures on the test images.
    const tables = ({ output }: { readonly output: string }) =>
      output
        .slice(output.indexOf('Validation error of'), output.indexOf('in this run'))
        .replaceAll(/\d+(\.\d)? s\b/g, 's')
        .replaceAll(/[ ─]+/g, ' ');
    expect(tables(again)).toContain('random search');
    expect(tables(again)).toBe(tables(whole));
    const third = await start(line('parts'));
    expect(third.output).toContain('14 of 14 evaluations are there from an earlier run.');
    expect(tables(third)).toBe(tables(whole));
  });
  it('names the class that has too few images, and a number of earlier tasks that there is not', async () => {
    const to = terminal({ write: () => undefined }, {});
    const flags = flagsFrom([...tiny, '--data', join(folder, 'images'), '--train', '30']);
    await expect(run(flags, { to, signal: new AbortController().signal, now: () => 0 })).rejects.toThrow(
      '--train is 30, allowed is at most 20 more images of the class pullover',
    );
    expect(() => flagsFrom(['--data', '.', '--earlier-tasks', '9'])).toThrow('allowed is at most 5');
  });
});

itWithData(
  'a network of 32 units learns to classify four real articles far better than guessing',
  async () => {
    const sizes = { train: 60, validation: 50, test: 100 };
    const [task] = tasksOf(await readImages(sharedImages), [newTask], { sizes, rng: seeded(1) });
    const settings = { learningRate: 0.01, batchSize: 32, epochs: 10, dropout: 0.2, width: 32 } as const;
    const tf = await loadBackend('wasm');
    const { test } = await train(tf, task!, { settings, rng: seeded(2), patience: 6, plateau: 2 });
    const { accuracy, auc, mse } = scoresOf(test);
    expect(accuracy).toBeGreaterThan(0.6);
    expect(auc).toBeGreaterThan(0.8);
    expect(mse).toBeLessThan(0.25 * 0.75);
  },
);
