import { ShapeError } from './errors.ts';

/** Dense row-major float64 matrix, `data[i * columns + j]`. A plain object: it can be posted to a worker or wrapped without a copy. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** A rows×columns matrix around `data`, without a copy; zeros when `data` is left out. Throws ShapeError when the length does not fit. */
export function matrix(rows: number, columns: number, data?: Float64Array): Matrix {
  if (!Number.isInteger(rows) || !Number.isInteger(columns) || rows < 0 || columns < 0)
    throw new ShapeError(`a matrix cannot be ${rows}×${columns}: sizes are whole numbers from 0`);
  const values = data ?? new Float64Array(rows * columns);
  if (values.length !== rows * columns)
    throw new ShapeError(`a ${rows}×${columns} matrix holds ${rows * columns} numbers, not ${values.length}`);
  return { rows, columns, data: values };
}

/** The matrix with these rows, copied. `columns` is needed only when there are none. Throws ShapeError for ragged rows. */
export function matrixOf(rows: readonly ArrayLike<number>[], columns: number = rows[0]?.length ?? 0): Matrix {
  const result = matrix(rows.length, columns);
  rows.forEach((row, i) => {
    if (row.length !== columns) throw new ShapeError(`row ${i} has ${row.length} numbers, not ${columns}`);
    result.data.set(row, i * columns);
  });
  return result;
}

/** Row i as a view on the same memory. */
export function rowOf(a: Matrix, i: number): Float64Array {
  return a.data.subarray(i * a.columns, (i + 1) * a.columns);
}
