import { seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { unrelatedShare } from './unrelated-share.ts';

it('is twice the probability of a negative correlation, by the rule of succession', () => {
  expect(unrelatedShare([0.5, 0.7, 0.6, 0.9])).toBeCloseTo(2 / 6, 14);
  expect(unrelatedShare([0.5, -0.1, 0.6, 0.9, 0.8, 0.4])).toBeCloseTo(4 / 8, 14);
});

it('is never certain', () => {
  expect(unrelatedShare([-1, -1, -1, -1])).toBeCloseTo(5 / 6, 14);
  expect(unrelatedShare([])).toBeLessThan(1);
});

it('counts a source that is constant as unrelated, and one without a correlation as related', () => {
  expect(unrelatedShare([0, 0.5, 0.5, 0.5])).toBe(unrelatedShare([-0.5, 0.5, 0.5, 0.5]));
  expect(unrelatedShare([undefined, 0.5, 0.5, 0.5])).toBe(unrelatedShare([0.5, 0.5, 0.5, 0.5]));
});

it('estimates the share of tasks whose correlation has a random sign', () => {
  const rng = seeded('unrelated tasks');
  const tasks = 2000;
  for (const share of [0, 0.3, 0.6]) {
    const correlations = Array.from({ length: tasks }, (_, k) =>
      k < share * tasks ? rng.next() - 0.5 : 0.2 + 0.6 * rng.next(),
    );
    // Four standard errors of twice a share of negative ones.
    expect(Math.abs(unrelatedShare(correlations) - share)).toBeLessThan(0.002 + 4 * Math.sqrt(share / tasks));
  }
});
