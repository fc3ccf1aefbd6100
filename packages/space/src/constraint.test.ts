import { InvalidArgumentError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { categorical, integer, linear, searchSpace, uniform } from './index.ts';

describe('constraints', () => {
  const s = searchSpace(
    { a: integer(0, 10), b: uniform(0, 10), c: integer(0, 10).when('a', 5) },
    {
      constraints: [
        linear({ a: 1, b: 1, c: 2 }, { atMost: 10 }),
        linear({ a: 0.1, b: 0.2 }, { atLeast: 0.3 }),
        (p) => p.a < p.b || 'a must be below b',
        ({ b }) => b !== 9,
      ],
    },
  );
  it('say why parameters may not be evaluated', () => {
    expect(s.features).toEqual(['conditional', 'input-constraints']);
    expect(s.violation({ a: 1, b: 2 })).toBeUndefined();
    expect(s.violation({ a: 4, b: 7 })).toBe('1·a + 1·b + 2·c is 11, allowed is at most 10');
    expect(s.violation({ a: 5, b: 5, c: 1 })).toContain('is 12');
    expect(s.violation({ a: 0, b: 1 })).toContain('at least 0.3');
    expect(s.violation({ a: 3, b: 2 })).toBe('a must be below b');
    expect(s.violation({ a: 0, b: 9 })).toBe('constraint 3 does not hold');
    expect(s.violation({ a: 1, b: 1 + 1e-15 })).toBeUndefined(); // 0.1 + 0.2 ≥ 0.3 up to rounding
    expect(s.description).toBeUndefined();
  });

  it('are checked when the space is made', () => {
    const shape = { a: integer(0, 10), c: categorical('x', 'y') };
    const wrong = (constraint: ReturnType<typeof linear>) => () =>
      searchSpace(shape, { constraints: [constraint] });
    expect(wrong(linear({ q: 1 }, { atMost: 1 }))).toThrow('constraint 0: term is "q"');
    expect(wrong(linear({ c: 1 }, { atMost: 1 }))).toThrow('numeric parameters a');
    expect(wrong(linear({ a: Number.NaN }, { atMost: 1 }))).toThrow('weight of a is NaN');
    expect(wrong(linear({ a: 1 }, {}))).toThrow('atMost or atLeast');
    expect(wrong(linear({ a: 1 }, { atMost: Infinity }))).toThrow(InvalidArgumentError);
  });
});
