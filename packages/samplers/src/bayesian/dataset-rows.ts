/** Parts of a dataset, as new datasets. */
import { type Dataset, type Matrix, matrix, matrixOf, rowOf } from '@foothold/core';

/** The dataset with further rows. */
export function withRows(data: Dataset, x: Matrix, y: Float64Array): Dataset {
  const rows = (a: Float64Array, b: Float64Array) => Float64Array.from([...a, ...b]);
  return {
    x: matrix(data.x.rows + x.rows, x.columns, rows(data.x.data, x.data)),
    y: rows(data.y, y),
    ...(data.noise && { noise: rows(data.noise, new Float64Array(y.length)) }),
  };
}

/** The rows whose point is wanted. */
export function rowsWhere(data: Dataset, keep: (row: Float64Array) => boolean): Dataset {
  return rowsAt(
    data,
    Array.from(data.y, (_, i) => i).filter((i) => keep(rowOf(data.x, i))),
  );
}

/** These rows. */
export function rowsAt({ x, y, noise }: Dataset, rows: readonly number[]): Dataset {
  return {
    x: matrixOf(
      rows.map((i) => rowOf(x, i)),
      x.columns,
    ),
    y: Float64Array.from(rows, (i) => y[i]!),
    ...(noise && { noise: Float64Array.from(rows, (i) => noise[i]!) }),
  };
}

/** The points of the largest values, best first, count×d at most. */
export function bestRows({ x, y }: Dataset, count: number): Matrix {
  const order = Array.from(y, (_, i) => i).sort((a, b) => y[b]! - y[a]!);
  return matrixOf(
    order.slice(0, count).map((i) => rowOf(x, i)),
    x.columns,
  );
}
