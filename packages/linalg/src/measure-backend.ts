import { type LinearAlgebra, type Matrix, matrix, seeded } from '@foothold/core';

export const operations = ['cholesky', 'solve', 'product'] as const;
export type Operation = (typeof operations)[number];

/** Median milliseconds of one call: a Cholesky factorization, a solve with 64 right-hand sides, an n×n product. Absent where it would take too long. */
export type BackendTimes = Readonly<Partial<Record<Operation, number>>>;

/** Matrices of n rows to time a backend with. */
export interface TimingProblem {
  readonly n: number;
  /** A kernel matrix of random points with a little noise: what a Gaussian process factors. */
  readonly a: Matrix;
  /** A lower triangle with a strong diagonal. */
  readonly l: Matrix;
  /** Right-hand sides. */
  readonly b: Matrix;
}

export interface MeasureOptions {
  /** Milliseconds of any clock. */
  readonly now: () => number;
  /** What the backend took at smaller sizes, the latest last; a backend without earlier times is warmed up first. */
  readonly before?: readonly { readonly n: number; readonly times: BackendTimes }[];
  /** Milliseconds for the repeats of one operation, at least one call. Default: 100. */
  readonly budget?: number;
  /** Operations that would take longer a call, judged by smaller sizes, are left out. Default: 1,500 ms. */
  readonly limit?: number;
}

/** The power of n that an operation's time grows with. */
const growth: Readonly<Record<Operation, number>> = { cholesky: 3, solve: 2, product: 3 };
const maxCalls = 200;
const rightHandSides = 64;

/** Times the three operations of a backend at one size. */
export async function measureBackend(
  linalg: LinearAlgebra,
  { n, a, l, b }: TimingProblem,
  { now, before = [], budget = 100, limit = 1500 }: MeasureOptions,
): Promise<BackendTimes> {
  const work: Readonly<Record<Operation, () => unknown>> = {
    cholesky: () => linalg.cholesky(a),
    solve: () => linalg.solveTriangular(l, b),
    product: () => linalg.multiply(a, a),
  };
  const times: Partial<Record<Operation, number>> = {};
  for (const operation of operations) {
    const known = before.findLast((one) => one.times[operation] !== undefined);
    if (known && known.times[operation]! * (n / known.n) ** growth[operation] > limit) continue;
    // Engines compile what runs often a second time, and better; a call or two is not enough for that.
    const warm = before.length > 0 ? 0 : budget;
    for (const end = now() + warm; now() < end; ) await work[operation]();
    const samples: number[] = [];
    const end = now() + budget;
    do {
      const start = now();
      await work[operation]();
      samples.push(now() - start);
    } while (samples.length < maxCalls && now() < end);
    times[operation] = samples.sort((x, y) => x - y)[samples.length >> 1]!;
  }
  return times;
}

/** Matrices of n rows, always the same. */
export function timingProblem(n: number): TimingProblem {
  const rng = seeded(n);
  const points = Array.from({ length: n }, () => [rng.next(), rng.next(), rng.next()] as const);
  const a = matrix(n, n);
  const l = matrix(n, n);
  for (let i = 0; i < n; i++) {
    const p = points[i]!;
    for (let j = 0; j <= i; j++) {
      const q = points[j]!;
      const squared = (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2;
      const value = Math.exp(-2 * squared);
      a.data[i * n + j] = a.data[j * n + i] = value + (i === j ? 0.01 : 0);
      l.data[i * n + j] = i === j ? n : value;
    }
  }
  const b = matrix(n, rightHandSides);
  for (let i = 0; i < b.data.length; i++) b.data[i] = rng.next();
  return { n, a, l, b };
}
