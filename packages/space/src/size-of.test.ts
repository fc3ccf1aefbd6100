import { type Params, type SearchSpace, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { boolean, categorical, integer, ordinal, searchSpace, spaceOf, uniform } from './index.ts';

type Descriptions = Readonly<Record<string, unknown>>;

/** Number of points by decoding every combination of levels. */
function counted<P extends Params>({ columns, decode }: SearchSpace<P>): number {
  const levels = columns.map((column) => (column.kind === 'continuous' ? 1 : column.levels));
  const total = levels.reduce((product, n) => product * n, 1);
  const seen = new Set<string>();
  for (let index = 0; index < total; index++) {
    let rest = index;
    const point = Float64Array.from(levels, (n) => {
      const level = rest % n;
      rest = Math.floor(rest / n);
      return (level + 0.5) / n;
    });
    seen.add(JSON.stringify(decode(point)));
  }
  return seen.size;
}

/** Up to eight parameters with conditions on up to three earlier ones each, in random order. */
function randomSpace(seed: number) {
  const rng = seeded(seed);
  const below = (n: number) => Math.floor(n * rng.next());
  const sizes = Array.from({ length: 1 + below(8) }, () => 1 + below(4));
  const entries = sizes.map((size, i) => {
    const parents = new Set(Array.from({ length: i === 0 ? 0 : below(4) }, () => below(i)));
    const when = [...parents].map((parent) => {
      const values = Array.from({ length: sizes[parent]! }, (_, v) => v).filter(() => rng.next() < 0.6);
      return [`p${parent}`, values.length > 0 ? values : [0]] as const;
    });
    const choices = Array.from({ length: size }, (_, v) => v);
    const type = rng.next() < 0.5 ? 'ordinal' : 'categorical';
    const at = rng.next();
    return {
      at,
      entry: [`p${i}`, { type, choices, ...(when.length > 0 && { when: Object.fromEntries(when) }) }],
    };
  });
  const shuffled = entries.sort((a, b) => a.at - b.at).map(({ entry }) => entry);
  return spaceOf(Object.fromEntries(shuffled) as Descriptions);
}

describe('the size of a space', () => {
  it('is what counting all decoded combinations gives, for 300 random spaces with conditions', () => {
    for (let seed = 0; seed < 300; seed++) {
      const space = randomSpace(seed);
      expect([seed, space.size]).toEqual([seed, counted(space)]);
    }
  });

  it('S2: 1,000 nested conditions are counted: one more point at each depth', () => {
    const chain = (n: number) =>
      Object.fromEntries(
        Array.from({ length: n }, (_, i) => [
          `p${i}`,
          { type: 'categorical', choices: [true, false], ...(i > 0 && { when: { [`p${i - 1}`]: [true] } }) },
        ]),
      ) as Descriptions;
    expect(spaceOf(chain(1000)).size).toBe(1001);
    expect(spaceOf(Object.fromEntries(Object.entries(chain(1000)).reverse()) as Descriptions).size).toBe(
      1001,
    );
  });

  it('counts 60 switches with a child each, and a child of 60 switches, without looking at their 2^60 settings', () => {
    const pairs = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        [`s${i}`, boolean()],
        [`c${i}`, integer(1, 3).when(`s${i}`, true)],
      ]).flat(),
    );
    expect(searchSpace(pairs as never).size).toBe(4 ** 60);
    const switches = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`s${i}`, boolean()]));
    const child = Object.keys(switches).reduce((p, name) => p.when(name, true) as never, integer(1, 8));
    expect(searchSpace({ ...switches, child } as never).size).toBe(2 ** 50 - 1 + 8);
  });

  it('is at least the number of points where conditions are entangled beyond counting', () => {
    const rng = seeded(5);
    const entries = Array.from({ length: 90 }, (_, i) => {
      const parents = i < 40 ? [] : Array.from({ length: 8 }, () => Math.floor(40 * rng.next()));
      const when = Object.fromEntries(parents.map((p) => [`p${p}`, [rng.next() < 0.5]]));
      return [`p${i}`, { type: 'categorical', choices: [true, false], ...(parents.length > 0 && { when }) }];
    });
    const { size } = spaceOf(Object.fromEntries(entries) as Descriptions);
    expect(size).toBeGreaterThanOrEqual(2 ** 40);
    expect(size).toBeLessThanOrEqual(2 ** 90);
  });

  it('is Infinity only where a continuous parameter can be active', () => {
    expect(searchSpace({ a: categorical('x', 'y'), u: uniform(0, 1).when('a', 'y') }).size).toBe(Infinity);
    expect(searchSpace({ a: ordinal(1, 2), n: integer(0, 2 ** 52).when('a', 2) }).size).toBe(2 ** 52 + 2);
  });
});
