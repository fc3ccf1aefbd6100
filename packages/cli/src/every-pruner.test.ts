import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prunerNames } from '@foothold/protocol';
import { fileStorage, replay } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-every-pruner-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);

// Up to x = 0.5 the loss falls: 0.5 − x + 1/step. Beyond it grows: 0.5, 0.75, 1, 1.25 with x = 0.75, and the program does not end.
writeFileSync(
  join(folder, 'train.cjs'),
  `const x = Number(process.argv[2]);
   const loss = (step) => Math.abs(x - 0.5) + (x > 0.5 ? step / 4 : 1 / step);
   for (let step = 1; step <= 4; step++) console.log(JSON.stringify({ step, loss: loss(step), size: x }));
   if (x > 0.5) setInterval(() => {}, 1000); else console.log(JSON.stringify({ loss: 0.5 - x, size: x }));`,
);
/** Losses at the steps: 1, 0.5, 0.333, 0.25; then 0.125 and 0.0625 more; then the one that grows. */
const xs = [0.5, 0.375, 0.4375, 0.75];
const run = (name: string, more: readonly string[]) =>
  foothold([
    ...['tune', '--space', '{"x":{"type":"real","low":0,"high":1}}', '--name', name, '--trials', '4'],
    ...['--run', `"${process.execPath}" train.cjs {x}`, '--metric', 'loss', '--timeout', '30'],
    ...xs.flatMap((x) => ['--enqueue', JSON.stringify({ x })]),
    ...more,
  ]);

/** The step at which the rule, calculated by hand, ends the last trial. */
const cases: readonly (readonly [flag: string, step: number])[] = [
  ['asha', 4],
  ['asha:minResource=2', 2],
  // Its bracket is the first one. At step 1 it is the best, at step 2 behind all of the others.
  ['hyperband:4,minResource=1', 2],
  // Its best, 0.5, against the medians 1.0625, 0.5625 and 0.396.
  ['median:startupTrials=2', 3],
  ['median:startupTrials=2,warmupSteps=4', 4],
  // Steps 2 and 3 are one interval, whose first report decides.
  ['median:startupTrials=2,warmupSteps=2,intervalSteps=2', 4],
  ['percentile:50,startupTrials=2,minTrials=3', 3],
  ['patient:1', 3],
  ['patient:1,of=asha', 4],
  ['threshold:1.2', 4],
  ['threshold:upper=0.7,warmupSteps=2', 2],
  // p-values of its losses against those of the first trial: 3/4, 3/8, 3/16.
  ['wilcoxon:0.3', 4],
  ['wilcoxon:pThreshold=0.5', 3],
  // Behind the first trial in both figures from step 2 on.
  ['dominance:fronts=1,startupTrials=2', 2],
];

describe('tune --prune', { timeout: 60_000 }, () => {
  it.each(cases)('%s ends the trial at step %i', async (flag, step) => {
    const name = flag.replaceAll(/\W/g, '-');
    const more = flag.startsWith('dominance') ? ['--objective', 'size'] : [];
    const { code, err } = await run(name, ['--prune', flag, ...more]);
    expect(code, err).toBe(0);
    expect(err).toMatch(new RegExp(`^trial 3 \\(4/4\\): pruned at step ${step}, `, 'm'));
    const storage = fileStorage(join(folder, 'foothold-studies'));
    const { trials } = replay(await storage.read(name, 0));
    expect(trials[3]).toMatchObject({ state: 'pruned', reports: { length: step } });
  });
  it('takes every name that there is, and asha without one', async () => {
    expect([...new Set(cases.map(([flag]) => flag.split(':')[0]))].sort()).toEqual([...prunerNames].sort());
    const { code, err } = await run('default', ['--prune']);
    expect(code, err).toBe(0);
    expect(err).toContain('trial 3 (4/4): pruned at step 4, 1.25');
  });
});
