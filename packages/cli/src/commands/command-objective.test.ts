import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from '../command.fixture.ts';
import { commandNotes, commandObjective } from './command-objective.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-objective-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);
const X = '{"x":{"type":"real","low":0,"high":1}}';
const program = (name: string, code: string) => {
  writeFileSync(join(folder, name), code);
  return `"${process.execPath}" "${join(folder, name)}"`;
};
const context = {
  number: 3,
  slot: 0,
  signal: new AbortController().signal,
  report: async () => {},
  reportAll: async () => [],
  note: async () => {},
};
const outcomeOf = (
  code: string,
  options: Partial<Parameters<typeof commandObjective>[0]> = {},
  params = {},
) => commandObjective({ run: program('p.cjs', code), names: [], ...options })(params, context);

describe('an objective that runs a command', () => {
  it('says that standard error has the figure, and does not take it', async () => {
    const outcome = await outcomeOf('console.error("loss: 0.25")', { metric: 'loss' });
    expect(outcome).toMatchObject({ state: 'failed' });
    expect(outcome).toHaveProperty(
      'reason',
      expect.stringContaining('standard error has loss from loss: 0.25'),
    );
    expect(
      await outcomeOf('console.log("loss: x"); console.error("loss: 0.25")', { metric: 'loss' }),
    ).toHaveProperty('reason', 'loss is x, not a plain number such as 1234.5 or 1e-3');
  });
  it('finds a figure before more than 1 MiB of output', async () => {
    const code = 'console.log("loss: 0.25"); console.log("saved\\n".repeat(400000))';
    expect(await outcomeOf(code, { metric: 'loss' })).toEqual({ state: 'complete', value: 0.25 });
  });
  it('F11: gives a parameter called trial, and nothing where it is not active', async () => {
    const code = 'console.log(process.argv[2] ?? "none")';
    const run = `${program('p.cjs', code)} {trial}`;
    expect(await commandObjective({ run, names: ['trial'] })({ trial: 7 }, context)).toHaveProperty(
      'value',
      7,
    );
    expect(await commandObjective({ run, names: ['trial'] })({}, context)).toHaveProperty('state', 'failed');
    expect(await commandObjective({ run, names: [] })({}, context)).toHaveProperty('value', 3);
  });
  it('F11: notes parameters that the command does not have, whatever its text', () => {
    const notes = (run: string, names: string[]) => commandNotes({ run, names });
    expect(notes("p '{{x}}'", ['x'])).toEqual([
      'the command has no {x}: it has to read FOOTHOLD_PARAMS for them',
    ]);
    expect(notes('p {x} {opt/wd}', ['x', 'opt/wd'])).toEqual([]);
    expect(notes('p {on?--on}', ['on'])).toEqual([]);
  });
  it('takes a negative number that belongs to its option', async () => {
    const python =
      'import argparse; p=argparse.ArgumentParser(); p.add_argument("--x",type=float); print(p.parse_args().x)';
    writeFileSync(join(folder, 'p.py'), python);
    const run = `python3 "${join(folder, 'p.py')}" --x={x}`;
    let objective: ReturnType<typeof commandObjective>;
    try {
      objective = commandObjective({ run, names: ['x'] });
    } catch {
      console.log('not tested with argparse: there is no python3 here');
      return;
    }
    expect(await objective({ x: -1.5e-9 }, context)).toHaveProperty('value', -1.5e-9);
  });
});

describe('foothold tune', { timeout: 60_000 }, () => {
  const tune = (run: string, ...rest: string[]) =>
    foothold(['tune', '--space', X, '--run', run, '--trials', '1', ...rest]);
  it('O2: names the candidates, and says which figure it reads', async () => {
    const run = program('two.cjs', 'console.log(\'{"loss":0.5,"acc":0.25}\')');
    const guessed = await tune(`${run} {x}`);
    expect(guessed.err).toContain('failed: the output has several figures: loss, acc; choose with --metric');
    const named = await tune(`${run} {x}`, '--metric', 'loss');
    expect(named.err).toContain('reads loss from {"loss":0.5,"acc":0.25}');
    expect(named.out).toMatch(/^best value 0\.5 /);
  });
  it('O2: wants a direction for an accuracy', async () => {
    const run = `${program('acc.cjs', 'console.log("accuracy: 0.25")')} {x}`;
    expect(await tune(run, '--metric', 'accuracy')).toMatchObject({
      code: 1,
      err: expect.stringContaining('accuracy is minimized when nothing is said: say --direction maximize'),
    });
    expect((await tune(run)).err).toContain(
      "failed: the output's figure is accuracy: the command line has to say",
    );
    for (const direction of ['maximize', 'minimize'])
      expect((await tune(run, '--direction', direction, '--name', direction)).out).toMatch(
        /^best value 0\.25 /,
      );
  });
  it('F17: prints whole numbers, and the best in full', async () => {
    const { out, err } = await foothold([
      ...[
        'tune',
        '--space',
        '{"n":{"type":"int","low":1000000,"high":1500000},"x":{"type":"real","low":0,"high":1}}',
      ],
      ...[
        '--run',
        'node -p {n}-1234567+1/3+0*{x}',
        '--trials',
        '1',
        '--enqueue',
        '{"n":1234567,"x":0.123456789}',
      ],
    ]);
    expect(out).toBe(`best value ${1 / 3} (trial 0): n=1234567 x=0.123456789\n`);
    expect(err).toContain('0.333333  n=1234567 x=0.123457');
  });
});
