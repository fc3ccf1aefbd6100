import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage, replay } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { alive } from './alive.fixture.ts';
import { startIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-outliving-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const node = process.execPath;

/** Ignores what would end it politely, and so does its child. */
writeFileSync(
  join(folder, 'stubborn.cjs'),
  `const { writeFileSync } = require('fs'), { spawn } = require('child_process');
   for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT']) process.on(signal, () => {});
   if (process.argv[3] !== 'child') {
     const child = spawn(process.execPath, [__filename, process.argv[2], 'child'], { stdio: 'inherit' });
     writeFileSync(process.argv[2], process.pid + ' ' + child.pid);
   } else console.error('ready');
   setInterval(() => {}, 1000);`,
);
writeFileSync(
  join(folder, 'leaver.cjs'),
  `const child = require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { detached: true, stdio: 'inherit' });
   require('fs').writeFileSync('leaver.pid', String(child.pid));
   child.unref();
   console.log(0.5);`,
);
writeFileSync(
  join(folder, 'slow.cjs'),
  `setTimeout(() => console.log((process.argv[2] - 0.3) ** 2), Number(process.argv[3]));`,
);

const space = '{"x":{"type":"real","low":0,"high":1}}';
const gone = async (pids: readonly number[]) => {
  for (let i = 0; i < 40 && pids.some(alive); i++) await new Promise((done) => setTimeout(done, 100));
  return !pids.some(alive);
};
const started = async (file: string) => {
  for (let i = 0; i < 300; i++) {
    const pids = existsSync(join(folder, file))
      ? readFileSync(join(folder, file), 'utf8').split(' ').map(Number)
      : [];
    if (pids.length === 2 && pids.every((pid) => pid > 0)) return pids;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the program did not start');
};
const trialsOf = async (storage: string, name: string) =>
  replay(await fileStorage(join(folder, storage)).read(name, 0)).trials;

describe.skipIf(process.platform === 'win32')(
  'what a run leaves (not on Windows: it has no process groups)',
  {
    timeout: 60_000,
  },
  () => {
    it.each([
      ['SIGHUP', 129, 1],
      ['SIGQUIT', 131, 1],
      ['SIGTERM', 143, 1],
      ['SIGINT', 130, 2],
    ] as const)(
      'P3: no program survives %s, although it ignores every signal that can be',
      async (signal, code, times) => {
        const file = `${signal}.pids`;
        const run = startIn(folder, [
          'tune',
          '--space',
          space,
          '--run',
          `${node} stubborn.cjs ${file} {x}`,
          '--storage',
          signal,
        ]);
        const pids = await started(file);
        await new Promise((done) => setTimeout(done, 300));
        const begun = performance.now();
        run.child.kill(signal);
        if (times === 2) {
          await new Promise((done) => setTimeout(done, 300));
          run.child.kill(signal);
        }
        expect(await run.ended).toBe(code);
        if (times === 2) expect(performance.now() - begun).toBeLessThan(1900); // at once, not after the grace
        expect(await gone(pids)).toBe(true);
        const [trial] = await trialsOf(signal, readName(run.err()));
        expect(trial?.state).toBe('running'); // given back, not failed
      },
    );

    it('P3: the command ends although a descendant that left its session holds its output', async () => {
      const run = startIn(folder, [
        'tune',
        '--space',
        space,
        '--run',
        `${node} leaver.cjs {x}`,
        '--trials',
        '1',
        '--json',
      ]);
      expect(await run.ended).toBe(0);
      const pid = Number(readFileSync(join(folder, 'leaver.pid'), 'utf8'));
      expect(alive(pid)).toBe(true);
      process.kill(pid, 'SIGKILL');
      expect(JSON.parse(run.out())).toHaveProperty('best.value', 0.5);
    });

    it('P1: a trial of a killed run of another host is evaluated once its lease is over, with its parameters', async () => {
      const line = (ms: number, trials: number) => [
        'tune',
        '--space',
        space,
        '--run',
        `${node} slow.cjs {x} ${ms}`,
        '--trials',
        `${trials}`,
        '--lease',
        '3',
        '--storage',
        'pods',
        '--name',
        'p',
        '--accept-command',
        '--json',
      ];
      for (const host of ['pod-1', 'pod-2']) {
        const run = startIn(folder, line(20_000, 9), { FOOTHOLD_HOST: host });
        await run.says('begins');
        run.child.kill('SIGKILL');
        await run.ended;
      }
      const left = await trialsOf('pods', 'p');
      expect(left.length).toBeGreaterThan(0);
      expect(left.every(({ state }) => state === 'running')).toBe(true);
      const last = startIn(folder, line(0, 3), { FOOTHOLD_HOST: 'pod-3' });
      expect(await last.ended, last.err()).toBe(0);
      const trials = await trialsOf('pods', 'p');
      expect(trials.map(({ state }) => state)).toEqual(Array(3).fill('complete'));
      for (const { number, params } of left) expect(trials[number]?.params).toEqual(params);
    });

    it('P1: a trial that runs longer than its lease stays with its process, which renews it', async () => {
      const line = (host: string) =>
        startIn(
          folder,
          [
            'tune',
            '--space',
            space,
            '--run',
            `${node} slow.cjs {x} 4000`,
            '--trials',
            '1',
            '--lease',
            '1',
            '--storage',
            'long',
            '--name',
            'l',
          ],
          { FOOTHOLD_HOST: host },
        );
      const first = line('pod-1');
      await first.says('begins');
      const second = line('pod-2');
      expect(await second.ended).toBe(1); // nothing is complete yet, and there is nothing for it to do
      expect(second.err()).toContain('trial 0 runs at pod-1:');
      expect(await first.ended, first.err()).toBe(0);
      const events = await fileStorage(join(folder, 'long')).read('l', 0);
      expect(events.filter(({ type }) => type === 'expired')).toEqual([]);
      expect(events.filter(({ type }) => type === 'asked').length).toBeGreaterThan(3);
    });

    it('P2: three processes make exactly as many trials as the line says', async () => {
      const runs = [1, 2, 3].map(() =>
        startIn(folder, [
          'tune',
          '--space',
          space,
          '--run',
          `${node} slow.cjs {x} 5`,
          '--trials',
          '10',
          '--concurrency',
          '2',
          '--sampler',
          'random',
          '--storage',
          'three',
          '--name',
          't',
        ]),
      );
      for (const run of runs) expect(await run.ended, run.err()).toBe(0);
      expect((await trialsOf('three', 't')).map(({ state }) => state)).toEqual(Array(10).fill('complete'));
    });
  },
);

function readName(err: string): string {
  return /^study (\S+) in/m.exec(err)![1]!;
}
