import { type Matrix, matrix } from '@foothold/core';
import { type AbstractMatrix, Matrix as MlMatrix, WrapperMatrix1D } from 'ml-matrix';

/** The matrix for ml-matrix, on the same memory: what one side writes the other reads. (Copied only when it has no rows.) */
export function toMlMatrix(a: Matrix): AbstractMatrix {
  if (a.rows === 0) return new MlMatrix(0, a.columns);
  // The wrapper asks for an array of numbers and only reads and writes by index: a typed array serves.
  return new WrapperMatrix1D(a.data as unknown as number[], { rows: a.rows });
}

/** An ml-matrix matrix for Foothold: on the same memory when it wraps row-major float64 numbers, else a copy. */
export function fromMlMatrix(a: AbstractMatrix): Matrix {
  const data: unknown = 'data' in a ? a.data : undefined;
  if (a instanceof WrapperMatrix1D && data instanceof Float64Array) return matrix(a.rows, a.columns, data);
  const result = matrix(a.rows, a.columns);
  for (let i = 0, at = 0; i < a.rows; i++)
    for (let j = 0; j < a.columns; j++) result.data[at++] = a.get(i, j);
  return result;
}
