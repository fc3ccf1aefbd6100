import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage, replay } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { alive } from './alive.fixture.ts';
import { commandIn, startIn } from './command.fixture.ts';
import { reportContent } from './report-content.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-pruning-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);
const node = process.execPath;

// Each prints reports. With x above 0.5 none ends by itself, so that a run ends only where it ends them.
const report = 'console.log(JSON.stringify({ step, value: x + 1 / step }))';
writeFileSync(
  join(folder, 'train.cjs'),
  `const x = Number(process.argv[2]);
   for (let step = 1; step <= 4; step++) { console.log('epoch ' + step + ' of 4: done'); ${report}; }
   if (x > 0.5) setInterval(() => {}, 1000); else console.log(JSON.stringify({ value: x }));`,
);
writeFileSync(
  join(folder, 'stubborn.cjs'),
  `for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => {});
   const x = Number(process.argv[2]);
   if (process.argv[3] === 'child') setInterval(() => {}, 1000);
   else if (x <= 0.5) { for (let step = 1; step <= 4; step++) ${report}; console.log(JSON.stringify({ value: x })); }
   else {
     const child = require('child_process').spawn(process.execPath, [__filename, x, 'child'], { stdio: 'inherit' });
     require('fs').writeFileSync('stubborn.pids', process.pid + ' ' + child.pid);
     for (let step = 1; step <= 4; step++) ${report};
     setInterval(() => {}, 1000);
   }`,
);
writeFileSync(
  join(folder, 'polite.cjs'),
  `const fs = require('fs');
   const { FOOTHOLD_REPORT_FILE: reports, FOOTHOLD_PRUNE_FILE: prune } = process.env;
   process.on('SIGTERM', () => { fs.writeFileSync('killed', ''); process.exit(1); });
   const x = Number(process.argv[2]);
   for (let step = 1; step <= 4; step++) fs.appendFileSync(reports, JSON.stringify({ step, value: x + 1 / step }) + '\\n');
   if (x <= 0.5) console.log(JSON.stringify({ value: x }));
   else setInterval(() => {
     if (!fs.existsSync(prune)) return;
     fs.writeFileSync('saved', require('path').dirname(prune));
     console.log('saved a checkpoint');
     process.exit(0);
   }, 20);`,
);

const line = (program: string, name: string, more: readonly string[] = []) => [
  ...['tune', '--space', '{"x":{"type":"real","low":0,"high":1}}', '--run', `${node} ${program} {x}`],
  ...['--name', name, '--sampler', 'random', '--trials', '3', '--prune', 'asha'],
  ...['--enqueue', '{"x":0.25}', '--enqueue', '{"x":0.75}', '--enqueue', '{"x":0.125}', ...more],
];
const trialsOf = async (name: string) =>
  replay(await fileStorage(join(folder, 'foothold-studies')).read(name, 0)).trials;
const states = ['complete', 'pruned', 'complete'];

describe('tune --prune', { timeout: 60_000 }, () => {
  it('ends a program by what it prints among other output, and goes on', async () => {
    const { code, out, err } = await foothold(
      line('train.cjs', 'plain', ['--json', '--report', 'report.html']),
    );
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      best: { number: 2, value: 0.125 },
      stopped: 'trials',
      reason: 'all 3 trials are done',
    });
    expect(err).toContain('trial 1 (2/3): pruned at step 4, 1');
    const trials = await trialsOf('plain');
    expect(trials.map(({ state }) => state)).toEqual(states);
    expect(trials[1]!.reports.map(({ value }) => value)).toEqual([1.75, 1.25, 0.75 + 1 / 3, 1]);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('in trial 2 of 3, 1 of them pruned.');
    expect(reportContent(page).studies.map(({ name }) => name)).toEqual(['plain']);
  });
  it.skipIf(process.platform === 'win32')(
    'ends a program and its child that ignore SIGTERM (not on Windows: it has no process groups)',
    async () => {
      const { code, err } = await foothold(line('stubborn.cjs', 'stubborn'));
      expect(code, err).toBe(0);
      expect((await trialsOf('stubborn')).map(({ state }) => state)).toEqual(states);
      const pids = readFileSync(join(folder, 'stubborn.pids'), 'utf8').split(' ').map(Number);
      for (let i = 0; i < 40 && pids.some(alive); i++) await new Promise((done) => setTimeout(done, 100));
      expect(pids.filter(alive)).toEqual([]);
    },
  );
  it('asks a program that writes into its file to end, and does not kill it', async () => {
    const { code, err } = await foothold(line('polite.cjs', 'polite'));
    expect(code, err).toBe(0);
    const trials = await trialsOf('polite');
    expect(trials.map(({ state }) => state)).toEqual(states);
    expect(trials.map(({ reports }) => reports.length)).toEqual([4, 4, 4]);
    expect(existsSync(join(folder, 'killed'))).toBe(false);
    // Its files are gone with it.
    expect(existsSync(readFileSync(join(folder, 'saved'), 'utf8'))).toBe(false);
  });
  it('reports at once: what a killed run had reported is in the log', async () => {
    writeFileSync(
      join(folder, 'long.cjs'),
      `const x = 1; for (let step = 1; step <= 4; step++) ${report}; setTimeout(() => {}, 20_000);`,
    );
    const run = startIn(folder, line('long.cjs', 'killed'));
    for (let i = 0; i < 300; i++) {
      if (((await trialsOf('killed'))[0]?.reports.length ?? 0) === 4) break;
      await new Promise((done) => setTimeout(done, 100));
    }
    run.child.kill('SIGKILL');
    await run.ended;
    expect((await trialsOf('killed'))[0]).toMatchObject({ state: 'running', reports: { length: 4 } });
  });
  it('refuses a pruner that it does not know, and passes over a second report of a step', async () => {
    const wrong = await foothold(
      line('train.cjs', 'wrong').with(line('train.cjs', 'wrong').indexOf('asha'), 'best'),
    );
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('pruner is "best"');
    writeFileSync(
      join(folder, 'twice.cjs'),
      `console.log('{"step":1,"value":2}\\n{"step":1,"value":3}\\n{"value":1}')`,
    );
    const { code, err } = await foothold(line('twice.cjs', 'twice'));
    expect(code, err).toBe(0);
    expect(err).toContain('trial 0: a report is passed over: step is 1');
  });
});

describe('what ends a run', { timeout: 60_000 }, () => {
  writeFileSync(
    join(folder, 'cost.cjs'),
    `console.log(JSON.stringify({ value: Number(process.argv[2]), seconds: 10 }))`,
  );
  const run = async (name: string, more: readonly string[]) => {
    const args = line('cost.cjs', name).filter((word) => word !== '--prune' && word !== 'asha');
    const { code, out, err } = await foothold([...args, '--trials', '30', '--json', ...more]);
    expect(code, err).toBe(0);
    const { stopped, reason } = JSON.parse(out);
    expect(err).toContain(`stopped: ${reason}`);
    return { stopped, reason, trials: (await trialsOf(name)).length };
  };
  it('a target value, in words and for programs', async () => {
    expect(await run('target', ['--target', '0.2'])).toEqual({
      stopped: 'target',
      reason: 'the best value, 0.125, has reached the target, 0.2',
      trials: 3,
    });
  });
  it('a total cost', async () => {
    expect(await run('cost', ['--metric', 'value', '--cost', 'seconds', '--max-cost', '35'])).toEqual({
      stopped: 'cost',
      reason: 'the trials cost 40 together, the limit is 35',
      trials: 4,
    });
    const { code, err } = await foothold(line('cost.cjs', 'c', ['--max-cost', '35']));
    expect([code, err]).toEqual([1, expect.stringContaining('--max-cost is 35')]);
    const free = await foothold(line('train.cjs', 'free', ['--cost', 'seconds']));
    expect(free.err).toContain('no seconds above 0 beside the value');
  });
  it('no improvement, and what the model expects to gain', async () => {
    const first = await run('patience', ['--patience', '1', '--enqueue', '{"x":1}']);
    expect(first).toMatchObject({ stopped: 'no-improvement', trials: 2 });
    const bound = await run('bound', ['--regret-bound', '1e6']);
    expect(bound).toMatchObject({ stopped: 'regret-bound', trials: 5 });
  });
});
