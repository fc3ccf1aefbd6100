import { describe, expect, it } from 'vitest';
import { operationTurns } from './operation-turns.ts';

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Numbers the turns of the event loop from now on. */
function numbered() {
  let [at, isOver] = [0, false];
  const count = () => {
    at++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const end = () => {
    isOver = true;
  };
  return { at: () => at, end };
}

describe('turns of operations', () => {
  it('have one operation each, whoever waits', async () => {
    const turns = operationTurns(soon);
    const loop = numbered();
    const [a, b] = [turns.user(), turns.user()];
    const found: [string, number][] = [];
    const work = async (name: string, { next }: typeof a) => {
      for (let k = 0; k < 3; k++) {
        await next();
        found.push([name, loop.at()]);
      }
    };
    await Promise.all([work('a', a), work('a too', a), work('b', b)]);
    loop.end();
    expect(new Set(found.map(([, at]) => at)).size).toBe(9);
    expect(found.slice(0, 3).map(([name]) => name)).toEqual(['a', 'a too', 'b']);
  });

  it('are not waited for by who hurries, and others keep theirs', async () => {
    let taken = 0;
    const turns = operationTurns(() => {
      taken++;
      return soon();
    });
    const [a, b] = [turns.user(), turns.user()];
    const found: string[] = [];
    const others = [1, 2].map((k) => b.next().then(() => found.push(`b${k}`)));
    const own = a.next().then(() => found.push('a'));
    a.hurry();
    await own;
    expect(found).toEqual(['a']);
    await Promise.all(others);
    expect(found).toEqual(['a', 'b1', 'b2']);
    expect(taken).toBe(2);
    await a.next(); // they begin again once nobody waited
    expect(taken).toBe(3);
  });

  it('come also where the turn itself fails', async () => {
    const turns = operationTurns(() => Promise.reject(new Error('no loop')));
    await expect(turns.user().next()).resolves.toBeUndefined();
  });
});
