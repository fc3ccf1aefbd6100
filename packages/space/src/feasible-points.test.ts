import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import {
  categorical,
  integer,
  linear,
  logUniform,
  ordinal,
  type ParameterSpace,
  searchSpace,
  spaceOf,
  uniform,
} from './index.ts';

const sumOf = (values: object) => (Object.values(values) as number[]).reduce((sum, v) => sum + v, 0);
const names = (d: number) => Array.from({ length: d }, (_, i) => `x${i}`);
/** d real parameters in [0, 1] with the sum 1. */
const simplex = (d: number): ParameterSpace =>
  spaceOf({
    ...Object.fromEntries(names(d).map((name) => [name, { type: 'real', low: 0, high: 1 }])),
    $constraints: [
      { type: 'linear', terms: Object.fromEntries(names(d).map((n) => [n, 1])), atMost: 1, atLeast: 1 },
    ],
  });
const cubePoint = (d: number, rng: { next(): number }) => Float64Array.from({ length: d }, () => rng.next());
const projected = (space: ParameterSpace, point: Float64Array, given?: Float64Array): Float64Array => {
  const near = space.project!(point, given);
  if (typeof near === 'string') throw new Error(near);
  return near;
};
const drawn = (space: ParameterSpace, seed: string) => {
  const rng = seeded(seed);
  return (count: number) => Array.from({ length: count }, () => space.decode(space.draw!(rng)!));
};

/** Projection onto the simplex by sorting (Held, Wolfe, Crowder 1974). */
function ontoSimplex(point: Float64Array): Float64Array {
  const sorted = Float64Array.from(point).sort().reverse();
  let sum = 0;
  let shift = 0;
  sorted.forEach((u, k) => {
    sum += u;
    if (u + (1 - sum) / (k + 1) > 0) shift = (1 - sum) / (k + 1);
  });
  return point.map((u) => Math.max(u + shift, 0));
}

describe('the nearest point under an equality', () => {
  it('is the projection onto the simplex, whose sum is 1 to the last bits', () => {
    const rng = seeded('simplex');
    for (let d = 2; d <= 12; d++) {
      const space = simplex(d);
      for (let k = 0; k < 30; k++) {
        const point = cubePoint(d, rng);
        const near = projected(space, point);
        for (const [j, u] of ontoSimplex(point).entries()) expect(near[j]).toBeCloseTo(u, 11);
        expect(Math.abs(sumOf(space.decode(near)) - 1)).toBeLessThan(1e-15 * d);
        expect(space.violation(space.decode(near))).toBeUndefined();
        expect(projected(space, near)).toEqual(near);
      }
    }
  });

  it('is nearer than any other point that keeps two equalities and an inequality (variational inequality)', () => {
    const space: ParameterSpace = searchSpace(
      { a: uniform(0, 1), b: uniform(-2, 2), c: uniform(0, 1), d: uniform(0, 4) },
      {
        constraints: [
          linear({ a: 1, b: 1, c: 1 }, { atMost: 1, atLeast: 1 }),
          linear({ c: 3, d: 1 }, { atMost: 2, atLeast: 2 }),
          linear({ a: 1, b: -2 }, { atMost: 0.5 }),
        ],
      },
    );
    const rng = seeded('two rows');
    const others = Array.from({ length: 100 }, () => space.draw!(rng)!);
    for (const other of others) expect(space.violation(space.decode(other))).toBeUndefined();
    for (let k = 0; k < 100; k++) {
      const point = cubePoint(4, rng);
      const near = projected(space, point);
      expect(space.violation(space.decode(near))).toBeUndefined();
      for (const other of others) {
        const product = point.reduce((sum, u, j) => sum + (u - near[j]!) * (other[j]! - near[j]!), 0);
        expect(product).toBeLessThan(1e-8);
      }
    }
  });

  it('keeps given columns, parents and categories where they are', () => {
    const space: ParameterSpace = searchSpace(
      {
        mode: categorical('p', 'q'),
        n: integer(0, 3),
        a: uniform(0, 4),
        b: uniform(0, 4).when('n', 2, 3),
        c: uniform(0, 4).when('mode', 'q'),
      },
      { constraints: [linear({ n: 1, a: 1, b: 1, c: 1 }, { atMost: 4, atLeast: 4 })] },
    );
    const rng = seeded('conditions');
    for (let k = 0; k < 300; k++) {
      const point = cubePoint(5, rng);
      const before = space.decode(point);
      const after = space.decode(projected(space, point));
      expect([after.mode, after.n, 'b' in after, 'c' in after]).toEqual([
        before.mode,
        before.n,
        'b' in before,
        'c' in before,
      ]);
      const { mode, ...numbers } = after;
      expect(sumOf(numbers)).toBeCloseTo(4, 12);
    }
    const given = space.coordinates({ a: 0.25 });
    expect(space.decode(projected(space, Float64Array.of(0.9, 0.9, 0.0625, 0.2, 0.2), given))).toMatchObject({
      a: 0.25,
      n: 3,
    });
    const outside = space.coordinates({ a: 4 });
    expect(space.project!(Float64Array.of(0.1, 0.3, 1, 0.5, 0.5), outside)).toBe(
      '1·n + 1·a + 1·b + 1·c is between 5 and 5, allowed is 1·n + 1·a + 1·b + 1·c = 4',
    );
  });

  it('is exact over bounds of many sizes, and on a logarithmic scale', () => {
    const rng = seeded('scales');
    for (const scale of [1e-9, 1, 1e6, 1e12]) {
      const space: ParameterSpace = searchSpace(
        { a: uniform(0, scale), b: uniform(-scale, 3 * scale), c: logUniform(1e-4 * scale, scale) },
        { constraints: [linear({ a: 2, b: 1, c: 1 }, { atMost: scale, atLeast: scale })] },
      );
      for (let k = 0; k < 50; k++)
        for (const point of [projected(space, cubePoint(3, rng)), space.draw!(rng)!]) {
          const params = space.decode(point) as Record<'a' | 'b' | 'c', number>;
          expect(Math.abs(2 * params.a + params.b + params.c - scale)).toBeLessThan(1e-13 * scale);
          expect(space.violation(params)).toBeUndefined();
        }
    }
  });
});

describe('whole numbers, steps and ordered numbers under an equality', () => {
  it('get values that solve it', () => {
    const space: ParameterSpace = searchSpace(
      {
        a: integer(0, 100, { step: 5 }),
        b: integer(0, 100),
        c: ordinal(1, 2, 4, 8),
        x: uniform(0, 1, { step: 0.1 }),
      },
      { constraints: [linear({ a: 1, b: 2, c: 3, x: 10 }, { atMost: 100, atLeast: 100 })] },
    );
    for (const p of drawn(space, 'whole')(300)) {
      const { a, b, c, x } = p as Record<string, number>;
      expect(a! + 2 * b! + 3 * c! + 10 * x!).toBeCloseTo(100, 9);
      expect(space.violation(p)).toBeUndefined();
    }
  });

  it('leave the rest to a real parameter', () => {
    const space: ParameterSpace = searchSpace(
      { n: integer(1, 5), x: uniform(0, 1) },
      { constraints: [linear({ n: 1, x: 1 }, { atMost: 3.25, atLeast: 3.25 })] },
    );
    const seen = new Set(drawn(space, 'mixed')(50).map((p) => JSON.stringify(p)));
    expect([...seen]).toEqual(['{"n":3,"x":0.25}']);
  });

  it('are refused with the reason where there is no solution', () => {
    const space = searchSpace(
      { a: integer(0, 96, { step: 16 }), b: integer(0, 96, { step: 16 }) },
      { constraints: [linear({ a: 1, b: 1 }, { atMost: 100, atLeast: 100 })] },
    );
    expect(space.project!(Float64Array.of(0.3, 0.4))).toBe(
      '1·a + 1·b = 100 has no solution: the nearest sums are 96 and 112',
    );
    expect(space.draw!(seeded(0))).toBeUndefined();
    const far = searchSpace(
      { a: uniform(0, 1), b: uniform(0, 1) },
      { constraints: [linear({ a: 1, b: 1 }, { atMost: 3, atLeast: 3 })] },
    );
    expect(far.project!(Float64Array.of(0.3, 0.4))).toBe(
      '1·a + 1·b is between 0 and 2, allowed is 1·a + 1·b = 3',
    );
  });
});

describe('random points under an equality', () => {
  it.each([
    [3, 6000],
    [10, 2500],
  ])(
    'are Dirichlet(1, …, 1) on the simplex of %i parameters: mean 1/d, variance (d−1)/(d²(d+1))',
    (d, count) => {
      const columns = names(d).map(() => [0, 0]);
      for (const p of drawn(simplex(d), 'moments')(count))
        names(d).forEach((name, j) => {
          const v = p[name] as number;
          columns[j]![0]! += v / count;
          columns[j]![1]! += v ** 2 / count;
        });
      const variance = (d - 1) / (d ** 2 * (d + 1));
      for (const [mean, square] of columns) {
        // Five standard errors, and of the variance with a kurtosis below 10.
        expect(Math.abs(mean! - 1 / d)).toBeLessThan(5 * Math.sqrt(variance / count));
        expect(Math.abs(square! - mean! ** 2 - variance)).toBeLessThan(15 * variance * Math.sqrt(1 / count));
      }
    },
  );

  it('fill a thin slab evenly across and along', () => {
    const space: ParameterSpace = searchSpace(
      { a: uniform(0, 1), b: uniform(0, 1), c: uniform(0, 1) },
      { constraints: [linear({ a: 1, b: 1, c: 1 }, { atMost: 0.501, atLeast: 0.499 })] },
    );
    const points = drawn(space, 'slab')(4000);
    const sums = points.map(sumOf);
    for (const sum of sums) expect(Math.abs(sum - 0.5)).toBeLessThan(0.001 + 1e-12);
    const offsets = sums.map((sum) => (sum - 0.5) / 0.001);
    // Uniform in [−1, 1]: mean 0, variance 1/3; a, b, c half of a Dirichlet(1, 1, 1).
    const mean = offsets.reduce((m, v) => m + v, 0) / 4000;
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / 3 / 4000));
    expect(offsets.reduce((m, v) => m + v ** 2, 0) / 4000).toBeCloseTo(1 / 3, 1);
    const squares = points.reduce((m, p) => m + (p['a'] as number) ** 2, 0) / 4000;
    expect(squares).toBeCloseTo(0.25 * (1 / 18 + 1 / 9), 2);
  });

  it('follow the logarithmic scale of a parameter', () => {
    const space: ParameterSpace = searchSpace(
      { a: uniform(0, 1), e: logUniform(1e-4, 1) },
      { constraints: [linear({ a: 1, e: 1 }, { atMost: 1, atLeast: 1 })] },
    );
    const logs = drawn(space, 'log')(2000).map((p) => Math.log10(p['e'] as number));
    expect(logs.reduce((m, v) => m + v, 0) / 2000).toBeCloseTo(-2, 0);
    expect(logs.filter((v) => v < -3).length / 2000).toBeCloseTo(1 / 4, 1);
  });
});

describe('spaces that are projected', () => {
  it('are those with an equality or a thin slab, also out of two constraints on multiples of one sum', () => {
    const shape = { a: uniform(0, 1), b: uniform(0, 1) };
    const projects = (...constraints: Parameters<typeof linear>[]) =>
      searchSpace(shape, { constraints: constraints.map(([terms, bounds]) => linear(terms, bounds)) })
        .project !== undefined;
    expect(
      projects([
        { a: 1, b: 1 },
        { atMost: 1, atLeast: 1 },
      ]),
    ).toBe(true);
    expect(projects([{ a: 1, b: 1 }, { atMost: 1 }], [{ a: -2, b: -2 }, { atMost: -2 }])).toBe(true);
    expect(projects([{ a: 1, b: 1 }, { atMost: 0.01 }])).toBe(true);
    expect(projects([{ a: 1, b: 1 }, { atMost: 1 }])).toBe(false);
    expect(
      projects([
        { a: 1, b: 1 },
        { atMost: 1, atLeast: 0.9 },
      ]),
    ).toBe(false);
    expect(searchSpace(shape).project).toBeUndefined();
  });

  it('take what is within 1e-9 of the sum, and nothing else', () => {
    const space = simplex(3);
    expect(space.violation({ x0: 0.2, x1: 0.3, x2: 0.5 })).toBeUndefined();
    expect(space.violation({ x0: 0.3333333333, x1: 0.3333333333, x2: 0.3333333333 })).toBeUndefined();
    expect(space.violation({ x0: 0.333333, x1: 0.333333, x2: 0.333333 })).toBe(
      '1·x0 + 1·x1 + 1·x2 is 0.999999, allowed is at least 1',
    );
  });
});
