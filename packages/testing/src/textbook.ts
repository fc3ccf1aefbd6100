import {
  type LinearAlgebra,
  type Matrix,
  type MultiplyOptions,
  matrix,
  NotPositiveDefiniteError,
  ShapeError,
  type SolveOptions,
} from '@foothold/core';
import { product } from './matrices.ts';

/** The three operations in float64, each by its definition: what backends are compared with. */
export const textbook = {
  name: 'textbook',
  epsilon: 2 ** -53,
  multiply(a: Matrix, b: Matrix, options: MultiplyOptions = {}): Matrix {
    const inner = options.transposeA ? a.rows : a.columns;
    if (inner !== (options.transposeB ? b.columns : b.rows)) throw new ShapeError('inner sizes differ');
    return product(a, b, options);
  },
  cholesky(a: Matrix): Matrix {
    if (a.rows !== a.columns) throw new ShapeError('not square');
    const n = a.rows;
    const l = matrix(n, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let sum = a.data[i * n + j]!;
        for (let k = 0; k < j; k++) sum -= l.data[i * n + k]! * l.data[j * n + k]!;
        if (i === j && !(sum > 0)) throw new NotPositiveDefiniteError(i, sum);
        l.data[i * n + j] = i === j ? Math.sqrt(sum) : sum / l.data[j * n + j]!;
      }
    return l;
  },
  solveTriangular(l: Matrix, b: Matrix, { transpose = false }: SolveOptions = {}): Matrix {
    if (l.rows !== l.columns || l.rows !== b.rows) throw new ShapeError('sizes differ');
    const n = l.rows;
    const x = matrix(n, b.columns, Float64Array.from(b.data));
    for (let c = 0; c < b.columns; c++)
      for (let step = 0; step < n; step++) {
        const i = transpose ? n - 1 - step : step;
        let sum = x.data[i * b.columns + c]!;
        for (let k = transpose ? i + 1 : 0; k < (transpose ? n : i); k++)
          sum -= (transpose ? l.data[k * n + i]! : l.data[i * n + k]!) * x.data[k * b.columns + c]!;
        x.data[i * b.columns + c] = sum / l.data[i * n + i]!;
      }
    return x;
  },
} satisfies LinearAlgebra;
