import { InvalidArgumentError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { bestProbability, candidateRows } from './best-row.ts';
import { curveDegree } from './curve-degree.ts';
import { gaussianFilter } from './gaussian-filter.ts';
import { scoreUnits } from './score-units.ts';
import { syntheticScores } from './synthetic-scores.ts';

describe('curve degree', () => {
  const sampled = (f: (x: number) => number) => Array.from({ length: 101 }, (_, i) => f(i / 50 - 1));
  it.each([
    ['a constant', () => 3, 0],
    ['a line', (x: number) => x, 1],
    ['a parabola', (x: number) => x * x, 2],
    ['a cubic with two extrema', (x: number) => 4 * x ** 3 - 3 * x, 3],
    ['a monotone cubic', (x: number) => x ** 3, 1],
    ['five half waves', (x: number) => Math.cos(5 * Math.acos(x)), 5],
  ])('of %s is its number of monotone pieces', (_, f, degree) => {
    expect(curveDegree(sampled(f))).toBe(degree);
    expect(curveDegree(sampled((x) => -10 * f(x) + 2))).toBe(degree);
  });
  it('ignores ripples below the tolerance', () => {
    const rippled = sampled((x) => x + 0.03 * Math.sin(60 * x));
    expect(curveDegree(rippled)).toBe(1);
    expect(curveDegree(rippled, 0)).toBeGreaterThan(10);
  });
});

describe('Gaussian filter', () => {
  it('leaves constants alone, is symmetric inside and mirrors at the ends', () => {
    const n = 30;
    const f = gaussianFilter(n, 2);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) {
        sum += f[i * n + k]!;
        expect(f[i * n + k]).toBeCloseTo(f[(n - 1 - i) * n + (n - 1 - k)]!, 14);
      }
      expect(sum).toBeCloseTo(1, 13);
    }
    // Row 0 sees itself and its mirror image: weights w_0 + w_1.
    const w = (k: number) => f[15 * n + 15 + k]!;
    expect(f[0]).toBeCloseTo(w(0) + w(1), 14);
    expect(f[1]).toBeCloseTo(w(1) + w(2), 14);
  });
  it('equals scipy.ndimage.gaussian_filter1d([0,0,1,0,0,0,2,0,0,3], 1.3)', () => {
    const x = [0, 0, 1, 0, 0, 0, 2, 0, 0, 3];
    const f = gaussianFilter(10, 1.3);
    const y = x.map((_, i) => x.reduce((s, v, k) => s + f[i * 10 + k]! * v, 0));
    const recorded = [
      0.11538320696575155, 0.2313634265285311, 0.31246871869654874, 0.27110348437129184, 0.2824916082322448,
      0.4866448078793113, 0.6887837004416482, 0.8029144882692028, 1.1551195213857302, 1.6537270372297397,
    ];
    recorded.forEach((v, i) => {
      expect(y[i]).toBeCloseTo(v, 12);
    });
  });
});

describe('score units', () => {
  it('scale with the scores, group by group', () => {
    const shares = [
      [0.8, 0.82],
      [0.5, 0.56],
    ];
    const plain = scoreUnits(shares, [1, 1]);
    const percent = scoreUnits(
      shares.map((v) => v.map((x) => 100 * x)),
      [1, 1],
    );
    percent.unit.forEach((u, j) => {
      expect(u / plain.unit[j]!).toBeCloseTo(100, 10);
    });
    const mixed = scoreUnits([...shares, [1500, 1600], [-3, 2]], [1, 1, 1, 1]);
    expect(mixed.unit[0]).toBeCloseTo(plain.unit[0]!, 12);
    expect(mixed.unit[2]! / mixed.unit[3]!).toBeGreaterThan(100);
  });
  it('gives a proportion near 1 a smaller unit than one near ½', () => {
    const { unit } = scoreUnits(
      [
        [0.98, 0.99],
        [0.49, 0.52],
      ],
      [1, 1],
    );
    expect(unit[0]!).toBeLessThan(unit[1]! / 2);
  });
  it('stay positive and finite for constant, single and missing scores', () => {
    for (const values of [
      [[1, 1], [2]],
      [[], []],
      [[0], [0, 0]],
      [[1e300, -1e300], [5]],
    ])
      for (const u of scoreUnits(values, [1, 1]).unit) {
        expect(u).toBeGreaterThan(0);
        expect(Number.isFinite(u)).toBe(true);
      }
  });
});

describe('probability of being best', () => {
  it('equals Φ(Δ/σ) for two rows', () => {
    const belief = { mean: Float64Array.of(0.1, 0), covariance: Float64Array.of(0.02, 0.01, 0.01, 0.01) };
    // Difference: mean 0.1, variance 0.02 − 2·0.01 + 0.01 = 0.01.
    const { best, within } = bestProbability(belief, { tolerance: 0, samples: 20_000 });
    expect(Math.abs(best[0]! - 0.8413447460685429)).toBeLessThan(0.01);
    expect(best[0]! + best[1]!).toBeCloseTo(1, 10);
    expect(within).toBeCloseTo(best[0]!, 10);
  });
  it('shrugs at an offset that all rows share', () => {
    const covariance = Float64Array.of(1e6 + 0.02, 1e6 + 0.01, 1e6 + 0.01, 1e6 + 0.01);
    const { best } = bestProbability(
      { mean: Float64Array.of(0.1, 0), covariance },
      { tolerance: 0, samples: 20_000 },
    );
    expect(Math.abs(best[0]! - 0.8413447460685429)).toBeLessThan(0.01);
  });
  it('names as contenders only what may still win, the leader first', () => {
    const n = 4;
    const covariance = new Float64Array(n * n);
    [0.01, 0.01, 0.01, 4].forEach((v, i) => {
      covariance[i * n + i] = v;
    });
    expect([...candidateRows({ mean: Float64Array.of(0, 1, 0.8, -3), covariance })]).toEqual([1, 3, 2]);
  });
});

describe('synthetic scores', () => {
  it('are learning curves in [0, 1] that a seed repeats', () => {
    const a = syntheticScores({ rows: 40, columns: 30, seed: 5 });
    expect(syntheticScores({ rows: 40, columns: 30, seed: 5 })).toEqual(a);
    expect(a.scores.data.every((v) => v >= 0 && v <= 1)).toBe(true);
    const mean = Array.from(
      { length: 40 },
      (_, i) => a.scores.data.slice(i * 30, (i + 1) * 30).reduce((s, v) => s + v, 0) / 30,
    );
    const best = mean.indexOf(Math.max(...mean));
    // They rise, and overfit in the end.
    expect(best).toBeGreaterThan(4);
    expect(best).toBeLessThan(36);
    expect(() => syntheticScores({ rows: 1, columns: 3, seed: 0 })).toThrow(InvalidArgumentError);
  });
});
