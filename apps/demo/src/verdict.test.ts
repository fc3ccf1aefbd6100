import type { Trial } from 'foothold';
import { describe, expect, it } from 'vitest';
import { type Comparison, type Settings, stockSettings } from './tuning.ts';
import { bestOf, trialsToReach, verdict } from './verdict.ts';

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
      'The stock settings misread 10.0 % of new digits, those of random search 9.1 %, the tuned ones 5.0 %; and with a small network first, 2 full trainings were as good as 3 from a cold start.',
    );
  });
  it('says so where random search was worth nothing', () => {
    const newDigits = { stock: 0.1, random: 0.1, cold: 0.0625, large: 0.05 };
    expect(verdict({ ...comparison, random: trials(0.1, 0.3) }, newDigits)).toContain(
      'The stock settings misread 10.0 % of new digits, random search found none better, the tuned ones misread 5.0 %; and',
    );
  });
  it('says so where the cold start was not reached, and where tuning was worth nothing', () => {
    const newDigits = { stock: 0.1, random: 0.0909, cold: 0.0625, large: 0.0667 };
    expect(verdict({ ...comparison, large: trials(0.065) }, newDigits)).toContain(
      '1 full training misread 6.5 % where 3 from a cold start misread 6.0 %',
    );
    expect(verdict(comparison, { ...newDigits, large: 0.125 })).toBe(
      '3 trainings were too few: the stock settings misread 10.0 % of new digits, the tuned ones 12.5 %.',
    );
  });
  it('knows the stock settings on every stage of the network itself, not on the small one', () => {
    const poor = { ...comparison, random: trials(0.3, 0.2), large: trials(0.11) };
    expect(bestOf(poor, 'random').value).toBe(0.1);
    expect(bestOf(poor, 'large').value).toBe(0.1);
    expect(bestOf(poor, 'small').value).toBe(0.15);
  });
});
