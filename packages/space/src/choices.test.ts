import { OutOfSpaceError, type SearchSpace } from '@foothold/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { boolean, categorical, integer, searchSpace, spaceOf, uniform } from './index.ts';

describe('null as a choice', () => {
  const space = searchSpace({
    act: categorical('relu', null).default(null),
    slope: uniform(0, 1).when('act', null),
    width: integer(1, 4).when('act', 'relu'),
  });

  it('is a value like the others, in the types too', () => {
    type P = typeof space extends SearchSpace<infer T> ? T : never;
    expectTypeOf<P['act']>().toEqualTypeOf<'relu' | null>();
    expect(space.decode(space.encode({ act: null, slope: 0.5 }))).toEqual({ act: null, slope: 0.5 });
    expect(space.decode(space.encode({ act: 'relu', width: 2 }))).toEqual({ act: 'relu', width: 2 });
    expect(space.defaults).toEqual({ act: null });
    expect(space.coordinates({ act: null })[0]).toBe(0.75);
    expect(space.size).toBe(Infinity);
    expect(searchSpace({ act: categorical('relu', null), n: integer(1, 4).when('act', null) }).size).toBe(5);
  });

  it('decides conditions, and is not a missing value', () => {
    expect(() => space.encode({ act: null, width: 2 })).toThrow('slope is undefined');
    expect(() => space.encode({ act: null, slope: 0.5, width: 2 })).toThrow(
      'width is 2, outside nothing: it is active only while act is "relu"',
    );
    expect(() => space.encode({ slope: 0.5 } as never)).toThrow(OutOfSpaceError);
    expect(() => space.encode({ act: 'null' } as never)).toThrow('act is "null", outside "relu" | null');
  });

  it('stays in the JSON form', () => {
    const again = spaceOf(JSON.parse(JSON.stringify(space.description)));
    expect(again.description).toEqual(space.description);
    expect(again.decode(Float64Array.of(0.9, 0.25, 0))).toEqual({ act: null, slope: 0.25 });
  });
});

describe('choices in JSON', () => {
  it('has a type for booleans, which is the same as their two choices', () => {
    const flags = spaceOf({ a: { type: 'boolean' }, b: { type: 'categorical', choices: [true, false] } });
    expect(flags.description?.a).toEqual(searchSpace({ a: boolean() }).description?.a);
    expect(flags.decode(Float64Array.of(0.9, 0.9))).toEqual({ a: true, b: false });
    expect(spaceOf({ a: { type: 'boolean', default: true } }).defaults).toEqual({ a: true });
  });

  it('may be one alone, a constant', () => {
    const one = spaceOf({
      a: { type: 'categorical', choices: [null] },
      b: { type: 'ordinal', choices: [16] },
    });
    expect(one.size).toBe(1);
    expect(one.decode(Float64Array.of(0, 1))).toEqual({ a: null, b: 16 });
  });
});
