import { describe, expect, it } from 'vitest';
import { largestOf, smallestOf } from './extremes.ts';

describe('largestOf and smallestOf', () => {
  it('are what Math.max and Math.min give', () => {
    for (const values of [[], [3], [-0, 0], [2, -7, 5], [1, Number.NaN], [Infinity, -Infinity]]) {
      expect(largestOf(values)).toBe(Math.max(...values));
      expect(smallestOf(values)).toBe(Math.min(...values));
    }
  });

  it('take 200,000 values', () => {
    const values = Float64Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 200_000);
    expect([smallestOf(values), largestOf(values)]).toEqual([0, 199_999]);
  });
});
