import {
  type Awaitable,
  type Column,
  type Kernel,
  type LinearAlgebra,
  levelOf,
  type Matrix,
  matrix,
  positionOf,
  rowOf,
  seeded,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { describeKernelOnBackend } from './describe-kernel-on-backend.ts';
import { gradientGap } from './gradient-gap.ts';
import { randomMatrix, transposed, worstGap } from './matrices.ts';

export interface KernelSuite {
  /** The kernel, a fresh one each time. */
  open(): Kernel;
  /** Backends by name. On each, what it computes of the kernel is compared with the kernel's own members. */
  readonly backends: Readonly<Record<string, () => Awaitable<LinearAlgebra>>>;
}

/** What every Kernel on these columns must do, alone and on each backend. One line in a kernel's test file. */
export function describeKernel(
  name: string,
  columns: readonly Column[],
  { open, backends }: KernelSuite,
): void {
  const points = (n: number, seed: number): Matrix => {
    const x = randomMatrix(n, columns.length, { rng: seeded(seed) });
    for (let i = 0; i < x.data.length; i++) {
      const column = columns[i % columns.length]!;
      const u = (x.data[i]! + 1) / 2;
      x.data[i] = column.kind === 'continuous' ? u : positionOf(column, levelOf(column, u));
    }
    return x;
  };
  const weighted = (k: Matrix, w: Matrix) => k.data.reduce((s, v, i) => s + v * w.data[i]!, 0);

  describe(`${name} is a Kernel`, () => {
    it('is symmetric, and its variance is its diagonal', () => {
      const kernel = open();
      const [a, b] = [points(9, 1), points(6, 2)];
      expect(worstGap(kernel.covariance(a, b), transposed(kernel.covariance(b, a)))).toBeLessThan(1e-14);
      const all = kernel.covariance(a, a);
      const diagonal = Float64Array.from({ length: 9 }, (_, i) => all.data[i * 10]!);
      expect(worstGap(matrix(9, 1, kernel.variance(a)), matrix(9, 1, diagonal))).toBeLessThan(1e-14);
    });

    it('is positive semidefinite', () => {
      const kernel = open();
      const a = points(40, 3);
      const k = kernel.covariance(a, a);
      const trace = kernel.variance(a).reduce((s, v) => s + v, 0);
      expect(smallestPivot(k, 1e-10 * trace)).toBeGreaterThan(0);
    });

    it('pulls weights of the covariance back to theta as central differences do', async () => {
      const kernel = open();
      const a = points(7, 4);
      const w = randomMatrix(7, 7, { rng: seeded(5) });
      const sum = (theta: Float64Array) => weighted(kernel.withTheta(theta).covariance(a, a), w);
      expect(await gradientGap(sum, kernel.theta, kernel.thetaGradient(a, w))).toBeLessThan(1e-7);
    });

    it('pulls weights of the covariance back to continuous inputs as central differences do', async () => {
      const kernel = open();
      const [a, b] = [points(4, 6), points(5, 7)];
      const w = randomMatrix(4, 5, { rng: seeded(8) });
      // On a grid a small step is no step, or a whole level: only continuous columns are compared.
      const moving = (i: number) => columns[i % columns.length]!.kind === 'continuous';
      const sum = (data: Float64Array) =>
        weighted(
          kernel.covariance(
            matrix(
              4,
              columns.length,
              data.map((v, i) => (moving(i) ? v : a.data[i]!)),
            ),
            b,
          ),
          w,
        );
      const gradient = kernel.inputGradient(a, b, w).data.map((g, i) => (moving(i) ? g : 0));
      expect(await gradientGap(sum, a.data, gradient)).toBeLessThan(1e-7);
    });

    it('stays finite where points are equal', () => {
      const kernel = open();
      const a = points(3, 9);
      const gradient = kernel.inputGradient(a, a, randomMatrix(3, 3, { rng: seeded(1) }));
      expect(gradient.data.every(Number.isFinite)).toBe(true);
      const twice = matrix(2, columns.length, Float64Array.of(...rowOf(a, 0), ...rowOf(a, 0)));
      const k = kernel.covariance(twice, twice).data;
      expect(Math.abs(k[1]! - k[0]!)).toBeLessThanOrEqual(1e-14 * k[0]!);
    });

    it('has a prior whose gradient is right', async () => {
      const kernel = open();
      const value = (theta: Float64Array) => kernel.withTheta(theta).logPrior().value;
      expect(await gradientGap(value, kernel.theta, kernel.logPrior().gradient)).toBeLessThan(1e-7);
    });

    it('is not changed by withTheta', () => {
      const kernel = open();
      const before = Float64Array.from(kernel.theta);
      const other = kernel.withTheta(kernel.theta.map((t) => t + 0.3));
      expect(kernel.theta).toEqual(before);
      expect(Array.from(other.theta)).toEqual(Array.from(before, (t) => t + 0.3));
    });

    it('takes no points', () => {
      const none = matrix(0, columns.length);
      expect(open().covariance(none, points(2, 1))).toMatchObject({ rows: 0, columns: 2 });
      expect(
        open()
          .thetaGradient(none, matrix(0, 0))
          .every((v) => v === 0),
      ).toBe(true);
    });
  });

  for (const [backend, openBackend] of Object.entries(backends))
    describeKernelOnBackend(`${name} on ${backend}`, open, { openBackend, points });
}

/** Smallest pivot of Gaussian elimination on a + lift·I. */
function smallestPivot(a: Matrix, lift: number): number {
  const n = a.rows;
  const m = Float64Array.from(a.data);
  let least = Infinity;
  for (let i = 0; i < n; i++) m[i * n + i]! += lift;
  for (let k = 0; k < n; k++) {
    least = Math.min(least, m[k * n + k]!);
    for (let i = k + 1; i < n; i++) {
      const factor = m[i * n + k]! / m[k * n + k]!;
      for (let j = k; j < n; j++) m[i * n + j]! -= factor * m[k * n + j]!;
    }
  }
  return least;
}
