import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn, startIn, withoutTimes } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-pieces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** Trains from its checkpoint on, prints each epoch's loss, and fails where the checkpoint is of another epoch or setting. */
writeFileSync(
  join(folder, 'train.cjs'),
  `const { existsSync, readFileSync, writeFileSync, appendFileSync } = require('node:fs');
   const { join } = require('node:path');
   const [from, to, checkpoint, lr] = process.argv.slice(2);
   const { FOOTHOLD_FROM, FOOTHOLD_TO, FOOTHOLD_CHECKPOINT, FOOTHOLD_CONFIGURATION, HOLD } = process.env;
   if (FOOTHOLD_FROM !== from || FOOTHOLD_TO !== to || FOOTHOLD_CHECKPOINT !== checkpoint) throw new Error('environment');
   if (to === process.env.CRASH) process.exit(1);
   const file = join(checkpoint, 'state.json');
   const state = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { epoch: 0, lr };
   if (state.epoch !== Number(from) || state.lr !== lr) throw new Error('another checkpoint: ' + JSON.stringify(state));
   appendFileSync('pieces.txt', [FOOTHOLD_CONFIGURATION, from, to].join(' ') + '\\n');
   let loss;
   for (let epoch = Number(from) + 1; epoch <= Number(to); epoch++) {
     loss = (Math.log10(lr) + 2) ** 2 + 1 / Math.sqrt(epoch);
     writeFileSync(file, '{"epoch":' + epoch);
     if (HOLD && from !== '0') { console.log(JSON.stringify({ step: epoch, value: loss })); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000); }
     writeFileSync(file, JSON.stringify({ epoch, lr }));
     console.log(JSON.stringify({ step: epoch, value: loss }));
   }
   console.log('loss ' + loss);`,
);
const foothold = commandIn(folder);
const line = (name: string, ...more: readonly string[]) => [
  ...['tune', '--space', '{"lr":{"type":"real","low":1e-4,"high":1,"log":true}}'],
  ...['--run', `${process.execPath} train.cjs {from} {to} {checkpoint} {lr}`, '--metric', 'loss'],
  ...['--fidelity', 'epochs:9', '--checkpoint-dir', 'checkpoints', '--storage', 'studies', '--name', name],
  ...more,
];
type Event = {
  readonly type: string;
  readonly number: number;
  readonly outcome?: { readonly state: string };
};
const eventsOf = (name: string) =>
  readFileSync(join(folder, `studies/${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .flatMap((text) => JSON.parse(text).events as Event[]);
const failuresOf = (name: string) => eventsOf(name).filter(({ outcome }) => outcome?.state === 'failed');

describe('foothold tune --fidelity', { timeout: 120_000 }, () => {
  it('goes on from checkpoints within the budget, and its best is fully trained', async () => {
    const { code, out, err } = await foothold(line('plain', '--trials', '4'));
    expect(code, err).toBe(0);
    expect(failuresOf('plain')).toEqual([]);
    const [, number] = /^best value \S+ \(trial (\d+)\): lr=[\d.e-]+ epochs=9$/m.exec(out) ?? [];
    expect(number, out).toBeDefined();
    expect(err).toMatch(/cost 3\d\/36/);
    const [, checkpoint] = /its checkpoint: (.*)$/m.exec(err)!;
    expect(JSON.parse(readFileSync(join(checkpoint!, 'state.json'), 'utf8')).epoch).toBe(9);
    expect(eventsOf('plain').some(({ type }) => type === 'reported')).toBe(true);
    const shown = await foothold(['studies', 'show', 'plain', '--storage', 'studies']);
    expect(shown.out).toMatch(new RegExp(`^best .*\\(trial ${number}`, 'm'));
    expect(shown.out).toContain('the best is at epochs 9; trials are pieces of training');
    const copied = await foothold(['studies', 'copy', 'plain', 'other', '--storage', 'studies']);
    expect(copied.err).toMatch(
      /^other looks for its checkpoints in the folder other of --checkpoint-dir: copy the folder plain/,
    );
    const renamed = await foothold(['studies', 'rename', 'other', 'third', '--storage', 'studies']);
    expect(renamed.err).toMatch(/^third looks for .*: rename the folder other/);
    const replayed = await foothold(['replay', 'plain', '--storage', 'studies', '--json']);
    expect([replayed.code, JSON.parse(replayed.out).differing]).toEqual([0, []]);
  });
  it('says what another folder of checkpoints means, has the best of earlier runs in its lines, and proposes no --from', async () => {
    await foothold(line('moved', '--trials', '2'));
    rmSync(join(folder, 'checkpoints/moved'), { recursive: true });
    const done = await foothold(line('moved', '--trials', '2'));
    expect(done.err).toMatch(
      /^no checkpoint for (\d+) of \1 configurations that may go on, such as .*epochs-1: these fail/m,
    );
    expect(done.err).toMatch(/^its checkpoint is not there: .*epochs-9$/m);
    const [, best] = /^best value (\S+)/.exec(done.out)!;
    const more = await foothold(line('moved', '--trials', '3'));
    const shownBest = [...more.err.matchAll(/^fidelity 9 .* best (\S+)$/gm)].map(([, value]) =>
      Number(value),
    );
    expect(shownBest.length, more.err).toBeGreaterThan(0);
    for (const value of shownBest) expect(value).toBeLessThanOrEqual(Number(Number(best).toPrecision(6)));
    const other = await foothold(line('moved', '--trials', '3', '--fidelity', 'epochs:12'));
    expect(other.err).toContain('Another name makes another study:');
    expect(other.err).not.toContain('--from');
  });
  it('says that no configuration is trained to the end, where pieces are complete', async () => {
    const words = line('early', '--trials', '2').map((word) =>
      word.replace(process.execPath, (path) => `CRASH=9 ${path}`),
    );
    const { code, out } = await foothold(words);
    expect(code).toBe(1);
    expect(out).toMatch(/^no trial completed at the fidelity that counts; `foothold report early/);
  });
  it('evaluates a piece that was killed once more, from the checkpoint before it, to the same end', async () => {
    rmSync(join(folder, 'pieces.txt'), { force: true });
    const continued = /^(\d+) ([1-9]) (\d)$/m;
    const stopped = startIn(folder, line('killed', '--trials', '4'), { HOLD: '1' });
    await until(() => continued.test(textOf('pieces.txt')));
    const [, configuration, from, to] = continued.exec(textOf('pieces.txt'))!;
    const half = `checkpoints/killed/${configuration}/epochs-${to}.1/state.json`;
    await until(() => textOf(half) === `{"epoch":${Number(from) + 1}`);
    stopped.child.kill('SIGKILL');
    await stopped.ended;
    const second = await foothold(line('killed', '--trials', '4', '--json'));
    expect(second.code, second.err).toBe(0);
    expect(failuresOf('killed')).toEqual([]);
    expect(readdirSync(join(folder, 'checkpoints/killed', configuration!)).join()).toMatch(
      /^configuration\.json,epochs-\d(,epochs-\d)?$/,
    );
    const whole = await foothold(line('whole', '--trials', '4', '--json'));
    const best = (json: string) => (withoutTimes(json) as { best: unknown }).best;
    expect(best(second.out)).toEqual(best(whole.out));
  });
  it('never has two programs train one configuration, with several at a time and two commands', async () => {
    const both = [line('two', '--trials', '5', '--concurrency', '2'), line('two', '--trials', '5')];
    const runs = await Promise.all(both.map((one) => foothold(one)));
    expect(
      runs.map(({ code }) => code),
      runs.map(({ err }) => err).join(),
    ).toEqual([0, 0]);
    expect(failuresOf('two')).toEqual([]);
    expect(readdirSync(join(folder, 'checkpoints/two')).length).toBeGreaterThan(2);
  });
  it('begins each piece at 0 without a folder for checkpoints', async () => {
    const run = `${process.execPath} -e "console.log({lr} + 1 / {to})"`;
    const given = ['tune', '--space', '{"lr":{"type":"real","low":1e-4,"high":1,"log":true}}', '--run', run];
    const { code, err, out } = await foothold([
      ...given,
      '--fidelity',
      'epochs:9',
      '--budget',
      '20',
      '--storage',
      'zero',
      '--json',
    ]);
    expect(code, err).toBe(0);
    expect(JSON.parse(out).best.params.epochs).toBe(9);
    expect(err).not.toContain('FOOTHOLD_PARAMS');
  });
  it('names what is wrong', async () => {
    for (const [more, message] of [
      [
        ['--fidelity', 'epochs:27'],
        '--fidelity: "epochs:9, from checkpoints on" before, "epochs:27, from checkpoints on" now',
      ],
      [['--checkpoint-dir', 'train.cjs'], 'allowed is a folder that can be written'],
    ] as const) {
      const { code, err } = await foothold(line('plain', ...more));
      expect([code, err], more.join(' ')).toEqual([1, expect.stringContaining(message)]);
    }
  });
  it('says of a report outside of its piece which steps the piece has, and goes on', async () => {
    const run = `${process.execPath} -e "console.log(JSON.stringify({step:{from},value:1})); console.log('loss '+{lr})" {checkpoint}`;
    const given = line('steps', '--trials', '1').map((word) => (word.includes('train.cjs') ? run : word));
    const { code, err } = await foothold(given);
    expect(code, err).toBe(0);
    expect(err).toContain('a report is passed over: step is 0, allowed is a step from 1 to 1');
  });
});

const textOf = (name: string) =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';

async function until(check: () => boolean): Promise<void> {
  for (let k = 0; k < 1000 && !check(); k++) await new Promise((done) => setTimeout(done, 20));
  expect(check()).toBe(true);
}
