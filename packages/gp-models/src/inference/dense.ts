import { type Matrix, matrix } from '@foothold/core';

/** aᵀ, copied. */
export function transposed(a: Matrix): Matrix {
  const { rows, columns, data } = a;
  const result = matrix(columns, rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0, at = i * columns; j < columns; j++, at++) result.data[j * rows + i] = data[at]!;
  return result;
}

/** A column, n×1, on the same memory. */
export function columnOf(values: Float64Array): Matrix {
  return matrix(values.length, 1, values);
}

export function identity(n: number): Matrix {
  const result = matrix(n, n);
  for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
  return result;
}

/** `a` with `values` added to its diagonal, one value or one for each row, in place. */
export function addToDiagonal(a: Matrix, values: number | Float64Array): Matrix {
  const n = a.columns;
  for (let i = 0; i < a.rows; i++)
    a.data[i * n + i] = a.data[i * n + i]! + (typeof values === 'number' ? values : values[i]!);
  return a;
}

/** a·b, or a·bᵀ. */
export function matrixProduct(a: Matrix, b: Matrix, transposeB = false): Matrix {
  const columns = transposeB ? b.rows : b.columns;
  const inner = a.columns;
  const result = matrix(a.rows, columns);
  const { data } = result;
  for (let i = 0; i < a.rows; i++) {
    if (transposeB) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0, u = i * inner, v = j * inner; k < inner; k++, u++, v++)
          sum += a.data[u]! * b.data[v]!;
        data[i * columns + j] = sum;
      }
      continue;
    }
    for (let k = 0; k < inner; k++) {
      const value = a.data[i * inner + k]!;
      if (value === 0) continue;
      for (let j = 0, u = i * columns, v = k * columns; j < columns; j++, u++, v++)
        data[u] = data[u]! + value * b.data[v]!;
    }
  }
  return result;
}

/** Adds `part` to `target`, entry by entry. */
export function addInPlace(target: Matrix, part: Matrix): void {
  for (let i = 0; i < target.data.length; i++) target.data[i] = target.data[i]! + part.data[i]!;
}

/** a + aᵀ of a square matrix. */
export function symmetrized(a: Matrix): Matrix {
  const result = transposed(a);
  addInPlace(result, a);
  return result;
}
