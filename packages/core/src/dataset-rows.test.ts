import { describe, expect, it } from 'vitest';
import { concatMatrixRows, concatRows, rowsByValue, selectMatrixRows, selectRows } from './dataset-rows.ts';
import { matrix, matrixOf } from './matrix.ts';
import type { Dataset } from './surrogate.ts';

const data: Dataset = {
  x: matrixOf([
    [1, 2],
    [3, 4],
    [5, 6],
  ]),
  y: Float64Array.of(10, 30, 20),
};
const noisy: Dataset = { x: matrixOf([[7, 8]]), y: Float64Array.of(40), noise: Float64Array.of(0.5) };

describe('dataset rows', () => {
  it('are selected in the order that is asked for, twice where asked twice', () => {
    const chosen = selectRows(
      { ...data, noise: Float64Array.of(1, 2, 3), isPenalty: [false, false, true] },
      [2, 0, 2],
    );
    expect(chosen).toEqual({
      x: matrixOf([
        [5, 6],
        [1, 2],
        [5, 6],
      ]),
      y: Float64Array.of(20, 10, 20),
      noise: Float64Array.of(3, 1, 3),
      isPenalty: [true, false, true],
    });
  });

  it('are copies', () => {
    const chosen = selectMatrixRows(data.x, [1]);
    chosen.data[0] = 99;
    expect(data.x.data[2]).toBe(3);
  });

  it('keep the number of columns where none is selected', () => {
    expect(selectRows(data, [])).toEqual({ x: matrix(0, 2), y: new Float64Array(0) });
  });

  it('have noise 0 where only the other dataset knows its noise', () => {
    expect(concatRows(data, noisy).noise).toEqual(Float64Array.of(0, 0, 0, 0.5));
    expect(concatRows(noisy, data).noise).toEqual(Float64Array.of(0.5, 0, 0, 0));
    expect('noise' in concatRows(data, data)).toBe(false);
  });

  it('are split and joined to the same dataset', () => {
    expect(concatRows(selectRows(data, [0]), selectRows(data, [1, 2]))).toEqual(data);
    expect(concatMatrixRows(matrix(0, 2), data.x)).toEqual(data.x);
  });

  it('are ordered from the largest value, equal ones in their order', () => {
    expect(rowsByValue(Float64Array.of(1, 3, 1, 3, 2))).toEqual([1, 3, 4, 0, 2]);
    expect(rowsByValue(Float64Array.of(0, -Infinity, Infinity))).toEqual([2, 0, 1]);
  });
});
