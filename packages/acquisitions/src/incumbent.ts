import { type Dataset, type Matrix, matrixOf, type Posterior, rowOf, UnsupportedError } from '@foothold/core';

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
const rowsTried = 64;

function leading({ x, y }: Dataset): Matrix {
  if (y.length <= rowsTried) return x;
  const order = Array.from(y, (_, i) => i).sort((a, b) => y[b]! - y[a]!);
  return matrixOf(order.slice(0, rowsTried).map((i) => rowOf(x, i)));
}
