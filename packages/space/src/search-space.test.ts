import { matrix, OutOfSpaceError, type Params, type SearchSpace, seeded } from '@foothold/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  boolean,
  categorical,
  integer,
  logInteger,
  logUniform,
  ordinal,
  type ParamsOf,
  searchSpace,
  spaceOf,
  uniform,
} from './index.ts';

const space = searchSpace({
  lr: logUniform(1e-5, 1e-1),
  width: integer(16, 512),
  units: logInteger(16, 1024),
  batch: ordinal(16, 32, 64),
  act: categorical('relu', 'gelu'),
  bias: boolean(),
  dropout: uniform(0, 1),
});
const params = {
  lr: 1e-3,
  width: 64,
  units: 100,
  batch: 32,
  act: 'gelu',
  bias: true,
  dropout: 0.25,
} as const;

describe('the types of a space', () => {
  it('infers the parameters from the shape', () => {
    type P = typeof space extends SearchSpace<infer T> ? T : never;
    expectTypeOf<P['lr']>().toEqualTypeOf<number>();
    expectTypeOf<P['act']>().toEqualTypeOf<'relu' | 'gelu'>();
    expectTypeOf<P['batch']>().toEqualTypeOf<16 | 32 | 64>();
    expectTypeOf<P['bias']>().toEqualTypeOf<boolean>();
    expectTypeOf(space.decode).returns.toExtend<Params>();
    // @ts-expect-error there is no such activation
    expect(() => space.encode({ ...params, act: 'tanh' })).toThrow(OutOfSpaceError);
    const use = ({ lr, act }: P) => `${lr.toFixed(4)} ${act.toUpperCase()}`;
    expect(use(space.decode(space.encode(params)))).toBe('0.0010 GELU');
  });

  it('makes conditional parameters optional and refuses a parent that is not there', () => {
    const s = searchSpace({
      optimizer: categorical('sgd', 'adam'),
      momentum: uniform(0, 1).when('optimizer', 'sgd'),
    });
    type P = typeof s extends SearchSpace<infer T> ? T : never;
    expectTypeOf<P['momentum']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<P['optimizer']>().toEqualTypeOf<'sgd' | 'adam'>();
    expect(s.encode({ optimizer: 'adam' })).toEqual(Float64Array.of(0.75, 0.5));
    expect(() =>
      searchSpace({
        optimizer: categorical('sgd', 'adam'),
        // @ts-expect-error optimiser is not a parameter
        momentum: uniform(0, 1).when('optimiser', 'sgd'),
      }),
    ).toThrow('momentum.when.optimiser');
  });

  it('has no other parameters than those of the shape: a misspelt one does not compile', () => {
    type P = ParamsOf<typeof space>;
    expectTypeOf<P>().toEqualTypeOf<{
      readonly lr: number;
      readonly width: number;
      readonly units: number;
      readonly batch: 16 | 32 | 64;
      readonly act: 'relu' | 'gelu';
      readonly bias: boolean;
      readonly dropout: number;
    }>();
    // @ts-expect-error the parameter is lr
    const misspelt = (p: P) => p.learningRate;
    // @ts-expect-error the parameter is width
    const renamed = ({ widht }: P) => widht;
    // @ts-expect-error width is missing
    const partial: P = { lr: 1, units: 16, act: 'relu', batch: 16, bias: true, dropout: 0 };
    expect([misspelt(params as P), renamed(params as P), partial.width]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    // @ts-expect-error the parameter is lr
    expect(() => space.coordinates({ rl: 0.1 })).toThrow(OutOfSpaceError);
    // A space of unknown parameters still takes any, and any space is one.
    const general: SearchSpace = space;
    expect(general.decode(space.encode(params))).toEqual(params);
    expectTypeOf<ParamsOf<SearchSpace>>().toEqualTypeOf<Params>();
  });

  it('types the predicate of a constraint', () => {
    searchSpace(
      { a: uniform(0, 1), c: categorical('x', 'y') },
      {
        constraints: [
          (p) => {
            expectTypeOf(p.a).toEqualTypeOf<number>();
            expectTypeOf(p.c).toEqualTypeOf<'x' | 'y'>();
            return p.a < 1 || 'a must be below 1';
          },
        ],
      },
    );
  });
});

describe('encode and decode', () => {
  it('put each parameter where the column says', () => {
    const point = space.encode(params);
    expect(Array.from(point)).toEqual([
      expect.closeTo(0.5, 14),
      (64 - 16 + 0.5) / 497,
      expect.closeTo(Math.log(100 / 15.5) / Math.log(1024.5 / 15.5), 14),
      0.5,
      0.75,
      0.75,
      0.25,
    ]);
    expect(space.size).toBe(Infinity);
    expect(space.features).toEqual([]);
  });

  it('keep the ends of every range exactly', () => {
    for (const [low, high] of [
      [-3, 0.1],
      [0.1, 0.3],
      [-1e308, 1e308],
      [5e-324, 1e-320],
    ] as const) {
      const s = searchSpace({ x: uniform(low, high) });
      for (const x of [low, high]) expect(s.decode(s.encode({ x })).x).toBe(x);
    }
    for (const [low, high] of [
      [1e-300, 1e300],
      [5e-324, Number.MAX_VALUE],
      [1, 1 + 2 ** -52],
    ] as const) {
      const s = searchSpace({ x: logUniform(low, high) });
      for (const x of [low, high]) expect(s.decode(s.encode({ x })).x).toBe(x);
    }
  });

  it('give back real numbers to a few roundings, on any range', () => {
    const rng = seeded('reals');
    for (let i = 0; i < 3000; i++) {
      const [a, b] = [10 ** (rng.next() * 600 - 300), 10 ** (rng.next() * 600 - 300)];
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const log = searchSpace({ x: logUniform(low, high) });
      const x = log.decode(Float64Array.of(rng.next())).x;
      const back = log.decode(log.encode({ x })).x;
      // u itself is a float64: its rounding alone moves ln x by 2^-54 · ln(high/low).
      expect(Math.abs(back - x) / x).toBeLessThanOrEqual(2 ** -52 * (4 + Math.log(high) - Math.log(low)));
      const lin = searchSpace({ x: uniform(-low, high) });
      const y = lin.decode(Float64Array.of(rng.next())).x;
      expect(Math.abs(lin.decode(lin.encode({ x: y })).x - y)).toBeLessThanOrEqual(2 ** -51 * high);
    }
  });

  it('give back short decimals exactly on ordinary ranges', () => {
    const s = searchSpace({ a: uniform(-1000, 1000), b: logUniform(1e-6, 10), c: uniform(0, 1) });
    let exact = 0;
    for (let i = 1; i < 1000; i++) {
      const p = { a: i / 10, b: i / 1000, c: i / 1000 };
      const back = s.decode(s.encode(p));
      for (const name of ['a', 'b', 'c'] as const) exact += back[name] === p[name] ? 1 : 0;
    }
    expect(exact).toBe(3 * 999);
  });

  it('give back whole numbers exactly, up to ranges of 2^53', () => {
    const rng = seeded('integers');
    for (let i = 0; i < 3000; i++) {
      const size = Math.floor(2 ** (1 + rng.next() * 52));
      const low = Math.floor((rng.next() - 0.5) * Math.min(2 ** 52, 2 ** 53 - size));
      const s = searchSpace({ n: integer(low, low + size - 1) });
      for (const n of [low, low + size - 1, low + Math.floor(rng.next() * size)])
        expect(s.decode(s.encode({ n })).n).toBe(n);
      // On a logarithmic scale float64 coordinates are that dense up to about 2^44.
      const top = Math.floor(2 ** (1 + rng.next() * 43));
      const t = searchSpace({ n: logInteger(1, top) });
      for (const n of [1, top, Math.floor(1 + rng.next() * (top - 1))])
        expect(t.decode(t.encode({ n })).n).toBe(n);
    }
    const whole = searchSpace({ n: integer(-1, Number.MAX_SAFE_INTEGER - 1) });
    for (const n of [-1, 0, 12345, 2 ** 52, 2 ** 52 + 1, Number.MAX_SAFE_INTEGER - 1])
      expect(whole.decode(whole.encode({ n })).n).toBe(n);
  });

  it('decode any point to parameters that encode accepts', () => {
    const rng = seeded('points');
    for (let i = 0; i < 500; i++) {
      const point = Float64Array.from(space.columns, () => rng.next() * 1.2 - 0.1);
      const p = space.decode(point);
      expect(space.decode(space.encode(p))).toEqual({
        ...p,
        lr: expect.closeTo(p.lr, 14),
        dropout: expect.closeTo(p.dropout, 14),
      });
    }
    expect(() => space.decode(matrix(1, 3).data)).toThrow('7 coordinates, not 3');
  });

  it('decodes what is not a number to a valid value all the same', () => {
    const p = space.decode(new Float64Array(7).fill(Number.NaN));
    expect(p.lr).toBe(1e-5);
  });
});

describe('what is outside', () => {
  it.each([
    [{ lr: 3 }, 'lr is 3, outside [0.00001, 0.1]'],
    [{ lr: '0.01' }, 'lr is "0.01"'],
    [{ lr: Number.NaN }, 'lr is NaN'],
    [{ width: 64.5 }, 'width is 64.5, outside whole numbers in [16, 512]'],
    [{ width: 15 }, 'width is 15'],
    [{ width: 513 }, 'width is 513'],
    [{ batch: 48 }, 'batch is 48, outside 16 | 32 | 64'],
    [{ act: 'tanh' }, 'act is "tanh", outside "relu" | "gelu"'],
    [{ bias: 1 }, 'bias is 1, outside false | true'],
    [{ dropout: undefined }, 'dropout is undefined'],
    [{ depth: 3 }, 'depth is 3, outside the parameters lr,width'],
    [{ toString: 1 }, 'toString is 1'],
  ])('%o throws OutOfSpaceError', (wrong, message) => {
    const all = { ...params, ...wrong } as unknown as typeof params;
    expect(() => space.encode(all)).toThrow(OutOfSpaceError);
    expect(() => space.encode(all)).toThrow(message);
    expect(() => space.violation(all)).toThrow(OutOfSpaceError);
  });

  it('forgives the rounding of a short computation and no more', () => {
    const s = searchSpace({ x: uniform(0, 0.3), n: integer(0, 10) });
    expect(0.1 + 0.2).toBeGreaterThan(0.3);
    expect(s.decode(s.encode({ x: 0.1 + 0.2, n: 0.7 * 10 }))).toEqual({ x: 0.3, n: 7 });
    expect(() => s.encode({ x: 0.3 + 1e-12, n: 7 })).toThrow(OutOfSpaceError);
    expect(() => s.encode({ x: 0.3, n: 7 + 1e-12 })).toThrow(OutOfSpaceError);
  });

  it('never reads from a prototype', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'])
      expect(() => spaceOf(JSON.parse(`{"${name}":{"type":"int","low":0,"high":1}}`))).toThrow(
        expect.objectContaining({ name: 'InvalidArgumentError', argument: 'a parameter name', value: name }),
      );
    expect(() => space.encode(JSON.parse('{"__proto__":{"lr":1}}'))).toThrow('__proto__');
    expect(({} as { lr?: number }).lr).toBeUndefined();
  });
});
