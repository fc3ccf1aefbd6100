import {
  type Dataset,
  type Matrix,
  type Posterior,
  rowsByValue,
  selectMatrixRows,
  UnsupportedError,
} from '@foothold/core';

/** What counts as the best so far: the largest observed value, or the largest posterior mean at an observed point. */
export type Incumbent = 'observed' | 'posterior-mean';

/** The value to improve on, in the units of the data. Throws UnsupportedError when the data is empty. */
export async function incumbentValue(
  belief: { readonly posterior: Posterior; readonly data: Dataset },
  incumbent: Incumbent,
): Promise<number> {
  const { posterior, data } = belief;
  if (data.y.length === 0)
    throw new UnsupportedError(
      'improvement on an empty dataset',
      'this acquisition',
      'evaluate a first point',
    );
  const values = incumbent === 'observed' ? data.y : (await posterior.marginals(leading(data))).mean;
  return values.reduce((a, b) => Math.max(a, b));
}

/** Rows whose posterior mean may be the largest: those of the largest values, so that a long history costs no more. */
const maxRows = 64;

function leading({ x, y }: Dataset): Matrix {
  return y.length <= maxRows ? x : selectMatrixRows(x, rowsByValue(y).slice(0, maxRows));
}
