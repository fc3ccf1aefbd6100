import { describe, expect, it } from 'vitest';
import { matrix, matrixOf } from './matrix.ts';
import { outlierBound } from './outlier-bound.ts';
import { seeded } from './rng.ts';

/** Points spread over the unit square, the same for each n. */
const spread = (n: number, d = 2) => {
  const rng = seeded('spread');
  return matrixOf(
    Array.from({ length: n }, () => Float64Array.from({ length: d }, () => rng.next())),
    d,
  );
};
const boundOf = (...y: number[]) => outlierBound(Float64Array.from(y), spread(y.length));

describe('outlierBound', () => {
  it('F5: is the worst regular value beside penalties of 1e3 to 1e300, several levels too', () => {
    for (const penalty of [1e3, 1e6, 1e10, 1e30, 1e300, Number.MAX_VALUE])
      expect(boundOf(-penalty, -0.1, -0.7, -penalty, -0.3)).toBe(-0.7);
    expect(boundOf(-1e30, -0.1, -0.7, -1e3, -0.3, -1e300, -1e6)).toBe(-0.7);
  });

  it('asks for a gap of 100 after three regular values, and of 10,000 after two', () => {
    expect(boundOf(0, -0.5, -1, -100)).toBe(-1);
    expect(boundOf(0, -0.5, -1, -99.9)).toBeUndefined();
    expect(boundOf(0, -1, -10000)).toBe(-1);
    expect(boundOf(0, -1, -9999)).toBeUndefined();
  });

  it('takes nearly equal values for a plateau unless the others are large or all alike', () => {
    // 0.3 to a millionth, and a way down from 1.2: no outliers.
    expect(boundOf(-0.3, -0.3000001, -0.3000002, -0.5, -0.9, -1.2)).toBeUndefined();
    expect(boundOf(-0.3, -0.3000001, -0.3000002, -1e3, -1e6)).toBe(-0.3000002);
    // F5 from another origin.
    expect(boundOf(-12345.1, -12345.7, -12345.3, -13345, -13345)).toBe(-12345.7);
  });

  it('counts the gap from the best value, at any origin', () => {
    expect(boundOf(1000, 999.5, 999, 900)).toBe(999);
    expect(boundOf(1000, 999.5, 999, 901)).toBeUndefined();
  });

  it('never takes a good value for an outlier', () => {
    for (const gain of [1e3, 1e10, 1e300]) expect(boundOf(gain, 0.1, 0.2, 0.3, 0.4)).toBeUndefined();
  });

  it('has none among fewer than three values, equal values, two levels, or differences by rounding', () => {
    expect(boundOf()).toBeUndefined();
    expect(boundOf(-1)).toBeUndefined();
    expect(boundOf(-1, -1e300)).toBeUndefined();
    expect(boundOf(3, 3, 3, 3)).toBeUndefined();
    expect(boundOf(3, 3, 3, -1e9, -1e9)).toBeUndefined();
    expect(boundOf(0.3, 0.30000000000000004, 0.3, -5, -6)).toBeUndefined();
  });

  it('is undefined where the regular points are the cluster of a search that converges', () => {
    // A quadratic function: three points near the minimum, five anywhere.
    const near = [0.501, 0.5005, 0.502];
    const far = [0.05, 0.2, 0.35, 0.8, 0.95];
    const points = [...near, ...far];
    const y = Float64Array.from(points, (u) => -((u - 0.5) ** 2));
    expect(outlierBound(y, matrix(8, 1, Float64Array.from(points)))).toBeUndefined();
    // The same values at points that are spread: a jump.
    expect(outlierBound(y, spread(8))).toBe(y[2]);
  });

  it('passes over what is not finite', () => {
    expect(boundOf(Number.NaN, 0, -0.5, -Infinity, -1, -100, Infinity)).toBe(-1);
  });

  it('does not depend on the order of the rows, the scale or the sign of zero, 300 random histories', () => {
    let found = 0;
    for (let h = 0; h < 300; h++) {
      const rng = seeded('histories').fork(h);
      const n = 3 + Math.floor(rng.next() * 20);
      const x = matrixOf(Array.from({ length: n }, () => Float64Array.of(rng.next(), rng.next())));
      const y = Float64Array.from({ length: n }, () =>
        rng.next() < 0.4 ? -(10 ** (6 * rng.next())) : -rng.next(),
      );
      const bound = outlierBound(y, x);
      if (bound !== undefined) found++;
      const order = Array.from(y.keys()).sort((a, b) => y[b]! - y[a]!);
      const shuffled = matrixOf(order.map((i) => x.data.slice(2 * i, 2 * i + 2)));
      expect(
        outlierBound(
          Float64Array.from(order, (i) => y[i]!),
          shuffled,
        ),
      ).toBe(bound);
      for (const scale of [2 ** -900, 2 ** 900])
        expect(
          outlierBound(
            y.map((v) => v * scale),
            x,
          ),
        ).toBe(bound === undefined ? undefined : bound * scale);
    }
    expect(found).toBeGreaterThan(50);
    expect(found).toBeLessThan(250);
  });

  it('is by chance defined for at most one in a thousand sets of values of one smooth density', () => {
    let found = 0;
    for (let h = 0; h < 3000; h++) {
      const rng = seeded('uniform').fork(h);
      const n = 3 + Math.floor(rng.next() * 10);
      if (
        outlierBound(
          Float64Array.from({ length: n }, () => rng.next()),
          spread(n),
        ) !== undefined
      )
        found++;
    }
    expect(found).toBeLessThanOrEqual(3);
  });
});
