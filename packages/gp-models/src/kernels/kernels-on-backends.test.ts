import { type Column, type Kernel, matrix, seeded } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { worstGap } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { backends } from '../backends.fixture.ts';
import { arithmeticOf } from '../inference/arithmetic-of.ts';
import { plainArithmetic } from '../inference/plain-arithmetic.ts';
import { gaussianProcess } from '../models/gaussian-process.ts';
import { sum } from './combined.ts';
import { hamming } from './hamming.ts';
import { matern32 } from './matern32.ts';
import { matern52 } from './matern52.ts';
import { rbf } from './rbf.ts';
import { stationaryKernel } from './stationary-kernel.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'categorical', name: 'b', levels: 3 },
  { kind: 'continuous', name: 'c' },
];
const rationalQuadratic = stationaryKernel(
  { value: (t) => 1 / (1 + t / 2), derivative: (t) => -0.5 / (1 + t / 2) ** 2 },
  columns,
);
const kernels: readonly (readonly [string, Kernel])[] = [
  ['matern52', matern52(columns)],
  ['matern32', matern32(columns)],
  ['rbf', rbf(columns)],
  ['a rational quadratic of a profile', rationalQuadratic],
  ['a sum', sum(matern32(columns, { active: [0, 2] }), hamming(columns))],
];

const n = 24;
const rng = seeded('backends');
const draw = (rows: number) => {
  const x = matrix(rows, 3);
  for (let i = 0; i < rows; i++)
    x.data.set([rng.next(), (Math.floor(3 * rng.next()) + 0.5) / 3, rng.next()], 3 * i);
  return x;
};
const x = draw(n);
const y = Float64Array.from({ length: n }, (_, i) => {
  const [a = 0, b = 0, c = 0] = x.data.subarray(3 * i, 3 * i + 3);
  return Math.sin(5 * a) + (b > 0.6 ? 0.5 : 0) - (c - 0.4) ** 2;
});
const problem = { x, y, noise: new Float64Array(n).fill(0.02) };
const points = draw(6);
const column = (values: ArrayLike<number>) => matrix(values.length, 1, Float64Array.from(values));

describe.each(Object.entries(backends))('a Gaussian process on %s', (_, open) => {
  it.each(kernels)('has the evidence, prediction and gradients of %s itself', async (_name, kernel) => {
    const linalg = await open();
    const [here, reference] = [await arithmeticOf(linalg, kernel), plainArithmetic(cpu)];
    const rounding = 1e5 * linalg.epsilon;
    const near = (got: ArrayLike<number>, want: ArrayLike<number>, what: string) =>
      expect(worstGap(column(got), column(want)), what).toBeLessThan(rounding);
    const got = await here.evidence(kernel, problem, { inputs: true });
    const want = await reference.evidence(kernel, problem, { inputs: true });
    near([got.value], [want.value], 'evidence');
    near(got.alpha, want.alpha, 'alpha');
    near(got.dTheta, want.dTheta, 'gradient in theta');
    near(got.dNoise, want.dNoise, 'gradient in the noise');
    near(got.dInputs!.data, want.dInputs!.data, 'gradient in x');
    const [fit, plain] = [await here.factor(kernel, problem), await reference.factor(kernel, problem)];
    const [a, b] = [await here.predict(kernel, fit, points), await reference.predict(kernel, plain, points)];
    near(a.mean, b.mean, 'mean');
    near(a.variance, b.variance, 'variance');
    const weights = { points, dMean: b.mean, dVariance: b.variance };
    near(
      (await here.pullback(kernel, fit, { ...weights, whitened: a.whitened })).data,
      (await reference.pullback(kernel, plain, { ...weights, whitened: b.whitened })).data,
      'pullback',
    );
  });

  it.each(kernels)('fits and predicts with %s as in plain float64', async (_name, kernel) => {
    const linalg = await open();
    const predicted = async (backend: typeof linalg) => {
      const options = {
        kernel,
        columns,
        linalg: backend,
        outputWarping: 'none',
        inputWarping: false,
      } as const;
      const posterior = await gaussianProcess(options).fit({ x, y }, { rng: seeded(3) });
      return posterior.marginals(points);
    };
    const [here, plain] = [await predicted(linalg), await predicted(cpu)];
    // The noise floor of a float32 backend is higher, so that its hyperparameters are somewhat others.
    const tolerance = linalg.epsilon < 1e-10 ? 1e-5 : 0.02;
    here.mean.forEach((mean, i) => {
      expect(Math.abs(mean - plain.mean[i]!)).toBeLessThan(tolerance);
      expect(Math.abs(Math.sqrt(here.variance[i]!) - Math.sqrt(plain.variance[i]!))).toBeLessThan(tolerance);
    });
  });
});

it('a kernel of another family is another function on every backend', async () => {
  const [a, b] = [matern32(columns), matern52(columns)];
  for (const open of Object.values(backends)) {
    const linalg = await open();
    const evidence = async (kernel: Kernel) =>
      (await (await arithmeticOf(linalg, kernel)).evidence(kernel, problem)).value;
    expect(Math.abs((await evidence(a)) - (await evidence(b)))).toBeGreaterThan(0.1);
  }
});
