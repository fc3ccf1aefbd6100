/** Rows of datasets and matrices, chosen and joined; every result is a copy. */
import { type Matrix, matrix } from './matrix.ts';
import type { Dataset } from './surrogate.ts';

/** These rows of a matrix, in this order. */
export function selectMatrixRows(a: Matrix, rows: ArrayLike<number>): Matrix {
  const d = a.columns;
  const result = matrix(rows.length, d);
  for (let k = 0; k < rows.length; k++)
    result.data.set(a.data.subarray(rows[k]! * d, (rows[k]! + 1) * d), k * d);
  return result;
}

/** These rows of a dataset, in this order, with their noise and penalties where these are known. */
export function selectRows({ x, y, noise, isPenalty }: Dataset, rows: readonly number[]): Dataset {
  return {
    x: selectMatrixRows(x, rows),
    y: Float64Array.from(rows, (i) => y[i]!),
    ...(noise && { noise: Float64Array.from(rows, (i) => noise[i]!) }),
    ...(isPenalty && { isPenalty: rows.map((i) => isPenalty[i]!) }),
  };
}

/** The rows of `a`, then those of `b`. Both have the same columns. */
export function concatMatrixRows(a: Matrix, b: Matrix): Matrix {
  return matrix(a.rows + b.rows, a.columns, concatArrays(a.data, b.data));
}

/** The rows of `a`, then those of `b`. Where one of them has noise, the rows of the other have noise 0. */
export function concatRows(a: Dataset, b: Dataset): Dataset {
  const x = concatMatrixRows(a.x, b.x);
  const y = concatArrays(a.y, b.y);
  if (!a.noise && !b.noise) return { x, y };
  const noiseOf = (data: Dataset) => data.noise ?? new Float64Array(data.y.length);
  return { x, y, noise: concatArrays(noiseOf(a), noiseOf(b)) };
}

/** Indices of the values from the largest to the smallest; equal ones keep their order. */
export function rowsByValue(y: Float64Array): number[] {
  return Array.from(y.keys()).sort((a, b) => y[b]! - y[a]!);
}

function concatArrays(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}
