import { seeded } from '@foothold/core';
import { hypervolume, nonDominatedBoxes, standardNormal } from '@foothold/numerics';
import { describe, expect, it } from 'vitest';
import { logHypervolumeImprovement } from './log-hypervolume-improvement.ts';
import { edgeAt, infiniteEdge, intervalImprovement } from './log-interval-improvement.ts';

const front = [Float64Array.of(0.1, 1.2), Float64Array.of(0.6, 0.7), Float64Array.of(1.1, 0.2)];
const reference = Float64Array.of(0, 0);
const formula = logHypervolumeImprovement(nonDominatedBoxes(front, reference), 2);

/** The expectation by the midpoint rule over ±8 standard deviations of both objectives, with the hypervolume itself. */
function byQuadrature(mean: Float64Array, sigma: Float64Array, steps = 200): number {
  const before = hypervolume(front, reference);
  const h = 16 / steps;
  let sum = 0;
  for (let a = 0; a < steps; a++)
    for (let b = 0; b < steps; b++) {
      const z = [-8 + (a + 0.5) * h, -8 + (b + 0.5) * h];
      const point = Float64Array.from(mean, (u, j) => u + sigma[j]! * z[j]!);
      const weight = Math.exp(-0.5 * (z[0]! ** 2 + z[1]! ** 2)) / (2 * Math.PI);
      sum += weight * (hypervolume([...front, point], reference) - before) * h * h;
    }
  return sum;
}

function expectGradient(
  of: typeof formula,
  mean: Float64Array,
  standardDeviation: Float64Array,
  tolerance = 1e-5,
) {
  const told = of(mean, standardDeviation);
  const h = 1e-5;
  const moved = (a: Float64Array, j: number, by: number) => a.map((v, i) => (i === j ? v + by : v));
  for (let j = 0; j < mean.length; j++) {
    const step = h * standardDeviation[j]!;
    const byMean =
      (of(moved(mean, j, step), standardDeviation).value -
        of(moved(mean, j, -step), standardDeviation).value) /
      (2 * step);
    const bySigma =
      (of(mean, moved(standardDeviation, j, step)).value -
        of(mean, moved(standardDeviation, j, -step)).value) /
      (2 * step);
    expect(Math.abs(told.dMean[j]! - byMean)).toBeLessThan(tolerance * (1 + Math.abs(byMean)));
    expect(Math.abs(told.dStandardDeviation[j]! - bySigma)).toBeLessThan(tolerance * (1 + Math.abs(bySigma)));
  }
}

describe('log expected hypervolume improvement', () => {
  it.each([
    [0.5, 0.5, 0.3, 0.4],
    [1.2, 1.2, 0.2, 0.1],
    [-0.2, 0.4, 0.5, 0.05],
  ])('is that of quadrature at means %d, %d and standard deviations %d, %d', (a, b, s, t) => {
    const exact = byQuadrature(Float64Array.of(a, b), Float64Array.of(s, t));
    const told = formula(Float64Array.of(a, b), Float64Array.of(s, t)).value;
    expect(Math.exp(told) / exact).toBeCloseTo(1, 2);
  });

  it.each([3, 4])('is within four standard errors of a plain Monte Carlo estimate for %d objectives', (m) => {
    const rng = seeded(m);
    const points = Array.from({ length: 8 }, () => Float64Array.from({ length: m }, () => rng.next()));
    const zero = new Float64Array(m).fill(-0.1);
    const mean = new Float64Array(m).fill(0.6);
    const sigma = new Float64Array(m).fill(0.25);
    const before = hypervolume(points, zero);
    const n = 4000;
    let [sum, squares] = [0, 0];
    for (let i = 0; i < n; i++) {
      const y = mean.map((u, j) => u + sigma[j]! * standardNormal(rng));
      const gain = hypervolume([...points, y], zero) - before;
      sum += gain;
      squares += gain * gain;
    }
    const average = sum / n;
    const error = Math.sqrt((squares / n - average ** 2) / n);
    const told = logHypervolumeImprovement(nonDominatedBoxes(points, zero), m)(mean, sigma).value;
    expect(Math.abs(Math.exp(told) - average)).toBeLessThan(4 * error);
  });

  it('is log h + log σ of one objective: log expected improvement', () => {
    const one = logHypervolumeImprovement(nonDominatedBoxes([Float64Array.of(2)], Float64Array.of(-9)), 1);
    expect(one(Float64Array.of(2), Float64Array.of(3)).value).toBeCloseTo(
      Math.log(3) - 0.9189385332046727,
      12,
    );
  });

  it('has the derivatives of central differences, inside, far below and far above the front', () => {
    for (const mean of [
      [0.5, 0.5],
      [0.6, 0.7],
      [2, 2],
      [-3, 0.4],
      [-8, -9],
      [40, 0.1],
    ])
      for (const sigma of [
        [0.3, 0.4],
        [0.05, 0.9],
        [30, 30],
      ])
        expectGradient(formula, Float64Array.from(mean), Float64Array.from(sigma));
    const rng = seeded(1);
    const points = Array.from({ length: 12 }, () => Float64Array.from({ length: 4 }, () => rng.next()));
    const four = logHypervolumeImprovement(nonDominatedBoxes(points, new Float64Array(4)), 4);
    expectGradient(four, Float64Array.of(0.5, 0.4, 0.6, 0.3), Float64Array.of(0.1, 0.2, 0.3, 0.4));
  });

  it('has a finite value and a slope towards the front where the improvement itself underflows', () => {
    const told = formula(Float64Array.of(-50, -60), Float64Array.of(0.1, 0.1));
    expect(told.value).toBeLessThan(-1e5);
    for (const slope of [...told.dMean, ...told.dStandardDeviation]) {
      expect(Number.isFinite(slope)).toBe(true);
      expect(slope).toBeGreaterThan(0);
    }
  });

  it('never is NaN over hard means and standard deviations', () => {
    for (const a of [-1e300, -1e20, -1, 0.1, 0.6, 1, 1e20, 1e300])
      for (const b of [-1e300, -1, 0.7, 1e300])
        for (const s of [1e-150, 1e-30, 1, 1e30, 1e150]) {
          const told = formula(Float64Array.of(a, b), Float64Array.of(s, s));
          expect([told.value, ...told.dMean, ...told.dStandardDeviation].some(Number.isNaN)).toBe(false);
        }
  });

  it('grows with each mean', () => {
    for (const sigma of [0.01, 1, 100]) {
      let last = -Infinity;
      for (const mean of [-1e3, -1, 0, 0.5, 1, 1e3]) {
        const { value } = formula(Float64Array.of(mean, 0.5), Float64Array.of(sigma, sigma));
        expect(value).toBeGreaterThanOrEqual(last);
        last = value;
      }
    }
  });
});

describe('intervalImprovement', () => {
  it('adds up: the improvement up to ∞ is that of its parts', () => {
    for (const z of [-30, -4, 0, 0.9, 3, 12])
      for (const width of [1e-6, 1e-3, 0.1, 2]) {
        const [lower, upper] = [edgeAt(z), edgeAt(z - width)];
        const part = intervalImprovement(lower, upper).value;
        const rest = intervalImprovement(upper, infiniteEdge).value;
        const sum = lower.logH + Math.log(Math.exp(part - lower.logH) + Math.exp(rest - lower.logH));
        expect(Math.abs(sum - lower.logH)).toBeLessThan(1e-9 * Math.max(1, Math.abs(lower.logH)));
      }
  });

  it('goes on smoothly where its formula changes', () => {
    for (const z of [-200, -1, 0, 0.9, 5]) {
      const width = 1e-4 / Math.max(1, Math.abs(z));
      const at = (w: number) => intervalImprovement(edgeAt(z), edgeAt(z - w));
      const [below, above] = [at(width * (1 - 1e-9)), at(width * (1 + 1e-9))];
      expect(Math.abs(below.value - above.value)).toBeLessThan(2e-8);
      expect(Math.abs(below.byMean / above.byMean - 1)).toBeLessThan(1e-4);
    }
  });
});
