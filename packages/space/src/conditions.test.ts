import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { boolean, categorical, integer, ordinal, searchSpace, uniform } from './index.ts';

describe('conditions', () => {
  const nested = searchSpace({
    momentum: uniform(0, 1).when('optimizer', 'sgd').default(0.9),
    optimizer: categorical('sgd', 'adam', 'none'),
    nesterov: boolean().when('optimizer', 'sgd'),
    damping: ordinal(1, 2, 3).when('nesterov', true).when('optimizer', 'sgd', 'adam'),
    layers: integer(1, 3),
    units2: integer(1, 4).when('layers', 2, 3),
  });

  it('give an inactive coordinate one value, at its default or in the middle, and drop it on the way back', () => {
    const adam = { optimizer: 'adam', layers: 1 } as const;
    expect(Array.from(nested.encode(adam))).toEqual([0.9, 0.5, 0.75, 0.5, 0.5 / 3, 2.5 / 4]);
    const rng = seeded(3);
    for (let i = 0; i < 300; i++) {
      const point = Float64Array.from(nested.columns, () => rng.next());
      const p = nested.decode(point);
      expect('momentum' in p).toBe(p.optimizer === 'sgd');
      expect('damping' in p).toBe(p.optimizer === 'sgd' && p.nesterov === true);
      expect('units2' in p).toBe(p.layers > 1);
      expect(nested.decode(nested.encode(p))).toEqual({
        ...p,
        ...('momentum' in p ? { momentum: expect.closeTo(p.momentum!, 14) } : {}),
      });
    }
    expect(nested.features).toEqual(['conditional']);
  });

  it('refuse a value of an inactive parameter and a missing one of an active', () => {
    expect(() => nested.encode({ optimizer: 'adam', momentum: 0.5, layers: 1 })).toThrow(
      'it is active only while optimizer is "sgd"',
    );
    expect(() => nested.encode({ optimizer: 'sgd', layers: 1 })).toThrow('momentum is undefined');
  });

  it('count every distinct set of parameters once', () => {
    const finite = searchSpace({
      optimizer: categorical('sgd', 'adam', 'none'),
      nesterov: boolean().when('optimizer', 'sgd'),
      damping: ordinal(1, 2, 3).when('nesterov', true).when('optimizer', 'sgd', 'adam'),
      layers: integer(1, 3),
      units2: integer(1, 4).when('layers', 2, 3),
    });
    const seen = new Set<string>();
    const rng = seeded(4);
    for (let i = 0; i < 8000; i++)
      seen.add(JSON.stringify(finite.decode(Float64Array.from(finite.columns, () => rng.next()))));
    expect(finite.size).toBe(seen.size);
    expect(finite.size).toBe((1 + 3 + 2) * (1 + 4 + 4));
    expect(nested.size).toBe(Infinity);
    expect(searchSpace({ a: integer(1, 2 ** 40), b: boolean().when('a', 7) }).size).toBe(2 ** 40 + 1);
  });

  it('name an unknown parent, an impossible value and a circle', () => {
    const real = { x: uniform(0, 1), y: uniform(0, 1).when('x', 0.5) };
    expect(() => searchSpace(real)).toThrow('y.when.x');
    expect(() => searchSpace({ a: integer(0, 3), b: boolean().when('a', 4) })).toThrow(
      'b.when.a is 4, allowed is whole numbers in [0, 3]',
    );
    expect(() =>
      searchSpace({ a: boolean().when('b', true), b: boolean().when('a', true), c: boolean() }),
    ).toThrow('a.when is ["a","b"], allowed is conditions that do not form a circle');
  });
});
