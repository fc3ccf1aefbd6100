import { describe, expect, it } from 'vitest';
import { averageRegrets, normalizedRegrets, rangeOf } from './regret.ts';

describe('normalized regret', () => {
  it('is the distance of the best so far to the best of all, in units of the range', () => {
    const range = rangeOf([0.5, 0.9, Number.NaN, 0.7], 'maximize')!;
    expect(range).toEqual({ best: 0.9, worst: 0.5 });
    const regrets = normalizedRegrets([0.6, 0.5, 0.8, 0.9, 0.7], { range, direction: 'maximize' });
    [0.75, 0.75, 0.25, 0, 0].forEach((expected, k) => {
      expect(regrets[k]).toBeCloseTo(expected, 12);
    });
  });
  it('is the same for losses with the other sign, at any scale', () => {
    const values = [3, -2, 7, -2.5, -9];
    const maximized = normalizedRegrets(values, {
      range: rangeOf(values, 'maximize')!,
      direction: 'maximize',
    });
    const losses = values.map((value) => -1e6 * value + 5e6);
    const minimized = normalizedRegrets(losses, {
      range: rangeOf(losses, 'minimize')!,
      direction: 'minimize',
    });
    maximized.forEach((regret, k) => {
      expect(minimized[k]).toBeCloseTo(regret, 9);
    });
    expect(maximized.at(-1)).toBe(0);
  });
  it('is 1 before the first value, and 0 on a constant task', () => {
    const range = { best: 1, worst: 1 };
    expect(normalizedRegrets([Number.NaN, 1], { range, direction: 'minimize' })).toEqual([1, 0]);
    expect(rangeOf([Number.NaN], 'minimize')).toBeUndefined();
  });
});

it('averages over searches with the standard error of the mean', () => {
  const [first, second] = averageRegrets([
    [1, 0.2],
    [0.5, 0.2],
  ]);
  expect(first).toEqual({ mean: 0.75, standardError: 0.25, searches: 2 });
  expect(second).toMatchObject({ mean: 0.2, standardError: 0 });
  expect(averageRegrets([[1]])[0]!.standardError).toBeNaN();
});
