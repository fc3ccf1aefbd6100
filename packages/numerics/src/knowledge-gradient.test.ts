import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { expectedExcess, knowledgeGradient, knowledgeGradientDerivatives } from './knowledge-gradient.ts';
import { normalCdf, normalPdf, standardNormal } from './normal.ts';

/** E max(μ + sZ) − max μ by the trapezoid rule over ±12 standard deviations. */
function byQuadrature(mean: readonly number[], slope: readonly number[]): number {
  const steps = 200_000;
  const width = 24 / steps;
  let sum = 0;
  for (let k = 0; k <= steps; k++) {
    const z = -12 + k * width;
    let top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < mean.length; i++) top = Math.max(top, mean[i]! + slope[i]! * z);
    sum += (k === 0 || k === steps ? 0.5 : 1) * width * normalPdf(z) * top;
  }
  return sum - Math.max(...mean);
}

describe('knowledge gradient', () => {
  it.each([2, 3, 8, 40])('equals quadrature for %i random lines', (n) => {
    const rng = seeded(n);
    for (let trial = 0; trial < 5; trial++) {
      const mean = Array.from({ length: n }, () => standardNormal(rng));
      const slope = Array.from({ length: n }, () => standardNormal(rng));
      // The quadrature's kinks cost about width² / 12 each.
      expect(Math.abs(knowledgeGradient(mean, slope) - byQuadrature(mean, slope))).toBeLessThan(n * 1e-8);
    }
  });

  it('is σ·φ(0) for two equal means', () => {
    expect(knowledgeGradient([1, 1], [0, 2])).toBeCloseTo(2 / Math.sqrt(2 * Math.PI), 14);
  });

  it('is zero when all rows move together, and with a single row', () => {
    expect(knowledgeGradient([0, 1, 2], [3, 3, 3])).toBe(0);
    expect(knowledgeGradient([0], [3])).toBe(0);
  });

  it('handles equal slopes, duplicates and repeated lines', () => {
    const gain = knowledgeGradient([0, 0, -1, 0, -2], [1, 1, 1, -1, -1]);
    expect(gain).toBeCloseTo(2 / Math.sqrt(2 * Math.PI), 14);
  });

  it('ignores a common shift and a common slope, scales with the units and is never negative', () => {
    const rng = seeded('invariance');
    for (let trial = 0; trial < 50; trial++) {
      const mean = Array.from({ length: 6 }, () => standardNormal(rng));
      const slope = Array.from({ length: 6 }, () => 0.3 * standardNormal(rng));
      const gain = knowledgeGradient(mean, slope);
      expect(gain).toBeGreaterThanOrEqual(0);
      const moved = knowledgeGradient(
        mean.map((v) => v + 3),
        slope.map((v) => v - 2),
      );
      expect(Math.abs(moved - gain)).toBeLessThan(1e-13);
      const scaled = knowledgeGradient(
        mean.map((v) => v * 7),
        slope.map((v) => v * 7),
      );
      expect(Math.abs(scaled - 7 * gain)).toBeLessThan(1e-13);
    }
  });

  it.each([2, 3, 8, 40])('has the derivatives of central differences, for %i random lines', (n) => {
    const rng = seeded(`derivatives ${n}`);
    for (let trial = 0; trial < 5; trial++) {
      const mean = Float64Array.from({ length: n }, () => standardNormal(rng));
      const slope = Float64Array.from({ length: n }, () => standardNormal(rng));
      const { value, dMean, dSlope } = knowledgeGradientDerivatives(mean, slope);
      expect(value).toBe(knowledgeGradient(mean, slope));
      const h = 1e-5;
      for (let i = 0; i < n; i++)
        for (const [at, told] of [
          [mean, dMean],
          [slope, dSlope],
        ] as const) {
          const moved = (by: number) => {
            const next = at.slice();
            next[i]! += by;
            return at === mean ? knowledgeGradient(next, slope) : knowledgeGradient(mean, next);
          };
          expect(Math.abs(told[i]! - (moved(h) - moved(-h)) / (2 * h))).toBeLessThan(2e-5);
        }
    }
  });

  it('keeps its derivatives relative to a small gain: of an unlikely winner Φ(−z) and φ(z)', () => {
    const { value, dMean, dSlope } = knowledgeGradientDerivatives([0, -3], [0, 0.5]);
    expect(value).toBeCloseTo(0.5 * expectedExcess(6), 15);
    expect([...dMean]).toEqual([-normalCdf(-6), normalCdf(-6)]);
    expect([...dSlope]).toEqual([-normalPdf(6), normalPdf(6)]);
  });

  it('has an excess that equals φ(z) − z·(1 − Φ(z)) where that does not cancel, and falls smoothly beyond', () => {
    for (let z = 0; z <= 4; z += 0.01) {
      const direct = normalPdf(z) - z * normalCdf(-z);
      expect(Math.abs(expectedExcess(z) / direct - 1)).toBeLessThan(1e-9);
    }
    // φ(z)/z²·(1 − 3/z² + 15/z⁴ …) brackets it from both sides.
    for (const z of [6, 7, 8.9]) {
      const lead = normalPdf(z) / (z * z);
      expect(expectedExcess(z)).toBeLessThan(lead * (1 - 3 / z ** 2 + 15 / z ** 4));
      expect(expectedExcess(z)).toBeGreaterThan(lead * (1 - 3 / z ** 2));
    }
  });
});
