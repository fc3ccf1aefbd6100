import { expect, it } from 'vitest';
import { jeffreysPoints, logNormalThirds } from './prior-points.ts';

it.each([1, 4, 7])(
  '%i points have the probabilities of the middles of equal parts under Beta(½, ½)',
  (count) => {
    const points = jeffreysPoints(count);
    expect(points).toHaveLength(count);
    points.forEach((p, k) => {
      // The arcsine law: F(p) = 2·asin(√p)/π.
      expect((2 * Math.asin(Math.sqrt(p))) / Math.PI).toBeCloseTo((k + 0.5) / count, 12);
    });
  },
);

it('has the mean of the upper third of a normal, by a sum over its quantiles', () => {
  // Trapezoidal sum of u·φ(u) from the quantile of ⅔ to 12, three times: the mean given the upper third.
  const from = 0.4307272992954576;
  const steps = 20_000;
  const h = (12 - from) / steps;
  let mean = 0;
  for (let i = 0; i <= steps; i++) {
    const u = from + i * h;
    mean += (3 * h * (i % steps === 0 ? 0.5 : 1) * u * Math.exp(-0.5 * u * u)) / Math.sqrt(2 * Math.PI);
  }
  const [low, middle, high] = logNormalThirds(0.7);
  expect(middle).toBe(0.7);
  expect(Math.log(high! / 0.7)).toBeCloseTo(mean, 6);
  expect(low! * high!).toBeCloseTo(0.49, 12);
});
