import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { conversation } from './converse.fixture.ts';
import { askTellSession } from './session.ts';

const space = {
  x: { type: 'real', low: -1, high: 1 },
  y: { type: 'real', low: -1, high: 1 },
  c: { type: 'categorical', choices: ['a', 'b'] },
};
const create = { op: 'create', space, seed: 3, trials: 40 };

/** Values of so many random points. */
function past(count: number, seed: number) {
  const rng = seeded(seed);
  const trials = Array.from({ length: count }, () => {
    const [x, y] = [2 * rng.next() - 1, 2 * rng.next() - 1];
    return { params: { x, y, c: 'a' }, value: objective({ x, y, c: 'a' }), metrics: { x, y } };
  });
  return { op: 'load', trials };
}

function objective({ x, y, c }: { readonly x: number; readonly y: number; readonly c: string }): number {
  return (x - 0.3) ** 2 + Math.sin(3 * y) + (c === 'a' ? 0.2 : 0);
}

/** Turns of the event loop, which are counted, and the most that were waited for at a time since that was last asked. */
function countedTurns() {
  let [count, open, most] = [0, 0, 0];
  const turn = async () => {
    count++;
    most = Math.max(most, ++open);
    await soon();
    open--;
  };
  const takeMost = () => {
    const before = most;
    most = 0;
    return before;
  };
  return { count: () => count, takeMost, turn };
}

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Waits until no more turns are taken. */
async function quiet(count: () => number): Promise<number> {
  for (let before = -1; count() !== before; ) {
    before = count();
    for (let k = 0; k < 50; k++) await soon();
  }
  return count();
}

/**
 * A study with loaded trials in a session that has made a suggestion before: its backend is compiled, so that it takes turns of the event
 * loop alone.
 */
async function opened(turns: ReturnType<typeof countedTurns> | undefined, study: object = create) {
  const of = conversation(turns);
  await of.call(study);
  await of.call(past(20, 1));
  await of.call({ op: 'ask' });
  await of.call(study);
  const before = turns && (await quiet(turns.count));
  await of.call(past(20, 2));
  return { ...of, before: before ?? 0 };
}

type Asked = { readonly trials: readonly [{ readonly number: number; readonly params: never }] };

describe('what is prepared between requests', () => {
  it.each(['auto', 'tpe'])('changes no suggestion of %s', async (sampler) => {
    const turns = countedTurns();
    const logs: unknown[] = [];
    for (const of of [conversation(turns), conversation()]) {
      const log: unknown[] = [];
      await of.call({ ...create, sampler });
      await of.call(past(8, 1));
      for (let k = 0; k < 12; k++) {
        // Asks come while nothing is begun, while something is being made, and when it is there.
        if (k % 3 === 1) for (let turn = 0; turn < 5 * k; turn++) await soon();
        if (k % 3 === 2) await quiet(turns.count);
        const answer = await of.call({ op: 'ask', count: k === 7 ? 2 : 1, samplerState: true });
        log.push(answer);
        for (const { number, params } of (answer as unknown as Asked).trials)
          await of.call({ op: 'tell', number, value: objective(params) });
      }
      logs.push(log);
      await of.end();
    }
    expect(logs[0]).toEqual(logs[1]);
    expect(turns.count()).toBeGreaterThan(20);
  });

  it('is at hand for the ask: it calls for nothing any more', async () => {
    const turns = countedTurns();
    const { call, end, before } = await opened(turns);
    const made = await quiet(turns.count);
    expect(made).toBeGreaterThan(before + 20);
    await call({ op: 'ask' });
    expect(await quiet(turns.count)).toBeLessThanOrEqual(made + 2);
    await end();
  });

  it('gives way to requests after each operation', async () => {
    const turns = countedTurns();
    const { call, end, before } = await opened(turns);
    while (turns.count() < before + 10) await soon();
    expect(await call({ op: 'best' })).toMatchObject({ trial: { state: 'complete' } });
    expect(await call(past(1, 5))).toEqual({ ok: true, loaded: 1 });
    expect(turns.count()).toBeLessThan(before + 20);
    const plain = await opened(undefined);
    await plain.call(past(1, 5));
    expect(await call({ op: 'ask' })).toEqual(await plain.call({ op: 'ask' }));
    await Promise.all([end(), plain.end()]);
  });

  it('is waited for by an ask that comes meanwhile, without further turns', async () => {
    const turns = countedTurns();
    const { call, end, before } = await opened(turns);
    while (turns.count() < before + 10) await soon();
    await call({ op: 'ask' });
    expect(await quiet(turns.count)).toBeLessThan(before + 20);
    await end();
  });

  it('ends with the input, which nothing keeps waiting', async () => {
    const turns = countedTurns();
    const { end, before } = await opened(turns);
    while (turns.count() < before + 10) await soon();
    await end();
    expect(await quiet(turns.count)).toBeLessThan(before + 20);
  });

  it('is made once, and then nothing is done', async () => {
    const turns = countedTurns();
    const { call, end } = await opened(turns);
    const made = await quiet(turns.count);
    for (const op of ['best', 'trials', 'best']) await call({ op });
    expect(await quiet(turns.count)).toBeLessThanOrEqual(made + 6);
    await end();
  });

  it('is made again after a note', async () => {
    const turns = countedTurns();
    const { call, end, before } = await opened(turns);
    const made = await quiet(turns.count);
    await call({ op: 'note', note: 'restarted' });
    expect((await quiet(turns.count)) - made).toBeGreaterThan(0.9 * (made - before));
    await end();
  });

  it('is made for each session that a line left something new for, an operation a turn', async () => {
    const turns = countedTurns();
    const session = askTellSession({ now: () => 0, turn: turns.turn });
    const send = async (line: string) => {
      await session.answer(line);
      session.prepare();
    };
    const call = (request: object) => send(JSON.stringify(request));
    /** Turns of a preparation after these lines. */
    const turnsOf = async (names: readonly string[], line?: string) => {
      for (const name of names) await call({ ...create, session: name });
      const before = await quiet(turns.count);
      for (const name of names) await call({ ...past(20, 2), session: name });
      if (line !== undefined) await send(line);
      return (await quiet(turns.count)) - before;
    };
    // Compiles the backend, however long that takes.
    for (const request of [create, past(20, 1), { op: 'ask' }]) await call({ ...request, session: 'a' });
    const one = await turnsOf(['a']);
    expect(one).toBeGreaterThan(20);
    expect(await turnsOf(['a'], 'nonsense')).toBeGreaterThan(0.9 * one);
    expect(await turnsOf(['a', 'b'])).toBeGreaterThan(1.9 * one);
    session.end();
  });

  it('of several objectives is made an operation a turn', async () => {
    const turns = countedTurns();
    const objectives = ['value', 'x', 'y'].map((metric) => ({ metric, direction: 'minimize' }));
    const { end, before } = await opened(turns, { ...create, objectives });
    turns.takeMost();
    expect(await quiet(turns.count)).toBeGreaterThan(before + 20);
    expect(turns.takeMost()).toBe(1);
    await end();
  });

  it('is of no use without trials, and while one runs', async () => {
    const turns = countedTurns();
    const { call, end } = await opened(turns);
    const { trials } = (await call({ op: 'ask', count: 2 })) as unknown as Asked;
    const asked = await quiet(turns.count);
    await call({ op: 'tell', number: trials[0].number, value: 0.1 });
    await call({ ...create, seed: 4 });
    expect(await quiet(turns.count)).toBeLessThanOrEqual(asked + 4);
    await end();
  });
});
