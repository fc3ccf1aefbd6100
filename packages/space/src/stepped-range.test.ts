import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { integer, logInteger, logUniform, searchSpace, spaceOf, uniform } from './index.ts';
import { steppedRange } from './stepped-range.ts';

const valuesOf = (range: ReturnType<typeof steppedRange>) =>
  Array.from({ length: range.count }, (_, level) => range.valueAt(level));

describe('values with a step', () => {
  it('are the numbers that a person writes', () => {
    expect(valuesOf(steppedRange({ low: 0, high: 1, step: 0.1 }))).toEqual([
      0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
    ]);
    expect(valuesOf(steppedRange({ low: -0.3, high: 0.3, step: 0.15 }))).toEqual([-0.3, -0.15, 0, 0.15, 0.3]);
    expect(valuesOf(steppedRange({ low: 1e-7, high: 5e-7, step: 2e-7 }))).toEqual([1e-7, 3e-7, 5e-7]);
    expect(valuesOf(steppedRange({ low: 1e21, high: 3e21, step: 1e21 }))).toEqual([1e21, 2e21, 3e21]);
    expect(valuesOf(steppedRange({ low: -1.7e308, high: 1.7e308, step: 1.7e308 }))).toEqual([
      -1.7e308, 0, 1.7e308,
    ]);
  });

  it('end at the last one that is not above high', () => {
    expect(valuesOf(steppedRange({ low: 0, high: 1, step: 0.3 }))).toEqual([0, 0.3, 0.6, 0.9]);
    expect(searchSpace({ n: integer(16, 500, { step: 16 }) }).size).toBe(31);
    expect(() => searchSpace({ n: integer(16, 500, { step: 16 }) }).encode({ n: 500 })).toThrow(
      'n is 500, outside whole numbers in [16, 500] in steps of 16, the last is 496',
    );
  });

  it('reach high where only rounding keeps them below or above it', () => {
    expect(valuesOf(steppedRange({ low: 0, high: 1, step: 1 / 3 }))).toEqual([
      0,
      1 / 3,
      0.6666666666666666,
      1,
    ]);
    expect(valuesOf(steppedRange({ low: 0, high: 0.9, step: 0.1 * 3 })).at(-1)).toBe(0.9);
    expect(valuesOf(steppedRange({ low: 0.1, high: 0.1 + 0.2, step: 0.1 }))).toEqual([0.1, 0.2, 0.3]);
    expect(valuesOf(steppedRange({ low: 0.1, high: 0.3, step: 0.2 }))).toEqual([0.1, 0.3]);
  });

  it('come back from the cube as they went in, over wide and narrow ranges', () => {
    const rng = seeded('steps');
    for (let round = 0; round < 200; round++) {
      const decimals = Math.floor(rng.next() * 8);
      const step = Number(`${1 + Math.floor(rng.next() * 99)}e-${decimals}`);
      const low = Number(`${Math.floor((rng.next() - 0.5) * 1e4)}e-${decimals}`);
      const count = 1 + Math.floor(rng.next() * 1000);
      const space = searchSpace({ x: uniform(low, low + count * step, { step }) });
      const level = Math.floor(rng.next() * space.size);
      const { x } = space.decode(Float64Array.of((level + 0.5) / space.size));
      expect(space.decode(space.encode({ x }))).toEqual({ x });
      // No more digits than the bounds have.
      expect(String(Number(x.toFixed(decimals)))).toBe(String(x));
    }
  });

  it('take a value with the rounding of a short computation, and nothing between two of them', () => {
    const space = searchSpace({ x: uniform(0, 1, { step: 0.1 }) });
    expect(space.decode(space.encode({ x: 0.1 + 0.2 }))).toEqual({ x: 0.3 });
    for (const x of [0.35, 0.3001, -0.1, 1.1, Number.NaN])
      expect(() => space.encode({ x })).toThrow('in steps of 0.1');
  });

  it('may be what another parameter waits for', () => {
    const space = searchSpace({ p: uniform(0, 1, { step: 0.1 }), n: integer(1, 3).when('p', 0.1 + 0.2) });
    expect(space.decode(space.encode({ p: 0.3, n: 2 }))).toEqual({ p: 0.3, n: 2 });
    expect(space.decode(space.encode({ p: 0.1 + 0.2, n: 2 }))).toEqual({ p: 0.3, n: 2 });
    expect(space.decode(space.encode({ p: 0.4 }))).toEqual({ p: 0.4 });
  });

  it.each([
    [{ type: 'real', low: 0, high: 1, step: 0 }, 'x.step is 0, allowed is a finite number above 0'],
    [{ type: 'real', low: 0, high: 1, step: 2 }, 'x.step is 2, allowed is at most high − low, 1'],
    [{ type: 'real', low: 1, high: 2, step: 1e-17 }, 'x.step is 1e-17, allowed is at least 2^-50'],
    [{ type: 'real', low: 1, high: 2, step: '0.1' }, 'x.step is "0.1"'],
    [{ type: 'real', low: 1, high: 2, log: true, step: 0.1 }, 'choose one of step and log'],
    [{ type: 'int', low: 1, high: 9, step: 1.5 }, 'x.step is 1.5, allowed is a whole number from 1'],
    [{ type: 'int', low: 1, high: 9, log: true, step: 2 }, 'choose one of step and log'],
    [{ type: 'int', low: 1, high: 9, step: 9 }, 'allowed is at most high − low, 8'],
    [{ type: 'ordinal', choices: [1, 2], step: 1 }, 'x.step is 1'],
  ])('refuse %j', (x, message) => {
    expect(() => spaceOf({ x })).toThrow(message);
  });

  it('stay in the JSON form; a step of 1 between whole numbers has no effect and is left out', () => {
    const space = searchSpace({ x: uniform(0, 1, { step: 0.05 }), n: integer(1, 9, { step: 1 }) });
    expect(space.description).toEqual({
      x: { type: 'real', low: 0, high: 1, step: 0.05 },
      n: { type: 'int', low: 1, high: 9 },
    });
    expect(spaceOf(JSON.parse(JSON.stringify(space.description))).columns).toEqual(space.columns);
    expect(spaceOf({ n: { type: 'int', low: 1, high: 8, log: true, step: 1 } }).size).toBe(8);
  });
});

describe('constants', () => {
  it('have one value, and a space of them has size 1', () => {
    const space = searchSpace({
      x: uniform(0.3, 0.3),
      e: logUniform(1e-3, 1e-3),
      n: integer(7, 7),
      m: logInteger(7, 7),
      s: uniform(0.3, 0.3, { step: 0.1 }),
    });
    const constants = { x: 0.3, e: 1e-3, n: 7, m: 7, s: 0.3 };
    expect(space.size).toBe(1);
    for (const u of [0, 0.3, 1]) expect(space.decode(new Float64Array(5).fill(u))).toEqual(constants);
    expect(space.decode(space.encode(constants))).toEqual(constants);
    expect(() => space.encode({ ...constants, x: 0.31 })).toThrow('x is 0.31, outside [0.3, 0.3]');
  });
});
