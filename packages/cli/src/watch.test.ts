import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStudy, random, storageOf } from '@foothold/optimize';
import { type PostgresServer, startPostgres } from '@foothold/postgres-server';
import { spaceOf } from '@foothold/space';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandIn, startIn } from './command.fixture.ts';
import { inTerminal, noTerminal } from './terminal.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-watch-'));
const foothold = commandIn(folder);
if (noTerminal !== undefined) console.log(`watch.test.ts: ${noTerminal}`);
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
  process.env['PGPASSWORD'] = server.password;
}, 120_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

// Ends when the file `NAME.TRIAL` exists, or at once where NAME.all does.
writeFileSync(
  join(folder, 'hold.cjs'),
  `const { existsSync } = require('node:fs');
   const [name] = process.argv.slice(2);
   setInterval(() => {
     if (!existsSync(name + '.all') && !existsSync(name + '.' + process.env.FOOTHOLD_TRIAL)) return;
     console.log(Number(process.env.FOOTHOLD_TRIAL) + 0.5);
     process.exit();
   }, 20);`,
);
const release = (name: string, trial: number | 'all') => writeFileSync(join(folder, `${name}.${trial}`), '');
const space = { x: { type: 'real', low: 0, high: 1 } } as const;
const tuning = (name: string, trials: number, ...more: readonly string[]) =>
  startIn(folder, [
    ...['tune', '--space', JSON.stringify(space), '--sampler', 'random', '--name', name],
    ...['--run', `"${process.execPath}" hold.cjs ${name} {x}`, '--trials', String(trials), ...more],
  ]);
const until = async (holds: () => boolean) => {
  for (let i = 0; i < 1200; i++) {
    if (holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('it did not come to that');
};
const addresses: readonly [string, () => string][] = [
  ['folder', () => 'foothold-studies'],
  ['SQLite', () => 'sqlite:studies.db'],
  ['PostgreSQL', () => server.address],
];

describe.each(addresses)('foothold watch with studies in %s', { timeout: 120_000 }, (kind, address) => {
  const name = `lines-${kind}`;
  it('prints the state, each trial as it ends, and why the study ended', async () => {
    const storage = ['--storage', address()];
    const worker = tuning(name, 3, ...storage);
    await worker.says('trial 0 begins');
    const watch = startIn(folder, ['watch', ...storage]); // the one that runs
    await until(() => watch.out().includes('state: running'));
    expect(watch.out()).toMatch(/^lines-\w+ ░{10} 0\/3 {2}\d:\d\d {2}0 complete\n/);
    expect(watch.out()).toMatch(/^ +0 +\d:\d\d +\S+:\d+ +x=0\.\d+$/m);
    const once = await foothold(['watch', name, '--once', ...storage]);
    expect([once.code, once.out]).toEqual([0, expect.stringContaining('state: running')]);
    release(name, 0);
    await until(() => /^trial 0 \(1\/3\): 0\.5 {2}x=\S+ {2}best 0\.5$/m.test(watch.out()));
    release(name, 'all');
    expect(await worker.ended, worker.err()).toBe(0);
    expect(await watch.ended, watch.err()).toBe(0);
    expect(watch.out()).toMatch(
      /^trial 2 \(3\/3\): 2\.5 .*\nstopped: all 3 trials are done\nbest value 0\.5 \(trial 0\): x=\S+\n$/m,
    );
    expect(watch.err()).toBe('');
    const after = await foothold(['watch', name, ...storage]);
    expect([after.code, after.out.split('\n').slice(-4, -1)]).toEqual([
      0,
      [
        'stopped: all 3 trials are done',
        'stopped: all 3 trials are done',
        expect.stringMatching(/^best value/),
      ],
    ]);
  });
});

describe('foothold watch', { timeout: 120_000 }, () => {
  it('ends with the reason of the run that stopped, and goes on with the next one', async () => {
    const worker = tuning('stopped', 4);
    await worker.says('trial 0 begins');
    const watch = startIn(folder, ['watch', 'stopped']);
    await until(() => watch.out().includes('state: running'));
    release('stopped', 0);
    await until(() => watch.out().includes('(1/4)'));
    worker.child.kill('SIGINT');
    expect(await worker.ended).toBe(130);
    expect(await watch.ended, watch.err()).toBe(0);
    expect(watch.out()).toContain('stopped: it was stopped by SIGINT\nbest value 0.5 (trial 0)');
    const next = tuning('stopped', 4);
    await next.says('trial 1 begins');
    expect((await foothold(['watch', 'stopped', '--once'])).out).toContain('state: running');
    release('stopped', 'all');
    expect(await next.ended).toBe(0);
    expect((await foothold(['watch', 'stopped', '--once'])).out).toContain('stopped: all 4 trials are done');
  });

  it('learns from the leases who works: workers of other machines, and those that are gone', async () => {
    const hour = 3_600_000;
    const opened = (name: string, clock: () => number) =>
      createStudy({
        space: spaceOf(space),
        ...{ direction: 'minimize', sampler: random(), name, trials: 5, clock },
        lease: { owner: 'gpu-box:77:start', ms: hour, alive: () => undefined },
        storage: storageOf(join(folder, 'foothold-studies')),
      });
    await opened('held', () => Date.now()).ask();
    const study = opened('leases', () => Date.now() - 2 * hour);
    await study.ask();
    expect((await foothold(['watch', 'held', '--once'])).out).toMatch(
      /^ +0 +\d:\d\d +gpu-box:77 +x=0\.\d+\nstate: running$/m,
    );
    expect((await foothold(['watch', 'leases', '--once'])).out).toMatch(
      /^ +0 +2:00:\d\d +gpu-box:77 \(gone\) +x=0\.\d+\nstate: interrupted$/m,
    );
    await study.tell(0, { state: 'failed', reason: 'no' });
    await study.note(undefined, { attributes: { stopped: 'enough' } });
    const ended = await foothold(['watch', 'leases']);
    expect([ended.code, ended.out]).toEqual([
      1,
      expect.stringContaining('stopped: enough\nno trial completed\n'),
    ]);
  });

  it('says that none runs, with a list, and names the studies that there are', async () => {
    const none = await foothold(['watch', '--storage', 'empty']);
    expect([none.code, none.out, none.err]).toEqual([
      1,
      'there are no studies in empty\n',
      'no study runs in empty\n',
    ]);
    const other = await foothold(['watch', 'nope']);
    expect([other.code, other.out]).toEqual([1, '']);
    expect(other.err).toContain('there is no study "nope" in foothold-studies; there are');
    const list = await foothold(['watch', '--once', '--storage', 'sqlite:studies.db']);
    expect([list.code, list.out]).toEqual([1, expect.stringMatching(/^name +trials[\s\S]*^lines-SQLite/m)]);
  });

  it.skipIf(noTerminal !== undefined)(
    'shows the running trials in a terminal, and ends on Ctrl-C with 130',
    async () => {
      const worker = tuning('shown', 6, '--concurrency', '2');
      await worker.says('trial 1 begins');
      const session = inTerminal(['watch', 'shown'], { cwd: folder, columns: 80, rows: 24 });
      await session.until((text) => /^shown ░{10} 0\/6[\s\S]*^ +1 +\d:\d\d +\S+:\d+ +x=/m.test(text));
      release('shown', 1);
      const rows = await session.until((text) => /^shown .* 1\/6[\s\S]*^ +2 +\d:\d\d/m.test(text));
      expect(rows.filter((row) => row.includes('░░░'))).toHaveLength(1);
      expect(rows[1]).toMatch(/^best 1\.5 \(trial 1\)/);
      expect(session.isCursorHidden()).toBe(true);
      session.type('\u0003');
      expect(await session.ended).toBe(130);
      expect((await session.history()).join('\n')).toMatch(/^shown .* 1\/6 [^\n]*$/);
      expect(session.isCursorHidden()).toBe(false);
      release('shown', 'all');
      expect(await worker.ended).toBe(0);
      const after = inTerminal(['watch', 'shown'], { cwd: folder, columns: 40, rows: 10 });
      expect(await after.ended).toBe(0);
      expect((await after.history()).join('\n')).toMatch(
        /^shown █{10} 6\/6.*\nstopped: all 6 trials are done\nbest value/,
      );
    },
  );
});
