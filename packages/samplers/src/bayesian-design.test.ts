import { describe, expect, it } from 'vitest';
import { designSize } from './bayesian-design.ts';

describe('designSize', () => {
  it('grows with the columns, and takes at most a fifth of a known budget, from 3 on', () => {
    expect([1, 6, 7, 12, 30].map((columns) => designSize(columns))).toEqual([5, 5, 6, 8, 10]);
    expect([5, 10, 15, 20, 21, 30, 500].map((budget) => designSize(7, budget))).toEqual([
      3, 3, 3, 4, 5, 6, 6,
    ]);
    expect(designSize(30, 60)).toBe(10);
  });
});
