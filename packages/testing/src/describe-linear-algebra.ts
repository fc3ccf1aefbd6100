import {
  type LinearAlgebra,
  type Matrix,
  matrix,
  NotPositiveDefiniteError,
  ShapeError,
  seeded,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { describeStationary } from './describe-stationary.ts';
import { product, randomMatrix, randomPositiveDefinite, transposed, worstGap } from './matrices.ts';

/** What every LinearAlgebra must do, in units of its epsilon. One line in a backend's test file. */
export function describeLinearAlgebra(
  name: string,
  open: () => LinearAlgebra | Promise<LinearAlgebra>,
): void {
  const sizes = [1, 2, 3, 5, 8, 31, 33, 64, 65, 100, 130];
  // Opened by the first test that runs, so that suites of one file may set the state of one library in turn.
  let opened: Promise<LinearAlgebra> | undefined;
  const backend = () => (opened ??= Promise.resolve(open()));

  describe(`${name} is a LinearAlgebra`, () => {
    it.each(sizes)('rebuilds a positive definite matrix of %i rows from its lower factor', async (n) => {
      const linalg = await backend();
      const a = randomPositiveDefinite(n, { rng: seeded(n) });
      const l = await linalg.cholesky(a);
      expect(worstGap(product(l, l, { transposeB: true }), a)).toBeLessThanOrEqual(20 * n * linalg.epsilon);
      expect(upperOf(l).every((v) => v === 0)).toBe(true);
    });

    it('factors any positive definite matrix with backward error at most 100·n·epsilon', async () => {
      const linalg = await backend();
      const rng = seeded('condition');
      for (let round = 0; round < 40; round++) {
        const n = 1 + Math.floor(rng.next() * 60);
        // As ill-conditioned as the arithmetic allows, at most 1e12.
        const hardest = Math.min(1e12, 0.01 / (n * linalg.epsilon));
        const condition = Math.max(1, hardest ** rng.next());
        const scale = 10 ** (20 * rng.next() - 10);
        const a = randomPositiveDefinite(n, { rng, condition, scale });
        const l = await linalg.cholesky(a);
        expect(worstGap(product(l, l, { transposeB: true }), a)).toBeLessThanOrEqual(
          100 * n * linalg.epsilon,
        );
      }
    });

    it('factors tiny and huge matrices', async () => {
      const linalg = await backend();
      const extremes = linalg.epsilon < 1e-10 ? [1e-300, 1e290] : [1e-30, 1e30];
      for (const scale of extremes) {
        const a = randomPositiveDefinite(20, { rng: seeded(4), scale });
        const l = await linalg.cholesky(a);
        expect(worstGap(product(l, l, { transposeB: true }), a)).toBeLessThanOrEqual(2000 * linalg.epsilon);
      }
    });

    it('reads the lower triangle only', async () => {
      const linalg = await backend();
      for (const n of [3, 70]) {
        const a = randomPositiveDefinite(n, { rng: seeded(2) });
        const spoilt = matrix(n, n, Float64Array.from(a.data));
        for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) spoilt.data[i * n + j] = Number.NaN;
        expect((await linalg.cholesky(spoilt)).data).toEqual((await linalg.cholesky(a)).data);
      }
    });

    it('leaves its arguments as they are', async () => {
      const linalg = await backend();
      const a = randomPositiveDefinite(40, { rng: seeded(6) });
      const before = Float64Array.from(a.data);
      const l = await linalg.cholesky(a);
      const held = Float64Array.from(l.data);
      await linalg.solveTriangular(l, a);
      await linalg.multiply(l, a);
      expect(a.data).toEqual(before);
      expect(l.data).toEqual(held);
    });

    it.each([
      [Float64Array.of(1, 2, 2, 1), 2, 1],
      [Float64Array.of(-1), 1, 0],
      [Float64Array.of(0), 1, 0],
      [Float64Array.of(Number.NaN), 1, 0],
    ])('names the failing pivot of %o', async (data, n, pivot) => {
      const error = await failureOf(async () => (await backend()).cholesky(matrix(n, n, data)));
      expect(error).toBeInstanceOf(NotPositiveDefiniteError);
      expect(error).toMatchObject({ pivot });
    });

    it.each([0, 7, 40, 69])('names pivot %i of a larger indefinite matrix', async (pivot) => {
      const a = randomPositiveDefinite(70, { rng: seeded(1) });
      a.data[pivot * 70 + pivot] = -1;
      const error = await failureOf(async () => (await backend()).cholesky(a));
      expect(error).toBeInstanceOf(NotPositiveDefiniteError);
      expect(error).toMatchObject({ pivot });
    });

    it.each([
      [3, 4, 5],
      [1, 1, 1],
      [33, 17, 65],
      [2, 100, 3],
      [0, 3, 2],
      [3, 0, 2],
    ])('multiplies %i×%i by …×%i, also transposed', async (m, k, n) => {
      const linalg = await backend();
      const rng = seeded(`${m} ${k} ${n}`);
      const a = randomMatrix(m, k, { rng });
      const b = randomMatrix(k, n, { rng });
      const expected = product(a, b);
      const close = (c: Matrix) =>
        expect(absoluteGap(c, expected)).toBeLessThanOrEqual(4 * (k + 1) * linalg.epsilon);
      close(await linalg.multiply(a, b));
      close(await linalg.multiply(transposed(a), b, { transposeA: true }));
      close(await linalg.multiply(a, transposed(b), { transposeB: true }));
      close(await linalg.multiply(transposed(a), transposed(b), { transposeA: true, transposeB: true }));
    });

    it.each([
      [1, 1],
      [5, 3],
      [33, 1],
      [65, 40],
      [130, 7],
      [4, 0],
    ])('solves a %i-row triangle for %i right-hand sides, both ways', async (n, m) => {
      const linalg = await backend();
      const rng = seeded(`${n} ${m}`);
      const l = await linalg.cholesky(randomPositiveDefinite(n, { rng }));
      const b = randomMatrix(n, m, { rng });
      const x = await linalg.solveTriangular(l, b);
      expect(absoluteGap(product(l, x), b)).toBeLessThanOrEqual(100 * n * linalg.epsilon);
      const xt = await linalg.solveTriangular(l, b, { transpose: true });
      expect(absoluteGap(product(l, xt, { transposeA: true }), b)).toBeLessThanOrEqual(
        100 * n * linalg.epsilon,
      );
    });

    it('takes matrices without rows', async () => {
      const linalg = await backend();
      expect(await linalg.cholesky(matrix(0, 0))).toMatchObject({ rows: 0, columns: 0 });
      expect(await linalg.solveTriangular(matrix(0, 0), matrix(0, 3))).toMatchObject({ rows: 0, columns: 3 });
      expect(await linalg.multiply(matrix(0, 0), matrix(0, 4))).toMatchObject({ rows: 0, columns: 4 });
    });

    it('refuses shapes that do not fit', async () => {
      const linalg = await backend();
      const calls = [
        async () => linalg.cholesky(matrix(2, 3)),
        async () => linalg.multiply(matrix(2, 3), matrix(2, 3)),
        async () => linalg.multiply(matrix(2, 3), matrix(2, 3), { transposeA: true, transposeB: true }),
        async () => linalg.solveTriangular(matrix(2, 3), matrix(2, 1)),
        async () => linalg.solveTriangular(matrix(2, 2), matrix(3, 1)),
      ];
      for (const call of calls) expect(await failureOf(call)).toBeInstanceOf(ShapeError);
    });

    it.each([
      [1, 1],
      [5, 2],
      [31, 3],
      [64, 1],
      [90, 40],
    ])('extends the factor of %i rows by %i as a factor of all (where it can)', async (n, k) => {
      const linalg = await backend();
      if (!linalg.appendRows) return;
      const all = n + k;
      const a = randomPositiveDefinite(all, { rng: seeded(all) });
      const first = matrix(n, n);
      for (let i = 0; i < n; i++) first.data.set(a.data.subarray(i * all, i * all + n), i * n);
      const rows = matrix(k, all, a.data.slice(n * all));
      const grown = await linalg.appendRows(await linalg.cholesky(first), rows);
      expect(worstGap(grown, await linalg.cholesky(a))).toBeLessThanOrEqual(2000 * all * linalg.epsilon);
      expect(upperOf(grown).every((v) => v === 0)).toBe(true);
    });

    it('names the pivot of rows that cannot be appended (where it appends)', async () => {
      const linalg = await backend();
      if (!linalg.appendRows) return;
      const l = await linalg.cholesky(matrix(1, 1, Float64Array.of(1)));
      const error = await failureOf(async () => linalg.appendRows?.(l, matrix(1, 2, Float64Array.of(2, 1))));
      expect(error).toBeInstanceOf(NotPositiveDefiniteError);
      expect(error).toMatchObject({ pivot: 1 });
    });
  });

  describeStationary(name, backend);
}

/** Largest |aᵢⱼ − bᵢⱼ|; ∞ for other shapes. */
function absoluteGap(a: Matrix, b: Matrix): number {
  if (a.rows !== b.rows || a.columns !== b.columns) return Infinity;
  return a.data.reduce((worst, v, i) => {
    const gap = Math.abs(v - b.data[i]!);
    return Math.max(gap, worst);
  }, 0);
}

function upperOf(a: Matrix): number[] {
  return Array.from(a.data).filter((_, i) => i % a.columns > Math.floor(i / a.columns));
}

async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}
