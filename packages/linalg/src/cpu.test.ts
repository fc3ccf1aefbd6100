import { type Matrix, matrix, matrixOf, NotPositiveDefiniteError, ShapeError, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { cpu } from './cpu.ts';

const random = (rows: number, columns: number, seed = 1): Matrix => {
  const rng = seeded(seed).fork(`${rows}x${columns}`);
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => rng.next() - 0.5),
  );
};
const spd = (n: number): Matrix => {
  const b = random(n, n + 3);
  const a = cpu.multiply(b, b, { transposeB: true });
  for (let i = 0; i < n; i++) a.data[i * n + i]! += 0.1;
  return a;
};
const gap = (a: Matrix, b: Matrix) =>
  a.data.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b.data[i]!)), 0);

describe('cpu', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 33, 100])('rebuilds a %i×%i matrix from its factor', (n) => {
    const a = spd(n);
    const l = cpu.cholesky(a);
    expect(gap(cpu.multiply(l, l, { transposeB: true }), a)).toBeLessThan(20 * n * n * cpu.epsilon);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(l.data[i * n + j]).toBe(0);
  });

  it.each([
    [9, 1],
    [9, 3],
    [30, 17],
  ])('solves both triangles of order %i for %i right-hand sides', (n, m) => {
    const l = cpu.cholesky(spd(n));
    const b = random(n, m);
    const x = cpu.solveTriangular(l, b);
    const y = cpu.solveTriangular(l, b, { transpose: true });
    expect(gap(cpu.multiply(l, x), b)).toBeLessThan(100 * n * cpu.epsilon);
    expect(gap(cpu.multiply(l, y, { transposeA: true }), b)).toBeLessThan(100 * n * cpu.epsilon);
  });

  it.each([0, 1, 5, 12, 29])('gives appended rows the bits of a new factorization, from row %i', (before) => {
    const n = 30;
    const a = spd(n);
    const head = matrix(before, before);
    for (let i = 0; i < before; i++) head.data.set(a.data.subarray(i * n, i * n + before), i * before);
    const rows = matrix(n - before, n, a.data.slice(before * n));
    expect(cpu.appendRows(cpu.cholesky(head), rows).data).toEqual(cpu.cholesky(a).data);
  });

  it('names the pivot of an indefinite, a NaN and an infinite matrix', () => {
    for (const [bad, pivot] of [
      [[1, 2, 2, 1], 1],
      [[Number.NaN, 0, 0, 1], 0],
      [[Infinity, 0, 0, 1], 0],
    ] as const)
      expect(() => cpu.cholesky(matrix(2, 2, Float64Array.from(bad)))).toThrowError(
        expect.toSatisfy((e) => e instanceof NotPositiveDefiniteError && e.pivot === pivot),
      );
  });

  it('refuses sizes that do not fit and takes empty ones', () => {
    expect(() => cpu.multiply(matrix(2, 3), matrix(2, 3))).toThrow(ShapeError);
    expect(() => cpu.cholesky(matrix(2, 3))).toThrow(ShapeError);
    expect(() => cpu.solveTriangular(matrix(2, 2), matrix(3, 1))).toThrow(ShapeError);
    expect(() => cpu.appendRows(matrix(2, 2), matrix(1, 2))).toThrow(ShapeError);
    expect(cpu.cholesky(matrix(0, 0)).data).toHaveLength(0);
    expect(cpu.multiply(matrix(2, 0), matrix(0, 2)).data).toEqual(new Float64Array(4));
  });

  it('multiplies 2×2 by hand in all four transpositions', () => {
    const a = matrixOf([
      [1, 2],
      [3, 4],
    ]);
    const b = matrixOf([
      [5, 6],
      [7, 8],
    ]);
    expect([...cpu.multiply(a, b).data]).toEqual([19, 22, 43, 50]);
    expect([...cpu.multiply(a, b, { transposeA: true }).data]).toEqual([26, 30, 38, 44]);
    expect([...cpu.multiply(a, b, { transposeB: true }).data]).toEqual([17, 23, 39, 53]);
    expect([...cpu.multiply(a, b, { transposeA: true, transposeB: true }).data]).toEqual([23, 31, 34, 46]);
  });
});
