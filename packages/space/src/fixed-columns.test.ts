import type { SearchSpace } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { categorical, fixedColumns, integer, logInteger, searchSpace, uniform } from './index.ts';

const space = searchSpace({
  width: integer(16, 512),
  units: logInteger(16, 1024),
  act: categorical('relu', 'gelu'),
  dropout: uniform(0, 1),
});

describe('fixed values', () => {
  it('are columns and coordinates to a sampler', () => {
    const fixed = fixedColumns(space, { width: 64, act: 'gelu' });
    expect(Array.from(fixed.mask)).toEqual([1, 0, 1, 0]);
    const p = space.decode(fixed.apply(new Float64Array(4)));
    expect([p.width, p.act, p.units]).toEqual([64, 'gelu', 16]);
    expect(Array.from(fixedColumns(space).mask)).toEqual([0, 0, 0, 0]);
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
