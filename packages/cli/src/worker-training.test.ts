import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresForTests } from '@foothold/postgres-server/for-tests';
import { trainingCosts } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';
import { until, workersOf } from './worker.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-fleet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);
const postgres = postgresForTests();
const address = () => postgres.server.address;
const { start, program, events, trials } = workersOf(folder, address);

/** Trains from its checkpoint on; fails where that is not at `from`, or of other parameters. Half of a checkpoint is there while HOLD.go is not. */
const trains = program(
  'train.cjs',
  `const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
   const [from, to, checkpoint, lr] = process.argv.slice(2);
   const { FOOTHOLD_CONFIGURATION, HOLD } = process.env;
   const file = checkpoint + '/state.json';
   const state = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { epoch: 0, lr };
   if (String(state.epoch) !== from || state.lr !== lr) throw new Error('another checkpoint: ' + JSON.stringify(state));
   const end = () => {
     writeFileSync(file, JSON.stringify({ epoch: Number(to), lr }));
     for (let step = Number(from) + 1; step <= to; step++)
       console.log(JSON.stringify({ step, loss: (Math.log10(lr) + 2) ** 2 + 1 / step }));
     console.log('loss ' + ((Math.log10(lr) + 2) ** 2 + 1 / to));
   };
   if (!HOLD || from === '0') end();
   else {
     writeFileSync(file, '{"epoch":');
     appendFileSync(HOLD, [FOOTHOLD_CONFIGURATION, from, to].join(' ') + '\\n');
     setInterval(() => { if (existsSync(HOLD + '.go')) { end(); process.exit(); } }, 20);
   }`,
);
const run = ['--run', `${trains} {from} {to} {checkpoint} {lr}`];
const space = ['--space', '{"lr":{"type":"real","low":1e-4,"high":1,"log":true}}', '--metric', 'loss'];
const pieces = (trainings: number) => [
  ...[...space, ...run, '--fidelity', 'epochs:9', '--checkpoint-dir', 'checkpoints'],
  ...['--trials', String(trainings)],
];
const epochs = { name: 'epochs', max: 9 };
/** What all pieces have cost, after a look that each trial was told once. */
const costOf = async (name: string) => {
  const all = await trials(name);
  const told = (await events(name)).flatMap((event) => (event.type === 'told' ? [event.number] : []));
  expect(told.sort((a, b) => a - b)).toEqual(all.map(({ number }) => number));
  return trainingCosts(all, epochs).reduce((sum, cost) => sum + cost, 0);
};

describe('foothold worker with pieces of training', { timeout: 120_000 }, () => {
  it('has any worker go on with any configuration, within the budget, and goes on with the study alone by its name', async () => {
    const workers = [start('fleet', pieces(3)), start('fleet', [...pieces(3), '--concurrency', '2'])];
    for (const worker of workers) expect(await worker.ended, worker.err()).toBe(0);
    const all = await trials('fleet');
    expect(all.filter(({ state }) => state !== 'complete')).toEqual([]);
    // The last piece may cost more than is left, by less than one training: who asks when decides it.
    const cost = await costOf('fleet');
    expect(cost).toBeGreaterThanOrEqual(27);
    expect(cost).toBeLessThan(27 + 9);
    expect(all.some(({ reports }) => reports.length > 0)).toBe(true);
    expect(workers[0]!.err()).toMatch(/^study fleet of 27 epochs, trained in pieces in postgres:/m);
    expect(workers[0]!.out()).toMatch(/^best value \S+ \(trial \d+\): lr=[\d.e-]+ epochs=9$/m);
    const [, checkpoint] = /its checkpoint: (.*)$/m.exec(workers[0]!.err())!;
    expect(JSON.parse(readFileSync(join(checkpoint!, 'state.json'), 'utf8')).epoch).toBe(9);
    // Space, fidelity, folder and metric are those of the study; a larger budget trains more.
    const next = start('fleet', [...run, '--budget', '36', '--json']);
    expect(await next.ended, next.err()).toBe(0);
    expect(JSON.parse(next.out())).toMatchObject({ stopped: 'trials', best: { params: { epochs: 9 } } });
    expect(await costOf('fleet')).toBeGreaterThanOrEqual(36);
    const replayed = await foothold(['replay', 'fleet', '--storage', address(), '--json']);
    expect([replayed.code, JSON.parse(replayed.out).differing]).toEqual([0, []]);
  });

  it('trains the piece of a worker that was killed again, from the checkpoint before it, and tells nothing twice', async () => {
    const victim = start('killed', pieces(3), { HOLD: 'held' });
    const held = () => (existsSync(join(folder, 'held')) ? readFileSync(join(folder, 'held'), 'utf8') : '');
    await until(() => held().includes('\n'), 'a piece goes on from a checkpoint');
    const [configuration, from, to] = held().trim().split(' ');
    const other = start('killed', pieces(3));
    victim.child.kill('SIGKILL');
    await victim.ended;
    expect(await other.ended, other.err()).toBe(0);
    expect(await costOf('killed')).toBeGreaterThanOrEqual(27);
    const all = await trials('killed');
    expect(all.filter(({ state }) => state !== 'complete')).toEqual([]);
    expect((await events('killed')).some((event) => event.type === 'expired' && event.lost)).toBe(true);
    const kept = readdirSync(join(folder, 'checkpoints/killed', configuration!)).join();
    expect(kept, `${from} ${to}`).toMatch(/^configuration\.json,epochs-\d(,epochs-\d)?$/);
  });

  it('tries a piece that failed again from the checkpoint before it, with the back-off of the queue', async () => {
    const fails = program(
      'fails.cjs',
      `const fs = require('node:fs');
       const [from, to, checkpoint, lr] = process.argv.slice(2);
       const file = checkpoint + '/epoch';
       const epoch = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '0';
       if (epoch !== from) throw new Error('another checkpoint: ' + epoch);
       fs.writeFileSync(file, to);
       if (from !== '0' && !fs.existsSync('failed')) { fs.writeFileSync('failed', [from, to].join()); throw new Error('out of memory'); }
       console.log('loss ' + lr);`,
    );
    const line = pieces(2).map((word) => word.replace(trains, fails));
    const worker = start('fails', [...line, '--back-off', '1']);
    expect(await worker.ended, worker.err()).toBe(0);
    expect(readFileSync(join(folder, 'failed'), 'utf8')).toMatch(/^[1-9],\d$/);
    const all = await trials('fails');
    expect(all.filter(({ state }) => state !== 'complete')).toEqual([]);
    expect(all.filter(({ attributes }) => attributes?.['foothold.failures'] === 1)).toHaveLength(1);
    expect(await costOf('fails')).toBe(18);
  });

  it('refuses a machine that has another folder of checkpoints, and gives its piece back where the folder goes away', async () => {
    const worker = start('shared', pieces(3), { HOLD: 'shared' });
    await until(() => existsSync(join(folder, 'shared')), 'a piece runs');
    const line = pieces(3).map((word) => (word === 'checkpoints' ? 'elsewhere' : word));
    const other = start('shared', line);
    expect(await other.ended, other.err()).toBe(1);
    expect(other.err()).toMatch(
      /the folder of checkpoints is ".*\/elsewhere\/shared", allowed is the one that the other workers of shared have/,
    );
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
    rmSync(join(folder, 'checkpoints/shared/folder-id'));
    const gone = start('shared', pieces(3));
    expect(await gone.ended).toBe(1);
    writeFileSync(join(folder, 'shared.go'), '');
    expect(await worker.ended, worker.err()).toBe(1);
    expect(worker.err()).toContain('the folder of checkpoints is');
    const all = await trials('shared');
    expect(all.map(({ state }) => state).filter((state) => state === 'failed')).toEqual([]);
    // A copy of the folder is the folder.
    const id = (await foothold(['studies', 'show', 'shared', '--storage', address(), '--json'])).out;
    const [, mark] = /"checkpointFolder":"([^"]+)"/.exec(id) ?? [];
    cpSync(join(folder, 'checkpoints/shared'), join(folder, 'elsewhere/shared'), { recursive: true });
    writeFileSync(join(folder, 'elsewhere/shared/folder-id'), mark!);
    const moved = start('shared', line);
    expect(await moved.ended, moved.err()).toBe(0);
    expect(await costOf('shared')).toBe(27);
  });

  it('goes on with a study of foothold tune, from its folder alone', async () => {
    const storage = ['--storage', address(), '--name', 'tuned'];
    const tuned = await foothold(['tune', ...storage, ...pieces(1)]);
    expect(tuned.code, tuned.err).toBe(0);
    const other = start('tuned', [...run, '--trials', '2', '--checkpoint-dir', 'another']);
    expect(await other.ended, other.err()).toBe(1);
    expect(other.err()).toContain('the one that the other workers of tuned have');
    const worker = start('tuned', [...run, '--trials', '2', '--checkpoint-dir', 'checkpoints']);
    expect(await worker.ended, worker.err()).toBe(0);
    expect(await costOf('tuned')).toBe(18);
  });

  it('trains with a module', async () => {
    writeFileSync(
      join(folder, 'train.mjs'),
      `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
       export default async (params, { from, to, checkpoint, report }) => {
         const file = checkpoint + '/epoch';
         const epoch = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
         if (epoch !== from || 'epochs' in params) throw new Error('another checkpoint: ' + epoch);
         for (let step = from + 1; step <= to; step++) await report(step, params.lr + 1 / step);
         writeFileSync(file, String(to));
         return params.lr + 1 / to;
       };`,
    );
    const line = pieces(2).filter((word) => !run.includes(word) && !['--metric', 'loss'].includes(word));
    const worker = start('module', [...line, '--module', 'train.mjs']);
    expect(await worker.ended, worker.err()).toBe(0);
    expect((await trials('module')).map(({ state }) => state)).not.toContain('failed');
    expect(await costOf('module')).toBe(18);
  });

  it('says what does not go together before the study is made', async () => {
    for (const [line, message] of [
      [[...pieces(2), '--prune'], '--prune goes without --fidelity'],
      [[...pieces(2), '--budget', '30'], '--budget goes without --trials'],
      [[...space, ...run, '--fidelity', 'epochs:9'], '--trials is missing'],
      [[...space, '--run', 'echo {lr}', '--trials', '2', '--budget', '9'], '--budget goes with --fidelity'],
      [[...pieces(2), '--checkpoint-dir', 'train.cjs'], 'allowed is a folder that can be written'],
    ] as const) {
      const worker = start('wrong', line);
      expect(await worker.ended, message).toBe(1);
      expect(worker.err()).toContain(message);
    }
    expect(await events('wrong')).toEqual([]);
  });
});
