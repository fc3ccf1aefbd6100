import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { exponentialDecay } from './exponential-decay.ts';
import { powerLawDecay } from './power-law-decay.ts';

/** ∫ density·e^(−x(u + v)) over x ~ Gamma(α, β), α a whole number, by Simpson's rule in steps far below the scale of x. */
function mixture([alpha, beta]: readonly [number, number], sum: number): number {
  const factorial = Array.from({ length: alpha - 1 }, (_, i) => i + 1).reduce((a, b) => a * b, 1);
  const density = (x: number) => ((beta * x) ** (alpha - 1) * beta * Math.exp(-beta * x)) / factorial;
  const [steps, end] = [20_000, 60 / beta];
  const h = end / steps;
  let total = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    total += weight * density(i * h) * Math.exp(-i * h * sum);
  }
  return (total * h) / 3;
}

describe('powerLawDecay and exponentialDecay', () => {
  const points = [0, 0.02, 0.3, 1];
  it('are mixtures of the decays that they are named after', () => {
    for (const [alpha, beta] of [
      [1, 0.4],
      [2, 1.5],
      [4, 3],
    ] as const)
      for (const t of points)
        for (const other of points) {
          expect(exponentialDecay.at([alpha, beta]).value(t, other)).toBeCloseTo(
            mixture([alpha, beta], t + other),
            8,
          );
          // (1 + t/τ)^(−γ) = e^(−γ·ln(1 + t/τ))
          const tau = 0.05;
          expect(powerLawDecay.at([alpha, beta, tau]).value(t, other)).toBeCloseTo(
            mixture([alpha, beta], Math.log((1 + t / tau) * (1 + other / tau))),
            8,
          );
        }
  });
  it('have the derivatives of central differences in the logarithms of their hyperparameters', () => {
    const rng = seeded('decays');
    for (const family of [exponentialDecay, powerLawDecay])
      for (let k = 0; k < 20; k++) {
        const theta = family.priors.map(({ location }) => location + 2 * (rng.next() - 0.5));
        const [t, other] = [rng.next(), rng.next()];
        const at = (logs: readonly number[]) => family.at(logs.map(Math.exp)).value(t, other);
        family
          .at(theta.map(Math.exp))
          .gradient(t, other)
          .forEach((slope, i) => {
            const h = 1e-5;
            const moved = (by: number) => at(theta.map((u, j) => (j === i ? u + by : u)));
            expect(slope).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 9);
          });
      }
  });
  it('approach one decay for a shape and a rate that are large', () => {
    const [exponential, power] = [exponentialDecay.at([1e6, 1e6]), powerLawDecay.at([1e6, 1e6, 0.02])];
    for (const t of points) {
      expect(exponential.value(t, 0)).toBeCloseTo(Math.exp(-t), 4);
      expect(power.value(t, 0)).toBeCloseTo(1 / (1 + t / 0.02), 4);
    }
  });
});
