import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage, replay } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn, type StartedCommand, startIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-lost-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);
writeFileSync(
  join(folder, 'waits.cjs'),
  `const { existsSync, appendFileSync } = require('fs');
   appendFileSync(process.argv[2] + '.pids', process.pid + '\\n');
   setInterval(() => {
     if (!existsSync(process.argv[2])) return;
     console.log(0.5);
     process.exit();
   }, 20);`,
);
const eventsOf = (name: string) => fileStorage(join(folder, 'foothold-studies')).read(name, 0);
const line = (name: string, ...more: string[]) => [
  'tune',
  ...['--space', '{"x":{"type":"real","low":0,"high":1}}', '--sampler', 'random', '--name', name],
  ...['--run', `"${process.execPath}" waits.cjs ${name}.go`, '--trials', '2', ...more],
];
const until = async (holds: () => Promise<boolean> | boolean) => {
  for (let i = 0; i < 1200; i++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('it did not come to that');
};
/** Ends the command without a chance to clean up, and after it the program that it ran. */
const kill = async (started: StartedCommand, name: string) => {
  started.child.kill('SIGKILL');
  await started.ended;
  return () => {
    for (const pid of readFileSync(join(folder, `${name}.go.pids`), 'utf8')
      .trim()
      .split('\n'))
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {}
  };
};

describe('a worker that is killed', { timeout: 120_000 }, () => {
  it('renews no lease any more although its program lives, and a worker of another machine takes its trial', async () => {
    const worker = startIn(folder, line('beat', '--lease', '1'), { FOOTHOLD_HOST: 'a' });
    const asked = async () => (await eventsOf('beat')).filter(({ type }) => type === 'asked').length;
    await until(async () => (await asked()) >= 4); // asked once and renewed three times
    const endProgram = await kill(worker, 'beat');
    const { length } = await eventsOf('beat');
    await new Promise((done) => setTimeout(done, 1500));
    expect((await eventsOf('beat')).length).toBe(length);
    writeFileSync(join(folder, 'beat.go'), '');
    const other = startIn(folder, line('beat', '--lease', '1'), { FOOTHOLD_HOST: 'b' });
    expect(await other.ended, other.err()).toBe(0);
    endProgram();
    const { trials } = replay(await eventsOf('beat'));
    expect(trials.map(({ number, state }) => [number, state])).toEqual([
      [0, 'complete'],
      [1, 'complete'],
    ]);
    expect((await eventsOf('beat')).filter(({ type }) => type === 'expired')).toMatchObject([
      { number: 0, lost: true },
    ]);
  });

  it('so often that --retries is used up leaves a failed trial that says so, and the run goes on', async () => {
    for (let k = 0; k < 2; k++) {
      const worker = startIn(folder, line('often', '--retries', '1'));
      await until(
        () =>
          existsSync(join(folder, 'often.go.pids')) &&
          readFileSync(join(folder, 'often.go.pids'), 'utf8').trim().split('\n').length > k,
      );
      (await kill(worker, 'often'))();
    }
    writeFileSync(join(folder, 'often.go'), '');
    const last = await foothold(line('often', '--retries', '1'));
    expect(last.code, last.err).toBe(0);
    expect(replay(await eventsOf('often')).trials).toMatchObject([
      { state: 'failed', reason: 'its worker ended or was silent 2 times, and retries is 1' },
      { state: 'complete' },
    ]);
    const refused = await foothold(line('often', '--retries', '-1'));
    expect(refused.err).toContain('It must be a whole number from 0.');
  });
});
