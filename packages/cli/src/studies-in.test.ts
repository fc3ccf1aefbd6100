import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-studies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);

const space = '{"x":{"type":"real","low":0,"high":1}}';
const tune = (name: string, trials: number, ...more: readonly string[]) =>
  foothold([
    ...['tune', '--space', space, '--run', 'echo {x}', '--storage', 's', '--sampler', 'random'],
    ...['--name', name, '--trials', `${trials}`, '--json', ...more],
  ]);
const file = (name: string) => join(folder, 's', `${name}.jsonl`);

describe('studies in a folder', { timeout: 60_000 }, () => {
  it('L1: a torn end is said once, with its bytes and where they are kept, and the study goes on', async () => {
    expect((await tune('torn', 2)).code).toBe(0);
    const before = readFileSync(file('torn'));
    appendFileSync(file('torn'), '{"at":5,"by":"other:0","events":[{"type":"to');
    const report = await foothold(['report', 'torn', '--storage', 's', '--out', 'torn.html']);
    expect(report.code, report.err).toBe(0);
    expect(report.err).toContain('study torn: 44 bytes of a record');
    expect(report.err).toContain('from event 10 on');
    expect(readFileSync(`${file('torn')}.torn-${before.length}`, 'utf8')).toMatch(/^\{"at":5,.*to$/);
    const again = await tune('torn', 3);
    expect(again.code, again.err).toBe(0);
    expect(again.err).not.toContain('bytes of a record');
    expect(again.err).toContain('2 of 3 trials are done');
  });

  it('L1: a damaged study ends the command with a message, and nothing is written to it', async () => {
    expect((await tune('flipped', 2)).code).toBe(0);
    const text = readFileSync(file('flipped'), 'utf8');
    const changed = text.replace(/"x":0\.(\d)/, (_, digit: string) => `"x":0.${(Number(digit) + 1) % 10}`);
    expect(changed).not.toBe(text);
    const damages: Record<string, string | Buffer> = {
      flipped: changed,
      nul: Buffer.alloc(400),
      wide: Buffer.from(`\ufeff${text}`, 'utf16le'),
      train: '{"text":"a","label":1}\n{"text":"b","label":0}\n',
      deep: `${'['.repeat(100_000)}\n`,
    };
    for (const [name, content] of Object.entries(damages)) {
      writeFileSync(file(name), content);
      const reported = name === 'nul' ? [await foothold(['report', name, '--storage', 's'])] : [];
      for (const { code, err } of [await tune(name, 3), ...reported]) {
        expect(code, name).toBe(1);
        expect(err, name).toContain(`${name}.jsonl: line`);
        expect(err, name).toContain('nothing is written to it');
        expect(err.split('\n').length, name).toBeLessThan(5);
      }
      expect(readFileSync(file(name)), name).toEqual(Buffer.from(content));
    }
  });

  it.skipIf(process.platform === 'win32')(
    'L2: a FIFO of the name of a study ends the command at once (not on Windows)',
    async () => {
      mkdirSync(join(folder, 's'), { recursive: true });
      execFileSync('env', ['mkfifo', file('fifo')]);
      for (const { code, err } of [
        await tune('fifo', 1),
        await foothold(['report', 'fifo', '--storage', 's']),
      ]) {
        expect(code).toBe(1);
        expect(err).toContain('is a FIFO, allowed is a regular file');
      }
      expect(readdirSync(join(folder, 's')).filter((name) => name.startsWith('fifo'))).toEqual([
        'fifo.jsonl',
      ]);
    },
  );

  it('F2: a study of a journal with a repeated name is found by its own name', async () => {
    const distribution =
      '{\\"name\\": \\"FloatDistribution\\", \\"attributes\\": {\\"low\\": 0.0, \\"high\\": 1.0}}';
    writeFileSync(
      join(folder, 'mini.log'),
      `{"op_code":0,"worker_id":"a","study_name":"first","directions":[1]}
{"op_code":0,"worker_id":"b","study_name":"first","directions":[1]}
{"op_code":0,"worker_id":"c","study_name":"second","directions":[1]}
{"op_code":4,"worker_id":"c","study_id":1,"datetime_start":"2026-01-01T00:00:00.000000"}
{"op_code":5,"worker_id":"c","trial_id":0,"param_name":"x","param_value_internal":0.5,"distribution":"${distribution}"}
{"op_code":6,"worker_id":"c","trial_id":0,"state":1,"values":[7.0],"datetime_complete":"2026-01-01T00:00:01.000000"}
`,
    );
    const from = (folder: string) =>
      foothold([
        ...['tune', '--space', space, '--run', 'echo {x}', '--trials', '1', '--name', 'from'],
        ...['--storage', folder, '--from', `mini.log#${folder}`],
      ]);
    const second = await from('second');
    expect(second.code, second.err).toBe(0);
    expect((await from('first')).err).toContain('sources with at least one trial');
  });

  it('F19: a space file with a byte order mark is read', async () => {
    writeFileSync(join(folder, 'space.json'), `\ufeff${space}`);
    const run = ['tune', '--run', 'echo {x}', '--trials', '1', '--sampler', 'random', '--storage', 'mark'];
    const { code, err } = await foothold([...run, '--space', 'space.json']);
    expect(code, err).toBe(0);
  });
});
