import { type Column, type Dataset, matrix } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { describe, expect, it } from 'vitest';
import { matern52 } from '../../kernels/matern52.ts';
import { empiricalPriorOf } from './empirical-prior-of.ts';
import { sharedBasis } from './shared-basis.ts';

const columns: Column[] = [{ kind: 'continuous', name: 'u' }];
const x = matrix(3, 1, Float64Array.of(0.1, 0.5, 0.9));
const kernel = matern52(columns).withTheta(Float64Array.of(0, Math.log(0.2)));
const basisOf = (tasks: readonly (readonly number[])[]) =>
  sharedBasis(
    tasks.map((y): Dataset => ({ x, y: Float64Array.from(y) })),
    { kernel, noise: 1e-3 },
    { linalg: cpu },
  );
const varianceAt = (values: { readonly columns: number; readonly data: Float64Array }, i: number) => {
  let sum = 0;
  for (let k = 1; k < values.columns; k++) sum += values.data[i * values.columns + k]! ** 2;
  return sum;
};

describe('sharedBasis', () => {
  it('has the sources own covariance where they deviate upwards as much as downwards', async () => {
    // Centred: (1, 0, −1), (−1, 0, 1): variance 2 at both ends, with S/(S − 1).
    const { values } = await basisOf([
      [1, 0, -1],
      [-1, 0, 1],
    ]);
    expect([0, 1, 2].map((i) => varianceAt(values, i))).toEqual([2, 0, 2]);
  });

  it('gives a setting that fails on some tasks no more variance above its mean than its better values have', async () => {
    // Four tasks, centred; at the first point (1, 1, 1, −3): above 3/4, below 9/4 of the weight.
    const tasks = [1, 1, 1, -3].map((v) => [v, -v / 2, -v / 2]);
    const { values } = await basisOf(tasks);
    const correction = 4 / 3;
    expect(varianceAt(values, 0)).toBeCloseTo(correction * 2 * (3 / 4), 12);
    // At the others the tail points upwards, and all of it counts.
    expect(varianceAt(values, 1)).toBeCloseTo(correction * (3 / 4 / 4 + 9 / 4 / 4), 12);
  });
});

it('sources of equal shape agree once their differences are of one size, and only then', async () => {
  // The same curve in log-odds, in sizes from 0.1 to 3.
  const curve = [-1, 0.2, 0.8];
  const sources = [0.1, 0.3, 1, 3].map((size) => ({
    name: `size ${size}`,
    data: { x, y: Float64Array.from(curve, (u) => 1 / (1 + Math.exp(-size * u))) },
  }));
  const prior = (await empiricalPriorOf(sources, { columns, linalg: cpu }))!;
  expect(prior.basis.variance).toBeGreaterThan(0.1 * prior.basis.meanSquare);
  expect(prior.rescaledBasis!.variance).toBeLessThan(1e-3 * prior.rescaledBasis!.meanSquare);
});

it('values that are no shares have a size of their own already', async () => {
  const sources = [1, 2, 3, 4].map((k) => ({
    name: `${k}`,
    data: { x, y: Float64Array.of(10 * k, 12 * k, 30 * k) },
  }));
  expect((await empiricalPriorOf(sources, { columns, linalg: cpu }))!.rescaledBasis).toBeUndefined();
});
