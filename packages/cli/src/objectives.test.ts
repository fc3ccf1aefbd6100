import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage, replay } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-objectives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);

// The smaller x, the larger the loss and the smaller the size, up to x = 0.5; beyond it both grow. A trial with x above 0.5
// never ends by itself.
writeFileSync(
  join(folder, 'train.cjs'),
  `const x = Number(process.argv[2]);
   const loss = Math.abs(x - 0.5), size = 1 + 10 * x;
   for (let step = 1; step <= 4; step++) console.log(JSON.stringify({ step, values: { loss: loss + 1 / step, size } }));
   if (x > 0.5) setInterval(() => {}, 1000); else console.log(JSON.stringify({ values: { loss, size } }));`,
);
const line = (name: string, xs: readonly number[], more: readonly string[]) => [
  ...['tune', '--space', '{"x":{"type":"real","low":0,"high":1}}'],
  ...[
    '--run',
    `"${process.execPath}" train.cjs {x}`,
    '--metric',
    'loss',
    '--name',
    name,
    '--trials',
    `${xs.length}`,
  ],
  ...xs.flatMap((x) => ['--enqueue', JSON.stringify({ x })]),
  ...more,
];
const trialsOf = async (name: string) =>
  replay(await fileStorage(join(folder, 'foothold-studies')).read(name, 0)).trials;

describe('tune --objective', { timeout: 60_000 }, () => {
  it('searches for the front, and dominance ends what is behind it by all figures of a report', async () => {
    const more = [
      '--objective',
      'size',
      '--prune',
      'dominance:fronts=1,startupTrials=2',
      '--report',
      'front.html',
    ];
    const { code, out, err } = await foothold(line('front', [0.125, 0.5, 0.75, 0.25], more));
    expect(code, err).toBe(0);
    expect(out).toBe(
      'front loss=0.375 size=2.25 (trial 0): x=0.125\n' +
        'front loss=0 size=6 (trial 1): x=0.5\n' +
        'front loss=0.25 size=3.5 (trial 3): x=0.25\n',
    );
    expect(err).toContain('trial 1 (2/4): 0, size 6  x=0.5\n');
    const trials = await trialsOf('front');
    // Trial 0 has a larger loss than trial 2 and a smaller size; trial 1 is better in both.
    expect(trials.map(({ state }) => state)).toEqual(['complete', 'complete', 'pruned', 'complete']);
    expect(trials[3]!.reports[1]).toEqual({ step: 2, value: 0.75, metrics: { size: 3.5 } });
    expect(trials[3]).toMatchObject({ value: 0.25, metrics: { size: 3.5 } });
    expect(readFileSync(join(folder, 'front.html'), 'utf8')).toMatch(/The Pareto front has \d+ trials\./);
    const again = await foothold(line('front', [0.125, 0.5, 0.75, 0.25], [...more, '--json']));
    expect(JSON.parse(again.out)).toMatchObject({
      stopped: 'trials',
      front: [{ number: 0 }, { number: 1 }, { number: 3 }],
    });
    await foothold([...line('front', [0.125, 0.5, 0.75, 0.25], more), '--trials', '6']);
    expect((await foothold(['replay', 'front'])).out).toMatch(/^0 of 2 suggestions differ/);
  });
  it('maximizes where it says so, and takes no other objectives for the same study', async () => {
    const { code, out, err } = await foothold(
      line('large', [0.125, 0.5, 0.25], ['--objective', 'size:maximize']),
    );
    expect(code, err).toBe(0);
    expect(out).toBe('front loss=0 size=6 (trial 1): x=0.5\n');
    const other = await foothold(line('large', [0.125, 0.5, 0.25], ['--objective', 'size']));
    expect(other.code).toBe(1);
    expect(other.err).toContain('--objective: ["size:maximize"] before, ["size:minimize"] now');
    const none = await foothold(line('large', [0.125, 0.5, 0.25], []));
    expect(none.err).toContain('--objective: ["size:maximize"] before, absent now');
  });
  it('fails a trial that lacks a figure, and says which reports cannot end one', async () => {
    writeFileSync(
      join(folder, 'lacking.cjs'),
      `console.log('{"step":1,"loss":1}\\n{"step":2,"loss":1}'); console.log('{"loss":1,"seconds":2}')`,
    );
    const args = line('lacking', [0.5], ['--objective', 'size', '--prune', 'dominance']);
    const { err } = await foothold(args.map((word) => word.replace('train.cjs', 'lacking.cjs')));
    expect(err).toContain('failed: no size beside the value: a line with {"loss": 0.5, "size": 12}');
    expect(err.match(/trial 0: a report without size does not end it/g)).toHaveLength(1);
  });
  it.each([
    [['--objective', 'size', '--prune'], '--prune asha compares the value alone'],
    [
      ['--objective', 'size', '--prune', 'patient:2,of=dominance'],
      '--prune patient compares the value alone',
    ],
    [['--prune', 'dominance'], '--prune dominance compares several objectives: --objective NAME'],
    [['--objective', 'loss'], '--objective is "loss", allowed is another figure than value, loss'],
    [['--objective', 'size', '--objective', 'size:maximize'], 'another figure than value, loss, size'],
    [
      ['--objective', 'size:max'],
      '--objective is "size:max", allowed is NAME, NAME:minimize or NAME:maximize',
    ],
    [['--objective', 'size:Minimize'], 'NAME:maximize'],
    [['--objective', 'valid.accuracy'], 'say --objective valid.accuracy:maximize'],
    [['--objective', 'size', '--target', '1'], '--target looks at one value'],
    [['--objective', 'size', '--sampler', 'cma-es'], 'several-objectives'],
  ])('refuses %j', async (more, says) => {
    const { code, err } = await foothold(line('wrong', [0.5], more));
    expect(code).toBe(1);
    expect(err).toContain(says);
  });
});
