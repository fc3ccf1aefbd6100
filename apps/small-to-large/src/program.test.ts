import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from '@foothold/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFileError } from './data/errors.ts';
import { readImages } from './data/fashion-mnist.ts';
import { smallSet, writeSet } from './data/generated-set.ts';
import { loadBackend } from './network/backend.ts';
import { BackendError } from './network/errors.ts';
import { examplesOf, objectiveOf } from './objective.ts';
import { command, flagsOf } from './options.ts';
import { run } from './program.ts';
import type { Story } from './summary.ts';
import { terminal } from './terminal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foothold-story-'));
  await writeSet(join(folder, 'images'), smallSet(12));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const flags = (storage: string, ...more: string[]) => {
  const words = [
    '--data',
    join(folder, 'images'),
    '--storage',
    join(folder, storage),
    '--report',
    join(folder, 'r.html'),
  ];
  const sizes = [
    '--small-trials',
    '4',
    '--large-trials',
    '5',
    '--images',
    '20',
    '--epochs',
    '2',
    '--channels-scale',
    '0.1',
  ];
  return flagsOf(
    command()
      .exitOverride()
      .parse([...words, ...sizes, ...more], { from: 'user' }),
  );
};

/** Runs the story; `onText` sees each piece of output. */
async function told(
  storage: string,
  options: { more?: string[]; onText?: (text: string, stop: () => void) => void } = {},
) {
  const controller = new AbortController();
  let text = '';
  const write = (part: string) => {
    text += part;
    options.onText?.(part, () => controller.abort(new Error('stopped')));
  };
  const story: Story | undefined = await run(
    flags(storage, ...(options.more ?? [])),
    terminal({ write }, {}),
    controller.signal,
  ).catch((error) => {
    if (controller.signal.aborted) return undefined;
    throw error;
  });
  return { story, text };
}

/** What a story is, without its times. */
const essence = (story: Story | undefined) =>
  Object.entries(story!).map(([stage, trials]) => [
    stage,
    (trials as Story['small']).map((t) => [
      t.number,
      t.params,
      t.state,
      t.state === 'complete' ? t.value : t.state === 'failed' && t.reason,
    ]),
  ]);

describe('the story', () => {
  it('runs through impossible shapes to the table and the report, and names the reason of each', async () => {
    const { story, text } = await told('a');
    expect([story!.small.length, story!.large.length, story!.cold!.length]).toEqual([4, 5, 5]);
    const failed = [...story!.large, ...story!.cold!].filter((t) => t.state === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    for (const t of failed)
      expect(t.reason).toMatch(/^impossible shape: the (first|second) (convolution|pooling) has/);
    expect(text).toContain('20 training images, 2 epochs at most');
    expect(text).toContain('reduced sizes: the full ones are 60,000 images');
    expect(text).toMatch(/large, cold start .* %\s+5\s+\d/);
    expect(text).not.toContain('\u001b');
    const report = await readFile(join(folder, 'r.html'), 'utf8');
    expect(report).toContain('<svg');
    expect(report).toContain('impossible shape');
  });

  it('is the same when it is stopped in the middle of a trial and taken up again', async () => {
    const whole = await told('whole');
    const stopped = await told('parts', { onText: (text, stop) => text.includes('3/4') && stop() });
    expect(stopped.story).toBeUndefined();
    const again = await told('parts', { onText: (text, stop) => text.includes('2/5') && stop() });
    expect(again.story).toBeUndefined();
    expect(again.text).toContain('3 of 4 trials are there from an earlier run');
    const end = await told('parts');
    expect(essence(end.story)).toEqual(essence(whole.story));
    expect((await told('parts')).text).toContain('5 of 5 trials are there');
  });

  it('does not mix the trials of different sizes or seeds', async () => {
    await told('a', { more: ['--no-cold'] });
    expect((await told('a', { more: ['--no-cold', '--seed', '2'] })).text).not.toContain(
      'from an earlier run',
    );
    expect((await told('a', { more: ['--no-cold', '--epochs', '1'] })).text).not.toContain(
      'from an earlier run',
    );
  });

  it('refuses a report that cannot be written before it starts', async () => {
    const nowhere = { ...flags('a'), report: join(folder, 'gone', 'r.html') };
    const parts: string[] = [];
    const out = terminal({ write: (part) => parts.push(part) }, {});
    await expect(run(nowhere, out, new AbortController().signal)).rejects.toThrow(
      /^--report is .*gone.*allowed is a file that can be written \(ENOENT/,
    );
    expect(parts).toEqual([]);
  });

  it('refuses to start without images', async () => {
    const none = flagsOf(command().parse([], { from: 'user' }));
    const out = terminal({ write: () => undefined }, {});
    const signal = new AbortController().signal;
    await expect(run(none, out, signal)).rejects.toThrow(InvalidArgumentError);
    await expect(run(none, out, signal)).rejects.toThrow('--download DIR');
    await expect(run({ ...none, data: join(folder, 'gone') }, out, signal)).rejects.toThrow(DataFileError);
  });
});

describe('an objective', () => {
  it('counts a diverged training as guessing and says so', async () => {
    const tf = await loadBackend('wasm');
    const { configuration } = flags('x');
    const examples = examplesOf(await readImages(join(folder, 'images')), configuration);
    const objective = objectiveOf(tf, 'large', { examples, configuration });
    const settings = { dropout: 0.1, learningRate: 1e30, convolutionKernel: 3, poolingKernel: 2 };
    expect(await objective(settings)).toMatchObject({
      state: 'complete',
      value: 0.9,
      metrics: { diverged: 1 },
    });
    const once = await objective({ ...settings, learningRate: 0.01 });
    const twice = await objective({ ...settings, learningRate: 0.01 });
    expect(once.state === 'complete' && once.value).toBe(twice.state === 'complete' && twice.value);
  });
});

describe('a backend that is not installed', () => {
  it('is an error that says how to install it', async () => {
    const error = await loadBackend('node-gpu').then(
      () => expect.unreachable(),
      (e) => e,
    );
    expect(error).toBeInstanceOf(BackendError);
    expect(error.message).toContain('pnpm add @tensorflow/tfjs-node-gpu@4.22.0');
  });
});
