import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn, withoutTimes } from './command.fixture.ts';
import { reportContent } from './report-content.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-fidelities-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(
  join(folder, 'train.cjs'),
  `const [epochs, lr] = process.argv.slice(2).map(Number);
   if (epochs === 9) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
   console.log((Math.log10(lr) + 2) ** 2 + 1 / epochs);`,
);

const foothold = commandIn(folder);

const line = (...more: readonly string[]) => [
  'small-to-large',
  '--space',
  '{"lr":{"type":"real","low":1e-5,"high":1,"log":true},"width":{"type":"int","low":1,"high":8}}',
  '--run',
  `${process.execPath} train.cjs {epochs} {lr} {width}`,
  '--fidelities',
  '1,3,9',
  '--fidelity-name',
  'epochs',
  '--budget',
  '40',
  '--json',
  ...more,
];

/** The last suggestion of a log at the target fidelity. */
function lastOf(log: string) {
  const asked = log
    .trim()
    .split('\n')
    .flatMap(
      (text) => JSON.parse(text).events as { type: string; number: number; params: { epochs: number } }[],
    )
    .filter(({ type, params }) => type === 'asked' && params.epochs === 9);
  const { number, params } = asked.at(-1)!;
  return { number, recorded: params };
}

describe('foothold small-to-large --fidelities', { timeout: 180_000 }, () => {
  it('stops on Ctrl-C, ends as the run that was never stopped, and writes a report', async () => {
    let interrupted = false;
    const first = await foothold(line('--storage', 'a', '--name', 's'), (err, interrupt) => {
      if (!interrupted && err.includes('fidelity 9 trial')) {
        interrupted = true;
        interrupt();
      }
    });
    expect(first.code, first.err).toBe(130);
    expect(first.err).toContain('the same line goes on from here');
    const second = await foothold(line('--storage', 'a', '--name', 's', '--report', 'r.html'));
    expect(second.code, second.err).toBe(0);
    const whole = await foothold(line('--storage', 'b', '--name', 's'));
    expect(withoutTimes(second.out)).toEqual(withoutTimes(whole.out));
    const { best, spent, fidelities } = JSON.parse(second.out) as {
      best: { value: number };
      spent: number;
      fidelities: { fidelity: number; trials: number; cost: number; best: { value: number } | null }[];
    };
    expect(best.value).toBeLessThan(0.5);
    expect(best).toEqual(fidelities[2]!.best);
    expect(spent).toBe(fidelities.reduce((sum, s) => sum + s.cost * s.trials, 0));
    expect(spent).toBeLessThanOrEqual(40);
    const report = readFileSync(join(folder, 'r.html'), 'utf8');
    expect(report).toMatch(/<p>Smallest value [\d.e-]+ at epochs 9 in trial \d+ of \d+\.<\/p>/);
    const [reported] = reportContent(report).studies;
    expect(reported!.events.filter(({ type }) => type === 'told')).toHaveLength(
      fidelities.reduce((sum, { trials }) => sum + trials, 0),
    );
    expect(readFileSync(join(folder, 'a/s.jsonl'), 'utf8')).toContain('"correlations"');
  });
  it('has the best trial of the target fidelity as its best, in every command that shows it', async () => {
    // The cheap fidelity is easier: the best of all trials is not at the target.
    const easier = `${process.execPath} -e "console.log({lr} + {epochs})"`;
    const given = line('--storage', 'e', '--name', 's', '--concurrency', '1').filter(
      (word) => word !== '--json',
    );
    const run = await foothold(given.map((word) => (word.includes('train.cjs') ? easier : word)));
    expect(run.code, run.err).toBe(0);
    const best = /^best value (\S+) \((trial \d+)/m.exec(run.out)!;
    expect(Number(best[1])).toBeGreaterThan(9);
    const text = async (...command: readonly string[]) => {
      const { code, out, err } = await foothold([...command, '--storage', 'e']);
      expect(code, err).toBe(0);
      return out;
    };
    expect(await text('watch', 's')).toContain(`best value ${best[1]} (${best[2]})`);
    expect(await text('watch', 's', '--once')).toMatch(new RegExp(`best ${best[1]!.slice(0, 5)}`));
    expect(await text('studies', 'show', 's')).toMatch(new RegExp(`^best +${best[1]} \\(${best[2]}\\)`, 'm'));
    const {
      studies: [listed],
    } = JSON.parse(await text('studies', 'list', '--json'));
    expect([String(listed.best.value), Math.min(...listed.bestValues)]).toEqual([best[1], listed.best.value]);
  });
  it('has its suggestions made again by replay, with another option and a changed parameter named', async () => {
    const run = await foothold(
      line('--storage', 'd', '--name', 's', '--lr-shift', 'lr', '--concurrency', '2'),
    );
    expect(run.code, run.err).toBe(0);
    const replay = (name: string) => foothold(['replay', name, '--storage', 'd', '--json']);
    const same = await replay('s');
    expect([same.code, same.err]).toEqual([0, '']);
    const { suggestions, trials, differing } = JSON.parse(same.out);
    expect(differing).toEqual([]);
    expect(suggestions).toBe(trials);
    expect(suggestions).toBeGreaterThan(8);

    const file = (name: string) => join(folder, `d/${name}.jsonl`);
    const log = readFileSync(file('s'), 'utf8').replaceAll(/,"sum":"\w+"\}/g, '}');
    const copy = async (name: string, change: (text: string) => string) => {
      expect(change(log)).not.toBe(log);
      writeFileSync(file(name), change(log));
      return replay(name);
    };
    const budget = await copy('budget', (text) => text.replaceAll('"budget":40', '"budget":11'));
    expect(budget.code).toBe(1);
    expect(JSON.parse(budget.out).differing.length).toBeGreaterThan(0);
    const { number, recorded } = lastOf(log);
    const changed = await copy('changed', (text) =>
      text.replace(
        `"number":${number},"params":${JSON.stringify(recorded)}`,
        `"number":${number},"params":${JSON.stringify({ ...recorded, epochs: 3 })}`,
      ),
    );
    expect([changed.code, JSON.parse(changed.out)]).toMatchObject([
      1,
      {
        suggestions,
        differing: [
          { number, recorded: { ...recorded, epochs: 3 }, suggested: recorded, cause: { kind: 'unknown' } },
        ],
      },
    ]);
    const random = await foothold(['replay', 's', '--storage', 'd', '--sampler', 'random']);
    expect(random.out).toContain('the sampler was multi-fidelity, now random');
    const older = await copy('older', (text) => text.replaceAll(/"fidelities":\[.*?\],/g, ''));
    expect([older.code, older.err]).toEqual([1, expect.stringContaining('an earlier version wrote it')]);
  });

  it('names what is wrong', async () => {
    for (const [wrong, message] of [
      [['--fidelities', '3,one'], '--fidelities is "3,one"'],
      [['--fidelities', '3,1'], 'fidelities[1].fidelity is 1'],
      [['--costs', '1,2'], '--costs is "1,2", allowed is 3 numbers, or measured'],
      [['--budget', '5'], 'budget is 5'],
      [['--lr-shift', 'rate'], 'shift.parameter is "rate"'],
      [['--budget', 'much'], 'It must be a number above 0.'],
    ] as const) {
      const { code, err } = await foothold(line('--storage', 'c', ...wrong));
      expect(code).toBe(1);
      expect(err).toContain(message);
    }
    expect(
      (await foothold(['small-to-large', '--space', '{"x":{"type":"int","low":1,"high":8}}'])).err,
    ).toContain('--large is undefined');
  });
});
