import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { isotonicRegression } from './isotonic-regression.ts';

/** The max-min formula of Barlow et al. 1972: another way to the same function, for distinct inputs in order. */
function maxMin(y: readonly number[]): readonly number[] {
  const mean = (from: number, to: number) =>
    y.slice(from, to + 1).reduce((sum, v) => sum + v, 0) / (to + 1 - from);
  return y.map((_, i) =>
    Math.max(
      ...Array.from({ length: i + 1 }, (_, j) =>
        Math.min(...Array.from({ length: y.length - i }, (_, k) => mean(j, i + k))),
      ),
    ),
  );
}

describe('isotonicRegression', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'equals the max-min formula, also for ties of values (seed %i)',
    (seed) => {
      const rng = seeded(`isotonic ${seed}`);
      const n = 1 + Math.floor(25 * rng.next());
      const levels = seed % 2 === 0 ? 4 : 1e6;
      const x = Array.from({ length: n }, (_, i) => i + 0.9 * rng.next());
      const y = x.map(() => Math.floor(levels * rng.next()) - levels / 2);
      const slow = maxMin(y);
      const order = [...x.keys()].sort((i, j) => ((i * 7) % n) - ((j * 7) % n));
      const fit = isotonicRegression(
        order.map((i) => x[i]!),
        order.map((i) => y[i]!),
      )!;
      x.forEach((input, i) => {
        expect(Math.abs(fit(input) - slow[i]!)).toBeLessThan(1e-12 * levels);
      });
    },
  );

  it('leaves increasing points as they are, is linear between them and constant outside', () => {
    const fit = isotonicRegression([2, 0, 1], [5, 1, 2])!;
    expect([-9, 0, 0.25, 1, 1.5, 2, 99].map(fit)).toEqual([1, 1, 1.25, 2, 3.5, 5, 5]);
  });

  it('takes equal inputs as one, with their mean', () => {
    const fit = isotonicRegression([1, 1, 2, 1], [0, 3, 4, 6])!;
    expect(fit(1)).toBe(3);
    expect(fit(2)).toBe(4);
  });

  it('is constant where the points fall', () => {
    const fit = isotonicRegression([1, 2, 3], [9, 6, 0])!;
    expect([0, 1, 2.5, 3].map(fit)).toEqual([5, 5, 5, 5]);
  });

  it('never falls, whatever the points', () => {
    const rng = seeded('falls');
    const x = Array.from({ length: 60 }, () => Math.round(20 * rng.next()));
    const fit = isotonicRegression(
      x,
      x.map(() => rng.next()),
    )!;
    const values = Array.from({ length: 200 }, (_, i) => fit(i / 8 - 2));
    values.slice(1).forEach((v, i) => {
      expect(v).toBeGreaterThanOrEqual(values[i]!);
    });
  });

  it('is nothing without a point', () => expect(isotonicRegression([], [])).toBeUndefined());
});
