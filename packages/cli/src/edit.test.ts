import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askTellSession } from '@foothold/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-edit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);
writeFileSync(
  join(folder, 'value.cjs'),
  'const [x, n = 2] = process.argv.slice(2); console.log(JSON.stringify({ value: (x - 0.3) ** 2 + n / 10, size: +x }));',
);
const run = `"${process.execPath}" value.cjs {x}`;
const x = { type: 'real', low: 0, high: 1 };
const spaceOf = (space: object) => JSON.stringify(space);
const tune = (space: object, trials: number, ...more: string[]) =>
  foothold([
    'tune',
    '--space',
    spaceOf(space),
    '--run',
    run,
    '--name',
    'mine',
    '--trials',
    String(trials),
    ...more,
  ]);

describe('foothold edit', { timeout: 120_000 }, () => {
  it('narrows a range, adds a parameter and sets limits; tune goes on, and a replay finds no difference', async () => {
    expect((await tune({ x }, 7)).code).toBe(0);
    const refused = await tune({ x: { ...x, low: 0.5 } }, 9);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('--space x: {"type":"real","low":0,"high":1} before');
    expect(refused.err).toContain('foothold edit mine --space FILE');

    const narrowed = await foothold(['edit', 'mine', '--range', 'x=0.5..1']);
    expect([narrowed.code, narrowed.err]).toEqual([0, '']);
    expect(narrowed.out).toMatch(
      /^study mine is edited:\n {2}--space x: \{"type":"real","low":0,"high":1\} before, \{"type":"real","low":0.5,"high":1\} now\n[1-7] of 7 trials are outside of the space now: models still learn of them\n$/,
    );
    expect((await foothold(['edit', 'mine', '--range', 'x=0.5..1'])).out).toBe(
      'study mine has this space and these limits already\n',
    );
    const old = await tune({ x }, 9);
    expect(old.code).toBe(1);
    expect(old.err).toMatch(/was edited at \d{4}-\d\d-\d\dT.* this line differs/);

    const wide = { x: { ...x, low: 0.5 }, n: { type: 'int', low: 1, high: 4 } };
    const missing = await foothold(['edit', 'mine', '--space', spaceOf(wide)]);
    expect(missing.code).toBe(1);
    expect(missing.err).toContain('values.n is undefined, allowed is a value of the new parameter n');
    const added = await foothold(['edit', 'mine', '--space', spaceOf(wide), '--value', 'n=2', '--json']);
    expect(JSON.parse(added.out)).toMatchObject({ study: 'mine', changed: true, space: wide, dequeued: [] });
    const more = await tune(wide, 11, '--run', `${run} {n}`, '--accept-command');
    expect([more.code, more.err]).toEqual([0, expect.any(String)]);

    expect((await foothold(['edit', 'mine', '--limit', 'size>=0.6'])).out).toContain(
      '--limit: "none" before, "size>=0.6" now',
    );
    const limited = await tune(wide, 13, '--run', `${run} {n}`);
    expect(limited.code, limited.err).toBe(0);
    expect(Number(/x=(\S+)/.exec(limited.out)?.[1])).toBeGreaterThanOrEqual(0.6);

    expect((await foothold(['replay', 'mine'])).out).toBe('0 of 13 suggestions differ\n');
    expect((await foothold(['report', 'mine'])).code).toBe(0);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('mine');
  });

  it('names what is wrong with the line, and changes nothing', async () => {
    const file = join(folder, 'foothold-studies/mine.jsonl');
    const before = readFileSync(file, 'utf8');
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['mine'], 'give --space or --range'],
      [['mine', '--range', 'y=0..1'], 'no range of a number of the study'],
      [['mine', '--limit', 'size=3'], '--limit: size=3 is neither'],
      [['mine', '--range', 'x=0..1', '--value', '7'], '--value: 7 is not NAME=VALUE'],
      [['mine', '--space', '{"x":{"type":"int","low":0,"high":1}}'], 'the type of x is "int"'],
      [['other', '--range', 'x=0..1'], 'there is no study "other"'],
    ];
    for (const [line, text] of cases) {
      const { code, err } = await foothold(['edit', ...line]);
      expect([code, err]).toEqual([1, expect.stringContaining(text)]);
    }
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

describe('foothold edit of the studies of small-to-large', { timeout: 240_000 }, () => {
  const n = { type: 'int', low: 1, high: 4 };
  const value = (more: string) => `"${process.execPath}" value.cjs {x} ${more}`;

  it('changes one of several fidelities, which stay without being named', async () => {
    const line = (space: object, budget: number, command = value('')) =>
      foothold([
        ...[
          'small-to-large',
          '--space',
          spaceOf(space),
          '--run',
          `${command} {k}`,
          '--name',
          'many',
          '--json',
        ],
        ...['--fidelities', '1,3', '--fidelity-name', 'k', '--budget', String(budget), '--accept-command'],
      ]);
    const first = await line({ x }, 15);
    expect(first.code, first.err).toBe(0);
    const wide = { x: { ...x, high: 2 }, n };
    const refused = await line(wide, 24);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('`foothold edit`')]);
    const edited = await foothold(['edit', 'many', '--space', spaceOf(wide), '--value', 'n=2', '--json']);
    expect([edited.code, edited.err]).toEqual([0, '']);
    const k = { type: 'ordinal', choices: [1, 3] };
    expect(Object.entries(JSON.parse(edited.out).space)).toEqual(Object.entries({ ...wide, k }));
    // The same command below `studies`.
    const narrowed = await foothold(['studies', 'edit', 'many', '--range', 'x=0.1..0.9']);
    expect(narrowed.out).toContain('study many is edited:');
    const second = await line({ x: { ...x, low: 0.1, high: 0.9 }, n }, 24, value('{n}'));
    expect(second.code, second.err).toBe(0);
    expect(JSON.parse(second.out).spent).toBeGreaterThan(24 - 3);
    expect((await foothold(['replay', 'many'])).out).toMatch(/^0 of \d+ suggestions differ\n$/);
    await foothold(['edit', 'many', '--limit', 'size<=0.5']);
    const limited = await line({ x: { ...x, low: 0.1, high: 0.9 }, n }, 30, value('{n}'));
    expect([limited.code, limited.err]).toEqual([
      1,
      expect.stringContaining('take them away with an edit (foothold edit many --limit none)'),
    ]);
  });

  it('changes both studies of two stages, with limits', async () => {
    const line = (space: object, trials: readonly [number, number]) =>
      foothold([
        ...['small-to-large', '--space', spaceOf(space), '--small', value('{n}'), '--large', value('{n}')],
        ...[
          '--small-trials',
          String(trials[0]),
          '--large-trials',
          String(trials[1]),
          '--name',
          'two',
          '--json',
        ],
      ]);
    expect((await line({ x, n }, [7, 2])).code).toBe(0);
    const wide = { x: { ...x, high: 3 }, n };
    const refused = await line(wide, [9, 4]);
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('foothold edit two-small --space FILE'),
    ]);
    for (const stage of ['two-small', 'two-large'])
      expect((await foothold(['edit', stage, '--range', 'x=0..3', '--limit', 'size>=0.6'])).code).toBe(0);
    const { code, out, err } = await line(wide, [11, 6]);
    expect(code, err).toBe(0);
    const { best, small } = JSON.parse(out);
    for (const trial of [best, small]) expect(trial.metrics.size).toBeGreaterThanOrEqual(0.6);
  });
});

describe('the op edit', () => {
  const session = () => {
    const of = askTellSession({ now: () => 0, clock: () => 1_800_000_000_000 });
    return { call: (request: object) => of.answer(JSON.stringify(request)), end: of.end };
  };

  it.each([{}, { storage: join(folder, 'ask-tell') }])(
    'edits the study of the conversation, whose running trials are told and not given out again (%o)',
    async (where) => {
      const { call, end } = session();
      const create = { op: 'create', space: { x }, name: 's', sampler: 'random', seed: 1, ...where };
      expect(await call(create)).toMatchObject({ ok: true });
      const ask = async () =>
        ((await call({ op: 'ask' })) as { trials: { number: number; params: Record<string, number> }[] })
          .trials[0]!;
      await call({
        op: 'load',
        trials: [
          { params: { x: 0.1 }, value: 1 },
          { params: { x: 0.9 }, value: 2 },
        ],
      });
      const running = await ask();
      const space = { x: { ...x, low: 0.5 }, n: { type: 'int', low: 1, high: 3 } };
      expect(await call({ op: 'edit', space })).toMatchObject({
        error: { code: 'InvalidArgumentError', message: expect.stringContaining('values.n') },
      });
      const edited = await call({
        op: 'edit',
        space,
        values: { n: 2 },
        limits: [{ metric: 'size', atMost: 8 }],
      });
      expect(edited).toMatchObject({
        ok: true,
        changed: true,
        outside: expect.arrayContaining([0]),
        dequeued: [],
      });
      const next = await ask();
      expect(next.number).toBe(running.number + 1);
      expect(next.params['x']).toBeGreaterThanOrEqual(0.5);
      expect(next.params['n']).toBeGreaterThanOrEqual(1);
      for (const { number } of [running, next])
        expect(await call({ op: 'tell', number, value: 3, metrics: { size: 7 } })).toEqual({ ok: true });
      expect(await call({ op: 'best' })).toMatchObject({ trial: { number: running.number, value: 3 } });
      expect(((await call({ op: 'trials' })) as { trials: object[] }).trials[0]).toMatchObject({
        params: { x: 0.1 },
        outside: expect.stringContaining('x is 0.1'),
      });
      end();
    },
  );

  it('is named, with the time of the last edit, where a stored study is created with another space', async () => {
    const { call, end } = session();
    const create = { op: 'create', name: 'named', storage: join(folder, 'ask-tell') };
    await call({ ...create, space: { x } });
    const other = { ...create, space: { x: { ...x, high: 2 } } };
    expect(await call(other)).toMatchObject({
      error: { message: expect.stringContaining('`foothold edit`') },
    });
    await call({ op: 'edit', space: { x: { ...x, high: 3 } } });
    expect(await call(other)).toMatchObject({
      error: { message: expect.stringContaining('edited (event 1 at 2027-01-15T08:00:00.000Z)') },
    });
    end();
  });
});
