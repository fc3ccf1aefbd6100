import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { linear } from './constraint.ts';
import { spaceFrom } from './search-space.ts';

const wide = { type: 'real', low: -1e308, high: 1e308 };
const tall = { type: 'real', low: 1e-300, high: 1e300, log: true };
const small = { type: 'real', low: -5e-310, high: 5e-310 };

describe('a sum that is kept exactly over ranges near the limits of float64', () => {
  it.each([
    ['a range whose width overflows', { a: wide, b: wide }, { atMost: 0, atLeast: 0 }],
    ['a sum that overflows', { a: wide, b: wide, c: wide }, { atMost: 1e307, atLeast: 1e307 }],
    ['numbers below the normal ones', { a: small, b: small }, { atMost: 1e-310, atLeast: 1e-310 }],
  ])('gives points that keep it, for %s', (_, shape, bounds) => {
    const names = Object.keys(shape);
    const terms = Object.fromEntries(names.map((name) => [name, 1]));
    const space = spaceFrom(Object.entries(shape), [linear(terms, bounds)]);
    const rng = seeded('wide');
    for (let k = 0; k < 20; k++) {
      const start = Float64Array.from(names, () => rng.next());
      for (const point of [space.project!(start), space.draw!(rng)]) {
        expect(point).toBeInstanceOf(Float64Array);
        expect(space.violation(space.decode(point as Float64Array))).toBeUndefined();
      }
    }
  });

  it.each([
    ['a logarithmic range whose ratio overflows', { a: tall, b: tall }, { atMost: 1e299, atLeast: 1e299 }],
    ['one beside a wide one', { a: wide, b: tall }, { atMost: -1, atLeast: -1 }],
    ['one beside whole numbers', { a: tall, b: { type: 'int', low: -5, high: 5 } }, { atMost: 0 }],
  ])('gives numbers or says why not, for %s', (_, shape, bounds) => {
    const space = spaceFrom(Object.entries(shape), [linear({ a: 1, b: 1 }, bounds)]);
    const rng = seeded('tall');
    for (let k = 0; k < 20; k++) {
      const found = [space.project!(Float64Array.of(rng.next(), rng.next())), space.draw!(rng)];
      for (const point of found)
        if (point instanceof Float64Array) expect(() => space.violation(space.decode(point))).not.toThrow();
        else expect(point ?? 'none').toMatch(/exclude each other|allowed is|no solution|none/);
    }
  });
});
