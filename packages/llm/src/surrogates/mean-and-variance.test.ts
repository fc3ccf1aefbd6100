import { describe, expect, it } from 'vitest';
import { meanAndVariance } from './mean-and-variance.ts';

describe('meanAndVariance', () => {
  it.each([
    [[5], 5, 0],
    [[1, 3], 2, 1],
    // The variance of 1 to n is (n² − 1)/12.
    [[1, 2, 3, 4, 5, 6, 7], 4, 4],
    [[0.1, 0.1, 0.1], 0.1, 0],
  ])('of %j is %d and %d', (samples, mean, variance) => {
    const made = meanAndVariance(samples);
    expect(made.mean).toBeCloseTo(mean, 14);
    expect(made.variance).toBeCloseTo(variance, 14);
  });

  it.each([1e-150, 1e-30, 1, 1e30, 1e150])('grows with the square of the unit %d', (unit) => {
    const { mean, variance } = meanAndVariance([-1, 0, 2, 3].map((s) => s * unit));
    expect(mean / unit).toBeCloseTo(1, 12);
    expect(variance / unit / unit).toBeCloseTo(2.5, 12);
  });

  it('is finite at the ends of float64, and NaN for nothing', () => {
    expect(meanAndVariance([1.7e308, -1.7e308, 1.7e308])).toEqual({
      mean: expect.closeTo(1.7e308 / 3, -296) as number,
      variance: Number.MAX_VALUE,
    });
    expect(meanAndVariance([])).toEqual({ mean: Number.NaN, variance: Number.NaN });
  });
});
