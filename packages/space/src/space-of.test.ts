import { InvalidArgumentError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import {
  boolean,
  categorical,
  integer,
  linear,
  logInteger,
  logUniform,
  ordinal,
  searchSpace,
  spaceOf,
  uniform,
} from './index.ts';

const space = searchSpace(
  {
    lr: logUniform(1e-4, 1e-1).default(1e-2),
    layers: integer(1, 5),
    units: logInteger(16, 512),
    act: categorical('relu', 'gelu', 3, true),
    batch: ordinal(16, 32, 64).default(32),
    optimizer: categorical('sgd', 'adam'),
    momentum: uniform(0, 1).when('optimizer', 'sgd'),
    bias: boolean(),
  },
  { constraints: [linear({ layers: 100, units: 1 }, { atMost: 600 })] },
);

describe('spaceOf', () => {
  it('reads the space of the line protocol', () => {
    const s = spaceOf(
      JSON.parse(
        '{"lr":{"type":"real","low":1e-4,"high":1e-1,"log":true},"layers":{"type":"int","low":1,"high":5},"units":{"type":"int","low":16,"high":512,"log":true},"act":{"type":"categorical","choices":["relu","gelu"]},"batch":{"type":"ordinal","choices":[16,32,64]},"momentum":{"type":"real","low":0,"high":1,"when":{"act":["gelu"]}}}',
      ),
    );
    expect(s.columns).toEqual([
      { kind: 'continuous', name: 'lr' },
      { kind: 'ordinal', name: 'layers', levels: 5 },
      { kind: 'ordinal', name: 'units', levels: 497, logFrom: 16 },
      { kind: 'categorical', name: 'act', levels: 2 },
      { kind: 'ordinal', name: 'batch', levels: 3 },
      { kind: 'continuous', name: 'momentum' },
    ]);
    expect(s.decode(new Float64Array(6))).toEqual({ lr: 1e-4, layers: 1, units: 16, act: 'relu', batch: 16 });
  });

  it('makes the same space again from its description, through text', () => {
    const again = spaceOf(JSON.parse(JSON.stringify(space.description)));
    expect(again.description).toEqual(space.description);
    expect(again.columns).toEqual(space.columns);
    expect(again.defaults).toEqual({ lr: 1e-2, batch: 32 });
    expect(again.size).toBe(space.size);
    expect(again.features).toEqual(['conditional', 'input-constraints']);
    const p = {
      lr: 0.05,
      layers: 2,
      units: 40,
      act: 3,
      batch: 64,
      optimizer: 'sgd',
      momentum: 0.5,
      bias: true,
    };
    expect(again.encode(p)).toEqual(space.encode(p as never));
    expect(again.violation({ ...p, layers: 5, units: 101 })).toContain('is 601');
  });

  it.each([
    [null, 'the space is null'],
    [[], 'the space'],
    [{}, 'at least one parameter'],
    [{ a: 3 }, 'a is 3, allowed is an object with a type'],
    [{ a: { type: 'float', low: 0, high: 1 } }, 'a.type is "float", allowed is "real" | "int"'],
    [{ a: { low: 0, high: 1 } }, 'a.type is undefined'],
    [{ a: { type: 'real', low: 0 } }, 'a.high is undefined, allowed is a finite number'],
    [{ a: { type: 'real', low: Number.NaN, high: 1 } }, 'a.low is NaN'],
    [{ a: { type: 'real', low: 0, high: Infinity } }, 'a.high is Infinity'],
    [{ a: { type: 'real', low: 2, high: 1 } }, 'a.low is 2, allowed is a number up to high, 1'],
    [{ a: { type: 'real', low: 0, high: 1, log: true } }, 'a.low is 0, allowed is above 0 on a logarithmic'],
    [{ a: { type: 'int', low: 0, high: 9, log: true } }, 'a.low is 0, allowed is at least 1'],
    [{ a: { type: 'int', low: 0.5, high: 9 } }, 'a.low is 0.5, allowed is a whole number'],
    [{ a: { type: 'int', low: 0, high: 2 ** 53 } }, 'a.high'],
    [{ a: { type: 'int', low: -(2 ** 52), high: 2 ** 52 } }, 'less than 2^53 above low'],
    [{ a: { type: 'real', low: '0', high: 1 } }, 'a.low is "0"'],
    [{ a: { type: 'real', low: 0, high: 1, log: 'yes' } }, 'a.log is "yes"'],
    [
      { a: { type: 'real', low: 0, high: 1, lgo: true } },
      'a.lgo is true, allowed is one of the fields type, low',
    ],
    [{ a: { type: 'categorical', choices: [] } }, 'a.choices is []'],
    [{ a: { type: 'categorical' } }, 'a.choices is undefined'],
    [{ a: { type: 'categorical', choices: ['x', 'x'] } }, 'a.choices is "x", allowed is each choice once'],
    [{ a: { type: 'categorical', choices: [false, undefined] } }, 'a.choices is undefined'],
    [
      { a: { type: 'categorical', choices: [[64, 32], [64]] } },
      'a.choices is [64,32], allowed is strings, finite numbers, true, false and null; write a list',
    ],
    [{ a: { type: 'categorical', choices: [{ b: 1 }] } }, 'a.choices is {"b":1}, allowed is strings'],
    [
      { a: { type: 'categorical', choices: [null, 'x', null] } },
      'a.choices is null, allowed is each choice once',
    ],
    [{ a: { type: 'ordinal', choices: [1, null] } }, 'numbers and strings'],
    [
      { a: { type: 'boolean', choices: [true] } },
      'a.choices is [true], allowed is one of the fields type, default',
    ],
    [{ a: { type: 'boolean', default: 1 } }, 'a.default is 1, allowed is false | true'],
    [{ a: { type: 'categorical', choices: [0, false, false] } }, 'a.choices is false'],
    [{ a: { type: 'ordinal', choices: [1, Number.NaN] } }, 'a.choices is NaN'],
    [{ a: { type: 'ordinal', choices: [1, true] } }, 'numbers and strings'],
    [{ a: { type: 'real', low: 0, high: 1, default: 2 } }, 'a.default is 2, allowed is [0, 1]'],
    [{ a: { type: 'real', low: 0, high: 1, default: {} } }, 'a.default'],
    [{ a: { type: 'real', low: 0, high: 1, when: { b: [1] } } }, 'a.when.b'],
    [{ a: { type: 'real', low: 0, high: 1, when: { a: [1] } } }, 'a.when.a'],
    [{ a: { type: 'real', low: 0, high: 1, when: [] } }, 'a.when'],
    [
      { a: { type: 'int', low: 0, high: 1 }, b: { type: 'int', low: 0, high: 1, when: { a: [] } } },
      'b.when.a is []',
    ],
    [{ $a: { type: 'int', low: 0, high: 1 } }, 'a parameter name is "$a"'],
    [{ '': { type: 'int', low: 0, high: 1 } }, 'a parameter name is ""'],
    [{ a: { type: 'int', low: 0, high: 1 }, $constraints: 3 }, '$constraints is 3'],
    [{ a: { type: 'int', low: 0, high: 1 }, $constraints: [null] }, 'constraint 0 is null'],
    [
      { a: { type: 'int', low: 0, high: 1 }, $constraints: [{ type: 'linear', terms: { b: 1 }, atMost: 1 }] },
      'term is "b"',
    ],
  ])('%j throws InvalidArgumentError', (description, message) => {
    expect(() => spaceOf(description)).toThrow(InvalidArgumentError);
    expect(() => spaceOf(description)).toThrow(message);
  });

  it('takes nothing from a prototype', () => {
    const a = Object.assign(Object.create({ high: 1 }), { type: 'real', low: 0 });
    expect(() => spaceOf({ a })).toThrow('a.high is undefined');
  });
});
