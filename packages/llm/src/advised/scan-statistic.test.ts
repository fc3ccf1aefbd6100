import { type Column, positionOf, type Rng, seeded } from '@foothold/core';
import { categorical, integer, logInteger, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { leastLikelyBall, shareWithin, unlikelyBalls } from './scan-statistic.ts';

const line = searchSpace({ a: uniform(0, 1) }).columns;
const mixed = searchSpace({ a: uniform(0, 1), n: integer(1, 9), c: categorical('x', 'y') });
const logarithmic = searchSpace({ n: logInteger(1, 100), k: logInteger(1, 3) });
const cube = searchSpace({ a: uniform(0, 1), b: uniform(0, 1), c: uniform(0, 1) });
const drawn = (
  { columns, encode, decode }: typeof mixed | typeof cube | typeof logarithmic,
  n: number,
  rng: Rng,
) =>
  Array.from({ length: n }, () =>
    (encode as (params: unknown) => Float64Array)(decode(Float64Array.from(columns, () => rng.next()))),
  );

describe('the spatial scan statistic', () => {
  it('has the log likelihood ratio of the ball around three near ones of six', () => {
    const points = [0.1, 0.48, 0.5, 0.52, 0.75, 0.95].map((u) => Float64Array.of(u));
    const { at, radius, logRatio } = leastLikelyBall(points, line);
    expect(at).toBe(2);
    expect(radius).toBeCloseTo(0.02, 12);
    // 3 log(½/0.04) + 3 log(½/0.96): half of the points in 0.04 of the line.
    expect(logRatio).toBeCloseTo(3 * Math.log(0.5 / 0.04) + 3 * Math.log(0.5 / 0.96), 10);
  });

  it('counts a ball at an edge by its part inside', () => {
    const points = [0, 0.01, 0.02, 0.4, 0.6, 0.9].map((u) => Float64Array.of(u));
    const { at, logRatio } = leastLikelyBall(points, line);
    // Around 0 the ball to 0.02 has 0.02 of the line, as the one around 0.01 to both sides.
    expect([0, 1, 2]).toContain(at);
    expect(logRatio).toBeCloseTo(3 * Math.log(0.5 / 0.02) + 3 * Math.log(0.5 / 0.98), 10);
  });

  it.each<[levels: number, level: number, radius: number, within: number]>([
    [10, 4, 0.1, 3],
    [10, 4, 0.099, 1],
    [10, 0, 0.1, 2],
    [10, 9, 0.25, 3],
    [3, 1, 1 / 3, 3],
    [3, 1, 0.3, 1],
    [1, 0, 0, 1],
  ])(
    'counts the levels in a ball: of %i, around number %i, within %f there are %i',
    (levels, level, radius, within) => {
      const column: Column = { kind: 'ordinal', name: 'n', levels };
      const centre = Float64Array.of(positionOf(column, level));
      expect(shareWithin([column], centre, radius)).toBeCloseTo(within / levels, 12);
    },
  );

  it('counts a level of a logarithmic column by its cell, which is as wide as its share of uniform points', () => {
    const column: Column = { kind: 'ordinal', name: 'n', levels: 2, logFrom: 1 };
    // Cells of 1 and 2 between ½, 1½ and 2½.
    const first = Math.log(3) / Math.log(5);
    const share = (level: number, radius: number) =>
      shareWithin([column], Float64Array.of(positionOf(column, level)), radius);
    expect([share(0, 0), share(1, 0.4)]).toEqual([first, 1 - first]);
    expect([share(0, 0.44), share(1, 0.44)]).toEqual([1, 1]);
  });

  it.each([['mixed', mixed] as const, ['cube', cube] as const, ['logarithmic', logarithmic] as const])(
    'is compared by the short way as by the long one, in the %s space',
    (_, space) => {
      let unlikely = 0;
      for (let s = 0; s < 300; s++) {
        const rng = seeded(`scan ${s}`);
        const n = 3 + (s % 30);
        const bound = leastLikelyBall(drawn(space, n, rng), space.columns).logRatio;
        const points = drawn(space, n, rng);
        const expected = leastLikelyBall(points, space.columns).logRatio >= bound;
        if (expected) unlikely++;
        expect(unlikelyBalls(space.columns, n, bound)(points)).toBe(expected);
      }
      expect(unlikely).toBeGreaterThan(50);
      expect(unlikely).toBeLessThan(250);
    },
  );
});
