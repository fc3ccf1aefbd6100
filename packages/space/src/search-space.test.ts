import {
  InvalidArgumentError,
  matrix,
  OutOfSpaceError,
  type Params,
  type SearchSpace,
  seeded,
} from '@foothold/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  boolean,
  categorical,
  fixedColumns,
  integer,
  linear,
  logInteger,
  logUniform,
  ordinal,
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
    const s = searchSpace({ constructor: integer(0, 3), toString: integer(0, 3) } as never) as SearchSpace;
    expect(() => s.encode({})).toThrow('is undefined');
    expect(s.decode(s.encode({ constructor: 1, toString: 2 }))).toEqual({ constructor: 1, toString: 2 });
    expect(() => spaceOf(JSON.parse('{"__proto__":{"type":"int","low":0,"high":1}}'))).toThrow(
      InvalidArgumentError,
    );
    expect(() => space.encode(JSON.parse('{"__proto__":{"lr":1}}'))).toThrow('__proto__');
    expect(({} as { lr?: number }).lr).toBeUndefined();
  });
});

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

describe('fixed values', () => {
  it('are columns and coordinates to a sampler', () => {
    const fixed = fixedColumns(space, { width: 64, act: 'gelu' });
    expect(Array.from(fixed.mask)).toEqual([0, 1, 0, 0, 1, 0, 0]);
    const p = space.decode(fixed.apply(new Float64Array(7)));
    expect([p.width, p.act, p.units]).toEqual([64, 'gelu', 16]);
    expect(Array.from(fixedColumns(space).mask)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('are refused outside the space, and where another fixed value makes them inactive', () => {
    expect(() => fixedColumns(space, { width: 1 })).toThrow('width is 1');
    expect(() => fixedColumns(space, { wdith: 1 } as never)).toThrow('wdith is 1');
    const s = searchSpace({ o: categorical('a', 'b'), m: uniform(0, 1).when('o', 'a') });
    expect(Array.from(fixedColumns(s, { m: 0.25 }).point)).toEqual([Number.NaN, 0.25]);
    expect(() => fixedColumns(s, { o: 'b', m: 0.25 })).toThrow('only while o is "a"');
    const bare: SearchSpace = { columns: s.columns, encode: s.encode as never, decode: s.decode };
    expect(() => fixedColumns(bare, { m: 0.25 })).toThrow('the space does not support fixed values');
  });
});
