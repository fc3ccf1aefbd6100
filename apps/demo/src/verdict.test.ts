import type { Trial } from 'foothold';
import { describe, expect, it } from 'vitest';
import { type Comparison, type Settings, stockSettings } from './tuning.ts';
import { trialsToReach, verdict } from './verdict.ts';

const trials = (...values: readonly number[]): Trial<Settings>[] =>
  values.map((value, number) => ({
    ...{ number, params: stockSettings, reports: [], state: 'complete' as const, value },
  }));
const comparison: Comparison = {
  stock: trials(0.1),
  random: trials(0.3, 0.09, 0.2),
  cold: trials(0.2, 0.06, 0.07),
  small: trials(0.2, 0.15),
  large: trials(0.065, 0.06, 0.05),
};

describe('the sentence of the first run', () => {
  it('counts the full trainings until the cold start is reached, equal values included', () => {
    expect(trialsToReach(comparison.large, 0.06)).toBe(2);
    expect(trialsToReach(comparison.large, 0.049)).toBeUndefined();
    const newDigits = { stock: 0.1, random: 0.0909, cold: 0.0625, large: 0.05 };
    expect(verdict(comparison, newDigits)).toBe(
      'The stock settings misread one new digit in 10, random search one new digit in 11, the tuned ones one new digit in 20; and after a small network, 2 full trainings were as good as 3 from a cold start.',
    );
  });
  it('says so where the cold start was not reached, and where tuning was worth nothing', () => {
    const newDigits = { stock: 0.1, random: 0.0909, cold: 0.0625, large: 0.0667 };
    expect(verdict({ ...comparison, large: trials(0.065) }, newDigits)).toContain(
      '1 full training misread 6.5 % where 3 from a cold start misread 6.0 %',
    );
    expect(verdict(comparison, { ...newDigits, large: 0.125 })).toBe(
      '3 trainings were too few: the stock settings misread one new digit in 10, the tuned ones one new digit in 8.',
    );
  });
});
