import {
  type Dataset,
  type MarginalAcquisition,
  type Marginals,
  matrix,
  type Posterior,
  seeded,
} from '@foothold/core';
import { logH, normalCdf } from '@foothold/numerics';
import { describe, expect, it } from 'vitest';
import { logExpectedImprovement } from './log-expected-improvement.ts';
import { logProbabilityOfImprovement } from './log-probability-of-improvement.ts';
import { upperConfidenceBound } from './upper-confidence-bound.ts';

const x = matrix(1, 1);
/** Observed 1 and 3, believed to be 0.5 and 2 without their noise. */
const data: Dataset = { x: matrix(2, 1), y: Float64Array.of(1, 3) };
const posterior: Posterior = {
  marginals: () => ({ mean: Float64Array.of(0.5, 2), variance: Float64Array.of(0.1, 0.1) }),
};
const belief = { posterior, data, rng: seeded(0) };
const at = (mean: number, variance: number): Marginals => ({
  mean: Float64Array.of(mean),
  variance: Float64Array.of(variance),
});

const acquisitions: readonly (readonly [string, MarginalAcquisition])[] = [
  ['logExpectedImprovement', logExpectedImprovement()],
  [
    'logExpectedImprovement with noise',
    { prepare: (b) => logExpectedImprovement().prepare({ ...b, posterior: { ...posterior, noise: 0.4 } }) },
  ],
  ['logProbabilityOfImprovement', logProbabilityOfImprovement({ margin: 0.1 })],
  ['upperConfidenceBound', upperConfidenceBound()],
];

describe.each(acquisitions)('%s', (_, acquisition) => {
  it.each([
    [2.5, 0.3],
    [0, 1],
    [-8, 0.5],
    [2, 1e-6],
    [40, 2],
  ])('has the derivatives of central differences at mean %d, variance %d', async (mean, variance) => {
    const utility = await acquisition.prepare(belief);
    const value = (m: number, v: number) => utility(at(m, v), x).value[0]!;
    const { dMean, dVariance } = utility(at(mean, variance), x);
    const h = 1e-5 * Math.sqrt(variance);
    const byMean = (value(mean + h, variance) - value(mean - h, variance)) / (2 * h);
    const k = 1e-5 * variance;
    const byVariance = (value(mean, variance + k) - value(mean, variance - k)) / (2 * k);
    expect(Math.abs(dMean[0]! - byMean)).toBeLessThan(1e-6 * (1 + Math.abs(byMean)));
    expect(Math.abs(dVariance[0]! - byVariance)).toBeLessThan(1e-5 * (1 + Math.abs(byVariance)));
  });
});

it('log expected improvement has its closed form over either incumbent', async () => {
  for (const [incumbent, best] of [
    ['posterior-mean', 2],
    ['observed', 3],
  ] as const) {
    const utility = await logExpectedImprovement({ incumbent }).prepare(belief);
    expect(utility(at(1.5, 0.25), x).value[0]).toBeCloseTo(logH((1.5 - best) / 0.5) + Math.log(0.5), 13);
  }
});

it('counts only what one noisy observation can move the mean by', async () => {
  const noisy = { ...belief, posterior: { ...posterior, noise: 3 } };
  const counted = await logExpectedImprovement().prepare(noisy);
  expect(counted(at(1.5, 1), x).value[0]).toBeCloseTo(logH((1.5 - 2) / 0.5) + Math.log(0.5), 13);
  const ignored = await logExpectedImprovement({ noise: 'ignored' }).prepare(noisy);
  expect(ignored(at(1.5, 0.25), x).value[0]).toBeCloseTo(logH((1.5 - 2) / 0.5) + Math.log(0.5), 13);
});

it('the probability of improvement is that of the normal distribution', async () => {
  const utility = await logProbabilityOfImprovement({ incumbent: 'observed' }).prepare(belief);
  expect(Math.exp(utility(at(2, 4), x).value[0]!)).toBeCloseTo(normalCdf(-0.5), 13);
});

it('the confidence bound adds as many standard deviations as its coefficient', async () => {
  const utility = await upperConfidenceBound({ coefficient: 2 }).prepare(belief);
  expect(utility(at(1, 9), x).value[0]).toBe(7);
  expect(() => upperConfidenceBound({ coefficient: -1 })).toThrow(/coefficient is -1/);
});

it('an empty dataset leaves nothing to improve on', async () => {
  const empty = { ...belief, data: { x: matrix(0, 1), y: new Float64Array(0) } };
  await expect(async () => logExpectedImprovement().prepare(empty)).rejects.toThrow(/empty dataset/);
});
