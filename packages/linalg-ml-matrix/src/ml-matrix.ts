import {
  type LinearAlgebra,
  type Matrix,
  type MultiplyOptions,
  matrix,
  NotPositiveDefiniteError,
  type SolveOptions,
} from '@foothold/core';
import { cpu, mirrored, productShape, requireSquare } from '@foothold/linalg';
import { CholeskyDecomposition } from 'ml-matrix';
import { fromMlMatrix, toMlMatrix } from './convert.ts';

/**
 * ml-matrix as a backend: its products and its Cholesky decomposition, on the calling thread, float64.
 *
 * Where ml-matrix would clamp a negative pivot to 0 and go on, this throws NotPositiveDefiniteError. ml-matrix has no
 * triangular solve; that one is the plain-JavaScript backend's.
 */
export function mlMatrix() {
  return {
    name: 'ml-matrix',
    epsilon: 2 ** -53,

    multiply(a: Matrix, b: Matrix, options: MultiplyOptions = {}): Matrix {
      const { rows, inner, columns } = productShape(a, b, options);
      if (inner === 0) return matrix(rows, columns);
      const left = options.transposeA ? toMlMatrix(a).transpose() : toMlMatrix(a);
      const right = options.transposeB ? toMlMatrix(b).transpose() : toMlMatrix(b);
      return fromMlMatrix(left.mmul(right));
    },

    cholesky(a: Matrix): Matrix {
      requireSquare(a, 'the matrix to factor');
      const symmetric = mirrored(a);
      // ml-matrix takes a NaN for asymmetry; the plain backend names its pivot.
      if (symmetric.data.some(Number.isNaN)) return cpu.cholesky(a);
      const decomposition = new CholeskyDecomposition(toMlMatrix(symmetric));
      const l = fromMlMatrix(decomposition.lowerTriangularMatrix);
      if (!decomposition.isPositiveDefinite()) throw firstBadPivot(a, l);
      return l;
    },

    solveTriangular(l: Matrix, b: Matrix, options: SolveOptions = {}): Matrix {
      return cpu.solveTriangular(l, b, options);
    },
  } satisfies LinearAlgebra;
}

/** The first pivot that is not positive (ml-matrix leaves 0 or NaN there), with the value that it clamped. */
function firstBadPivot(a: Matrix, l: Matrix): NotPositiveDefiniteError {
  const n = a.rows;
  let j = 0;
  while (j < n - 1 && l.data[j * n + j]! > 0) j++;
  let pivot = a.data[j * n + j]!;
  for (let k = 0; k < j; k++) pivot -= l.data[j * n + k]! ** 2;
  return new NotPositiveDefiniteError(j, pivot);
}
