import { type LinearAlgebra, type Matrix, matrix, type SolveOptions } from '@foothold/core';
import { factorRows } from './cpu-cholesky.ts';
import { cpuProduct } from './cpu-product.ts';
import { solveLower, solveUpper } from './cpu-solve.ts';
import { requireAppendable, requireSolvable, requireSquare } from './shapes.ts';

/**
 * float64 in plain JavaScript on the calling thread: the reference that other backends are tested against, and the
 * fallback where WebAssembly SIMD is missing. Its methods are synchronous for callers who name it. Every entry of a
 * factor is one sum in ascending order, so that appended rows have the same bits as a new factorization.
 */
export const cpu = {
  name: 'cpu',
  epsilon: 2 ** -53,

  multiply: cpuProduct,

  cholesky(a: Matrix): Matrix {
    requireSquare(a, 'the matrix to factor');
    const n = a.rows;
    const l = matrix(n, n);
    for (let i = 0; i < n; i++) l.data.set(a.data.subarray(i * n, i * n + i + 1), i * n);
    factorRows(l.data, n, 0);
    return l;
  },

  solveTriangular(l: Matrix, b: Matrix, { transpose = false }: SolveOptions = {}): Matrix {
    requireSolvable(l, b);
    const x = matrix(b.rows, b.columns, Float64Array.from(b.data));
    if (transpose) solveUpper(l, x);
    else solveLower(l, x);
    return x;
  },

  appendRows(l: Matrix, rows: Matrix): Matrix {
    requireAppendable(l, rows);
    const before = l.rows;
    const n = rows.columns;
    const result = matrix(n, n);
    for (let i = 0; i < before; i++) result.data.set(l.data.subarray(i * before, i * before + i + 1), i * n);
    for (let i = before; i < n; i++) {
      const from = (i - before) * n;
      result.data.set(rows.data.subarray(from, from + i + 1), i * n);
    }
    factorRows(result.data, n, before);
    return result;
  },
} satisfies LinearAlgebra;
