import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { kendallTau } from './kendall-tau.ts';

describe('kendallTau', () => {
  it('is 1 for the same order, −1 for the opposite one, 0 without a pair', () => {
    expect(kendallTau([1, 2, 30], [-5, 0, 0.1])).toBe(1);
    expect(kendallTau([1, 2, 30], [3, 2, 1])).toBe(-1);
    expect(kendallTau([1], [2])).toBe(0);
    expect(kendallTau([], [])).toBe(0);
  });
  it('has the value of scipy.stats.kendalltau (1.17) without ties, and counts a tie as neither order', () => {
    expect(kendallTau([1, 2, 3, 4, 5, 6], [4, 1, 9, 36, 16, 25])).toBeCloseTo(0.6, 15);
    expect(kendallTau([1, 1, 2], [1, 2, 3])).toBeCloseTo(2 / 3, 15);
  });
  it('takes equal infinities for a tie, and NaN for a value in no order', () => {
    expect(kendallTau([1, 2, Infinity, Infinity], [4, 3, 2, 1])).toBeCloseTo(-5 / 6, 15);
    expect(kendallTau([-Infinity, -Infinity, 5, 6], [1, 2, 3, 0])).toBeCloseTo(-1 / 6, 15);
    expect(kendallTau([1, 2, Number.NaN], [3, 2, 1])).toBeCloseTo(-1 / 3, 15);
  });
  it('does not change with an increasing function, and turns its sign with −y', () => {
    const rng = seeded('pairs');
    const x = Float64Array.from({ length: 40 }, () => rng.next());
    const y = x.map((v) => v + rng.next());
    const tau = kendallTau(x, y);
    expect(tau).toBeGreaterThan(0.3);
    expect(kendallTau(x.map(Math.exp), y.map(Math.atan))).toBe(tau);
    expect(
      kendallTau(
        x,
        y.map((v) => -v),
      ),
    ).toBe(-tau);
  });
});
