/** Parts of a dataset. */
import { type Dataset, type Matrix, rowOf, rowsByValue, selectMatrixRows, selectRows } from '@foothold/core';

/** The rows whose point is wanted. */
export function rowsWhere(data: Dataset, keep: (row: Float64Array) => boolean): Dataset {
  return selectRows(
    data,
    Array.from(data.y.keys()).filter((i) => keep(rowOf(data.x, i))),
  );
}

/** The points of the largest values, best first, at most count×d. */
export function bestRows({ x, y }: Dataset, count: number): Matrix {
  return selectMatrixRows(x, rowsByValue(y).slice(0, count));
}
