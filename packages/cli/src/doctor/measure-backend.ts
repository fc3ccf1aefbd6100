import { type LinearAlgebra, type Matrix, matrix, seeded } from '@foothold/core';

export interface BackendTimes {
  /** Median milliseconds of a Cholesky factorization, a solve with n right-hand sides, and an n×n product. */
  readonly cholesky: number;
  readonly solve: number;
  readonly product: number;
}

/**
 * Times a backend on matrices of n rows: the median of up to 7 calls each, as many as fit into `budget` milliseconds.
 *
 * @param now milliseconds of any clock
 */
export async function measureBackend(
  linalg: LinearAlgebra,
  n: number,
  { now, budget = 1500 }: { readonly now: () => number; readonly budget?: number },
): Promise<BackendTimes> {
  const a = covarianceLike(n);
  const l = await linalg.cholesky(a);
  const median = async (work: () => unknown) => {
    const times: number[] = [];
    const end = now() + budget;
    do {
      const start = now();
      await work();
      times.push(now() - start);
    } while (times.length < 7 && now() < end);
    return times.sort((x, y) => x - y)[Math.floor(times.length / 2)]!;
  };
  return {
    cholesky: await median(() => linalg.cholesky(a)),
    solve: await median(() => linalg.solveTriangular(l, a)),
    product: await median(() => linalg.multiply(a, a)),
  };
}

/** A kernel matrix of random points with a little noise: what a Gaussian process factors. */
function covarianceLike(n: number): Matrix {
  const rng = seeded(n);
  const points = Array.from({ length: n }, () => [rng.next(), rng.next(), rng.next()] as const);
  const result = matrix(n, n);
  for (let i = 0; i < n; i++) {
    const p = points[i]!;
    for (let j = 0; j <= i; j++) {
      const q = points[j]!;
      const squared = (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2;
      result.data[i * n + j] = result.data[j * n + i] = Math.exp(-2 * squared) + (i === j ? 0.01 : 0);
    }
  }
  return result;
}
