import { type Column, type Kernel, type Matrix, matrix, seeded } from '@foothold/core';
import { describeKernel } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { backends } from '../backends.fixture.ts';
import { product, sum } from './combined.ts';
import { hamming } from './hamming.ts';
import { matern32 } from './matern32.ts';
import { matern52 } from './matern52.ts';
import { rbf } from './rbf.ts';
import { stationaryKernel } from './stationary-kernel.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'categorical', name: 'b', levels: 3 },
  { kind: 'ordinal', name: 'c', levels: 5 },
];

function points(n: number, seed: string): Matrix {
  const rng = seeded(seed);
  const x = matrix(n, 3);
  for (let i = 0; i < n; i++)
    x.data.set(
      [rng.next(), (Math.floor(rng.next() * 3) + 0.5) / 3, (Math.floor(rng.next() * 5) + 0.5) / 5],
      i * 3,
    );
  return x;
}

function normals(rows: number, cols: number, seed: string): Matrix {
  const rng = seeded(seed);
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => rng.next() - 0.5),
  );
}

const weighted = (a: Matrix, w: Matrix) => a.data.reduce((total, v, i) => total + v * w.data[i]!, 0);
const theta = (kernel: Kernel) => kernel.theta.map((_, i) => 0.3 * Math.sin(i + 1) - 0.5);

/** Matérn-1/2, as a user writes it: its derivative in r² is infinite at 0. */
const exponential = stationaryKernel(
  {
    value: (t) => Math.exp(-Math.sqrt(t)),
    derivative: (t) => (-0.5 * Math.exp(-Math.sqrt(t))) / Math.sqrt(t),
  },
  columns,
);

const kernels: readonly (readonly [string, Kernel])[] = [
  ['matern52', matern52(columns)],
  ['matern32', matern32(columns)],
  ['a kernel of a profile', exponential],
  ['rbf', rbf(columns)],
  ['hamming', hamming(columns)],
  ['sum', sum(matern52(columns, { active: [0, 2] }), hamming(columns))],
  ['product', product(rbf(columns, { active: [0] }), sum(hamming(columns), matern52(columns)))],
];

for (const [name, kernel] of kernels) describeKernel(name, columns, { open: () => kernel, backends });

describe.each(kernels)('%s', (_, made) => {
  const kernel = made.withTheta(theta(made));
  const x = points(7, 'x');
  const b = points(4, 'b');

  it('is symmetric, with its variance on the diagonal', () => {
    const k = kernel.covariance(x, x);
    const ofCopies = kernel.covariance(x, matrix(7, 3, Float64Array.from(x.data)));
    expect(Math.max(...k.data.map((v, i) => Math.abs(v - ofCopies.data[i]!)))).toBeLessThan(1e-15);
    const variance = kernel.variance(x);
    for (let i = 0; i < 7; i++) {
      expect(k.data[i * 7 + i]).toBeCloseTo(variance[i]!, 14);
      for (let j = 0; j < 7; j++) expect(k.data[i * 7 + j]).toBe(k.data[j * 7 + i]);
    }
  });

  it('pulls a weighted sum back to theta as central differences do', () => {
    const w = normals(7, 7, 'w');
    const gradient = kernel.thetaGradient(x, w);
    kernel.theta.forEach((_, i) => {
      const at = (step: number) => {
        const t = Float64Array.from(kernel.theta);
        t[i] = t[i]! + step;
        return weighted(kernel.withTheta(t).covariance(x, x), w);
      };
      expect(gradient[i]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 8);
    });
  });

  it('pulls a weighted sum back to the inputs of ordered columns as central differences do', () => {
    const w = normals(7, 4, 'v');
    const gradient = kernel.inputGradient(x, b, w);
    for (let i = 0; i < 7; i++)
      for (const j of [0, 2]) {
        const at = (step: number) => {
          const moved = matrix(7, 3, Float64Array.from(x.data));
          moved.data[i * 3 + j] = moved.data[i * 3 + j]! + step;
          return weighted(kernel.covariance(moved, b), w);
        };
        expect(gradient.data[i * 3 + j]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 8);
      }
  });

  it('has the prior whose gradient it states', () => {
    const { gradient } = kernel.logPrior();
    kernel.theta.forEach((_, i) => {
      const at = (step: number) => {
        const t = Float64Array.from(kernel.theta);
        t[i] = t[i]! + step;
        return kernel.withTheta(t).logPrior().value;
      };
      expect(gradient[i]).toBeCloseTo((at(1e-4) - at(-1e-4)) / 2e-4, 8);
    });
  });
});

const textbook = {
  matern52: {
    make: matern52,
    f: (r: number) => (1 + Math.sqrt(5) * r + (5 * r * r) / 3) * Math.exp(-Math.sqrt(5) * r),
  },
  matern32: { make: matern32, f: (r: number) => (1 + Math.sqrt(3) * r) * Math.exp(-Math.sqrt(3) * r) },
  rbf: { make: rbf, f: (r: number) => Math.exp((-r * r) / 2) },
};
it.each(Object.entries(textbook))('%s has the textbook value at known distances', (_, { make, f }) => {
  const kernel = make(columns.slice(0, 1)).withTheta(Float64Array.of(Math.log(2), Math.log(0.5)));
  for (const gap of [0, 1e-9, 0.1, 0.3, 1, 40]) {
    const value = kernel.covariance(matrix(1, 1), matrix(1, 1, Float64Array.of(gap)));
    expect(value.data[0]).toBeCloseTo(2 * f(gap / 0.5), 14);
  }
});

it('matern32 has the recorded value at r = 1.1', () => {
  // (1 + 1.1√3)·exp(−1.1√3) by Python; RBF would be 0.5461.
  const kernel = matern32(columns.slice(0, 1)).withTheta(new Float64Array(2));
  const value = kernel.covariance(matrix(1, 1), matrix(1, 1, Float64Array.of(1.1))).data[0]!;
  expect(value).toBeCloseTo(0.4322572350609375, 14);
});

it.each([matern52, matern32, rbf])('is 0 and not NaN at distances beyond the range of exp', (make) => {
  const kernel = make(columns.slice(0, 1)).withTheta(Float64Array.of(0, -400));
  const [a, b] = [matrix(1, 1), matrix(1, 1, Float64Array.of(1))];
  expect(kernel.covariance(a, b).data[0]).toBe(0);
  expect(Math.abs(kernel.inputGradient(a, b, matrix(1, 1, Float64Array.of(1))).data[0]!)).toBe(0);
  const both = matrix(2, 1, Float64Array.of(0, 1));
  expect(kernel.thetaGradient(both, matrix(2, 2, Float64Array.of(1, 1, 1, 1)))).toEqual(
    Float64Array.of(2, 0),
  );
});

it('names its family where it has one, and only there', () => {
  expect(matern32(columns).stationary?.family).toBe('matern32');
  expect(matern32(columns, { active: [0, 1] }).stationary).toBeUndefined();
  expect(exponential.stationary).toBeUndefined();
  expect(exponential.stationaryGradient).toBeUndefined();
});

it('counts a category as equal or not, however far the levels lie', () => {
  const kernel = matern52(columns);
  const at = (level: number) => matrix(1, 3, Float64Array.of(0.5, (level + 0.5) / 3, 0.5));
  const one = kernel.covariance(at(0), at(1)).data[0];
  expect(kernel.covariance(at(0), at(2)).data[0]).toBe(one);
  expect(one).toBeLessThan(kernel.covariance(at(0), at(0)).data[0]!);
});

it('names the columns that hamming needs', () => {
  expect(() => hamming(columns.slice(0, 1))).toThrow(/categorical/);
});
