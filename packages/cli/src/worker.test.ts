import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storageOf } from '@foothold/optimize';
import { postgresForTests } from '@foothold/postgres-server/for-tests';
import { samplerNamed } from '@foothold/protocol';
import { searchSpace, uniform } from '@foothold/space';
import { sharedStudy } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';
import { made, unitSpace, until, workersOf } from './worker.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-worker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);
const postgres = postgresForTests();
const address = () => postgres.server.address;
const { start, program, events, trials } = workersOf(folder, address);
const told = async (name: string) =>
  (await events(name)).flatMap((event) => (event.type === 'told' ? [event.number] : []));

/** Prints a value once the file of its second argument is there. */
const waits = program(
  'waits.cjs',
  `const { existsSync, appendFileSync } = require('fs');
   const [, , x, go] = process.argv;
   appendFileSync(go + '.began', process.env.FOOTHOLD_TRIAL + '\\n');
   setInterval(() => { if (existsSync(go)) { console.log(x); process.exit(); } }, 20);`,
);
const began = (go: string) =>
  existsSync(join(folder, `${go}.began`))
    ? readFileSync(join(folder, `${go}.began`), 'utf8')
        .trim()
        .split('\n').length
    : 0;

describe('foothold worker', { timeout: 120_000 }, () => {
  it('ends each trial once while workers are killed and come again', async () => {
    const steps = program('steps.cjs', 'setTimeout(() => console.log(process.argv[2]), 300)');
    const line = [
      ...made(10),
      '--run',
      `${steps} {x}`,
      '--concurrency',
      '2',
      '--failures',
      '0',
      '--retries',
      '20',
    ];
    const first = start('killed', line);
    let workers = [first, start('killed', line)];
    for (let kills = 0; kills < 2; kills++) {
      const before = (await told('killed')).length;
      await until(async () => (await told('killed')).length > before, 'another trial ends');
      const [victim, ...others] = workers;
      victim!.child.kill('SIGKILL');
      await victim!.ended;
      workers = [...others, start('killed', line)];
    }
    for (const worker of workers) expect(await worker.ended, worker.err()).toBe(0);
    const all = await trials('killed');
    expect(all.map(({ state }) => state)).toEqual(new Array(10).fill('complete'));
    expect((await told('killed')).sort((a, b) => a - b)).toEqual(all.map(({ number }) => number));
  });

  it('ends what runs after SIGTERM and begins nothing more; another one goes on with the study alone by its name', async () => {
    const line = ['--run', `${waits} {x} drain.go`];
    const worker = start('drain', [...made(4), ...line, '--concurrency', '2']);
    await until(() => began('drain.go') === 2, 'two trials run');
    worker.child.kill('SIGTERM');
    await worker.says('no trial begins any more');
    writeFileSync(join(folder, 'drain.go'), '');
    expect(await worker.ended, worker.err()).toBe(143);
    expect(worker.err()).toContain('what runs ends first');
    expect((await trials('drain')).map(({ state }) => state)).toEqual(['complete', 'complete']);
    const next = start('drain', [...line, '--json']);
    expect(await next.ended, next.err()).toBe(0);
    expect(JSON.parse(next.out())).toMatchObject({ study: 'drain', finished: 2, stopped: 'trials' });
    expect(await told('drain')).toHaveLength(4);
  });

  it('gives back what runs after the second SIGTERM, or when --drain-timeout is over, and nothing of it counts as lost', async () => {
    const line = [...made(2), '--run', `${waits} {x} back.go`];
    const worker = start('back', line);
    await until(() => began('back.go') === 1, 'a trial runs');
    worker.child.kill('SIGTERM');
    await worker.says('no trial begins any more');
    worker.child.kill('SIGTERM');
    expect(await worker.ended, worker.err()).toBe(143);
    const other = start('back', [...line, '--drain-timeout', '0.2']);
    await until(() => began('back.go') === 2, 'it runs again');
    other.child.kill('SIGTERM');
    expect(await other.ended, other.err()).toBe(143);
    const third = start('back', line);
    await until(() => began('back.go') === 3, 'it runs once more');
    third.child.kill('SIGINT');
    expect(await third.ended, third.err()).toBe(130);
    expect(third.err()).toContain('no trial begins any more; what runs is given back');
    const log = await events('back');
    expect(log.filter(({ type }) => type === 'told')).toEqual([]);
    expect(log.filter(({ type }) => type === 'expired')).toMatchObject([
      { number: 0 },
      { number: 0 },
      { number: 0 },
    ]);
    expect(log.some((event) => event.type === 'expired' && event.lost)).toBe(false);
  });

  it('begins nothing while the study is paused, and goes on when it is resumed', async () => {
    writeFileSync(join(folder, 'pause.go'), '');
    const line = [...made(3), '--run', `${waits} {x} pause.go`];
    expect((await foothold(['studies', 'pause', 'pause', '--storage', address()])).err).toContain(
      'there is no study "pause"',
    );
    const storage = ['--storage', address()];
    const made1 = await foothold([...['worker', '--name', 'pause', ...storage], ...line, '--trials', '1']);
    expect(made1.code, made1.err).toBe(0);
    expect((await foothold(['studies', 'pause', 'pause', ...storage])).out).toBe('paused pause\n');
    const worker = start('pause', line);
    await worker.says('paused: what runs goes on');
    expect(await trials('pause')).toHaveLength(1);
    expect((await foothold(['studies', 'resume', 'pause', ...storage])).out).toBe('resumed pause\n');
    expect(await worker.ended, worker.err()).toBe(0);
    expect(await trials('pause')).toHaveLength(3);
  });

  it('tries a failed trial again after a back-off, keeps what it printed, and lists it as a dead letter after the last try', async () => {
    const fails = program(
      'fails.cjs',
      `const { appendFileSync, readFileSync } = require('fs');
       const { FOOTHOLD_TRIAL: trial } = process.env;
       appendFileSync('tries', trial + ' ' + Date.now() + '\\n');
       const tries = readFileSync('tries', 'utf8').split('\\n').filter((line) => line.startsWith(trial + ' ')).length;
       console.log('try', tries);
       if (trial === '0' || (trial === '1' && tries === 1)) { console.error('Error: out of memory'); process.exit(1); }
       console.log('value', process.argv[2]);`,
    );
    const line = [
      ...made(3),
      '--run',
      `${fails} {x}`,
      '--metric',
      'value',
      '--failures',
      '2',
      '--back-off',
      '1',
    ];
    const worker = start('fails', [...line, '--concurrency', '2']);
    expect(await worker.ended, worker.err()).toBe(0);
    const all = await trials('fails');
    expect(all.map(({ state }) => state)).toEqual(['failed', 'complete', 'complete']);
    expect(all[0]).toMatchObject({
      reason: 'exit code 1: Error: out of memory',
      attributes: { 'foothold.failures': 3 },
    });
    expect(all[1]).toMatchObject({ attributes: { 'foothold.failures': 1 } });
    const times = readFileSync(join(folder, 'tries'), 'utf8')
      .trim()
      .split('\n')
      .map((text) => text.split(' ').map(Number));
    const ofFirst = times.filter(([trial]) => trial === 0).map(([, at]) => at!);
    expect(ofFirst).toHaveLength(3);
    expect(ofFirst[1]! - ofFirst[0]!).toBeGreaterThanOrEqual(1000);
    expect(ofFirst[2]! - ofFirst[1]!).toBeGreaterThanOrEqual(2000);
    expect(times.filter(([trial]) => trial === 1)).toHaveLength(2);
    const shown = await foothold(['studies', 'show', 'fails', '--trial', '0', '--storage', address()]);
    expect(shown.out).toContain('try 3');
    const dead = await foothold(['worker', '--name', 'fails', '--storage', address(), '--dead-letters']);
    expect([dead.code, dead.out]).toEqual([0, 'trial 0 after 3 tries: exit code 1: Error: out of memory\n']);
    const typo = await foothold(['worker', '--name', 'fials', '--storage', address(), '--dead-letters']);
    expect([typo.code, typo.err]).toEqual([
      1,
      expect.stringContaining('there is no study fials in postgres://'),
    ]);
    // Metric and trials are those of the study; the trial that is reopened has all its tries again.
    const again = ['--run', `${fails} {x}`, '--retry-failed', '--back-off', '1', '--failures', '1'];
    const next = start('fails', again);
    expect(await next.ended, next.err()).toBe(0);
    expect(next.err()).toContain('trial 0 failed and is tried again');
    expect(await trials('fails')).toMatchObject([
      { state: 'failed', attributes: { 'foothold.failures': 2 } },
      { state: 'complete' },
      { state: 'complete' },
    ]);
  });

  it('counts no failures of a trial that foothold tune evaluates again', async () => {
    const fails = program('always-fails.cjs', "console.error('Error: out of memory'); process.exit(1);");
    const line = [...made(1), '--run', `${fails} {x}`];
    const worker = start('counted', [...line, '--failures', '0']);
    expect(await worker.ended, worker.err()).toBe(0);
    expect(await trials('counted')).toMatchObject([{ attributes: { 'foothold.failures': 1 } }]);
    const storage = ['--storage', address(), '--name', 'counted'];
    const tuned = await foothold(['tune', ...storage, ...line, '--retry-failed']);
    expect(tuned.err).toContain('1 failed trials are evaluated again');
    expect(await trials('counted')).toMatchObject([
      { state: 'failed', attributes: { 'foothold.failures': null } },
    ]);
  });

  it('goes on without the metric and the shell of the study where the line says so', async () => {
    const run = ['--run', 'echo {x}'];
    const shell = start('no-shell', [...made(1), '--run', 'echo "loss {x}"', '--metric', 'loss', '--shell']);
    expect(await shell.ended, shell.err()).toBe(0);
    const kept = start('no-shell', ['--trials', '2', ...run, '--accept-command', '--max-failures', '1']);
    expect(await kept.ended, kept.err()).toBe(1);
    expect(kept.err()).toContain('loss');
    const without = ['--trials', '3', ...run, '--no-metric', '--no-shell'];
    const refused = start('no-shell', without);
    expect(await refused.ended).toBe(1);
    expect(refused.err()).toContain('--metric: "loss" before, absent now');
    expect(refused.err()).toContain('--shell: true before, false now');
    const plain = start('no-shell', [...without, '--accept-command']);
    expect(await plain.ended, plain.err()).toBe(0);
    expect((await trials('no-shell')).at(-1)).toMatchObject({ state: 'complete' });
  });

  it('says that another version has asked for the trials so far', async () => {
    const storage = storageOf(address());
    const { worker } = sharedStudy({
      ...{
        space: searchSpace({ x: uniform(0, 1) }),
        sampler: await samplerNamed('random', { sources: [] }),
        direction: 'minimize',
        storage,
      },
      ...{ name: 'version', clock: () => Date.now(), program: 'foothold 0.0.1' },
    });
    const study = worker();
    const { number } = await study.ask();
    await study.tell(number, { state: 'complete', value: 1 });
    await storage.close?.();
    const other = start('version', ['--trials', '2', '--run', 'echo {x}']);
    expect(await other.ended, other.err()).toBe(0);
    expect(other.err()).toMatch(
      /^the study was last asked by foothold 0\.0\.1, this worker is foothold \S+: suggestions may differ$/m,
    );
    const same = start('version', ['--trials', '3', '--run', 'echo {x}']);
    expect(await same.ended, same.err()).toBe(0);
    expect(same.err()).not.toContain('last asked by');
  });

  it('gives each trial GPUs of its own, as many trials at a time as there are GPUs for', async () => {
    const gpus = program(
      'gpus.cjs',
      `require('fs').appendFileSync('gpus', process.env.CUDA_VISIBLE_DEVICES + '\\n');
       setTimeout(() => console.log(process.argv[2]), 400);`,
    );
    const line = [...made(4), '--run', `${gpus} {x}`, '--resources-per-trial', 'gpu:2'];
    const worker = start('gpus', line, { CUDA_VISIBLE_DEVICES: '3,5,6,7' });
    expect(await worker.ended, worker.err()).toBe(0);
    expect(worker.err()).toContain('2 at a time here');
    const seen = readFileSync(join(folder, 'gpus'), 'utf8').trim().split('\n');
    expect(new Set(seen)).toEqual(new Set(['3,5', '6,7']));
    const few = start('gpus', ['--trials', '9', '--run', `${gpus} {x}`], { CUDA_VISIBLE_DEVICES: '3' });
    expect(await few.ended).toBe(1);
    expect(few.err()).toContain('resources is "gpu:1", allowed is at least gpu:2, which a trial needs');
  });

  it('runs a module that reports and is pruned', async () => {
    writeFileSync(
      join(folder, 'objective.mjs'),
      `export default async ({ x }, { number, report }) => {
         for (let step = 1; step <= 9; step++) await report(step, number === 0 ? 0 : 1 + x);
         return x;
       };`,
    );
    const line = ['--module', 'objective.mjs'];
    const first = start('module', [...made(6), ...line, '--trials', '1', '--prune', 'median']);
    expect(await first.ended, first.err()).toBe(0);
    // The pruner is that of the study.
    const worker = start('module', ['--trials', '6', ...line]);
    expect(await worker.ended, worker.err()).toBe(0);
    const all = await trials('module');
    expect(all[0]).toMatchObject({ state: 'complete' });
    expect(all.filter(({ state }) => state === 'pruned').length).toBeGreaterThan(0);
  });

  it('keeps no secret and no control character of what a module throws', async () => {
    writeFileSync(
      join(folder, 'throws.mjs'),
      "export default () => { throw new Error('\\u001b[31mno login with ' + process.env.DB_PASSWORD); };",
    );
    const line = [...made(1), '--module', 'throws.mjs', '--back-off', '1'];
    const worker = start('throws', line, { DB_PASSWORD: 'correct-horse' });
    expect(await worker.ended, worker.err()).toBe(0);
    expect(await trials('throws')).toMatchObject([{ reason: 'Error: no login with ***' }]);
    expect(worker.err()).toContain('trial 0 failed and is tried again: Error: no login with ***');
    expect(worker.err() + JSON.stringify(await events('throws'))).not.toContain('correct-horse');
  });

  it('loads a module with the GPUs of its trial', async () => {
    writeFileSync(
      join(folder, 'gpus.mjs'),
      'const gpus = Number(process.env.CUDA_VISIBLE_DEVICES); export default () => gpus;',
    );
    const line = [...made(1), '--module', 'gpus.mjs', '--resources-per-trial', 'gpu:1', '--concurrency', '1'];
    const worker = start('gpus-of-module', line, { CUDA_VISIBLE_DEVICES: '5,6' });
    expect(await worker.ended, worker.err()).toBe(0);
    expect(await trials('gpus-of-module')).toMatchObject([{ state: 'complete', value: 5 }]);
  });

  it('says before the study is made what is wrong with the line', async () => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [[...made(1), '--run', 'no-such-program {x}'], '--run is "no-such-program"'],
      [[...made(1)], 'one of --run and --module'],
      [['--run', 'echo {x}'], 'there is no study wrong in postgres://'],
      [['--run', 'echo {x}', '--space', unitSpace], '--trials is missing'],
      [[...made(1), '--module', 'none.mjs'], '--module none.mjs cannot be loaded'],
      [[...made(1), '--run', 'echo {x}', '--resources-per-trial', 'gpu'], 'names with whole numbers from 1'],
      [[...made(1), '--run', 'echo {x}', '--back-off', '301'], 'whole number from 1 to 300'],
    ];
    for (const [line, message] of cases) {
      const worker = start('wrong', line);
      expect(await worker.ended, message).toBe(1);
      expect(worker.err()).toContain(message);
    }
    expect(await events('wrong')).toEqual([]);
    const file = await foothold(['worker', '--name', 'x', '--run', 'echo 1', '--storage', 'studies']);
    expect(file.err).toContain('--storage is "studies", allowed is postgres://user@host/database');
  });

  it('keeps an outcome while the server is gone, and evaluates nothing again', async () => {
    const worker = start('gone', [...made(2), '--run', `${waits} {x} gone.go`]);
    await until(() => began('gone.go') === 1, 'a trial runs');
    await postgres.server.kill();
    writeFileSync(join(folder, 'gone.go'), '');
    await worker.says('waiting:');
    await postgres.server.start();
    expect(await worker.ended, worker.err()).toBe(0);
    expect((await trials('gone')).map(({ state }) => state)).toEqual(['complete', 'complete']);
    expect(began('gone.go')).toBe(2);
  });

  it('ends after SIGTERM while the server is gone, and begins nothing once it is back', async () => {
    writeFileSync(join(folder, 'away.go'), '');
    const line = [...made(2), '--run', `${waits} {x} away.go`];
    const first = start('away', [...line, '--trials', '1']);
    expect(await first.ended, first.err()).toBe(0);
    await foothold(['studies', 'pause', 'away', '--storage', address()]);
    const worker = start('away', line);
    await worker.says('paused: what runs goes on');
    await postgres.server.kill();
    try {
      await worker.says('waiting:');
      worker.child.kill('SIGTERM');
      expect(await worker.ended, worker.err()).toBe(143);
    } finally {
      await postgres.server.start();
    }
    expect(await trials('away')).toHaveLength(1);
  });
});
