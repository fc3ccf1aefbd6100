import { matrix, NotPositiveDefiniteError } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { describeLinearAlgebra } from '@foothold/testing';
import { Matrix as MlMatrix, WrapperMatrix1D } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { fromMlMatrix, toMlMatrix } from './convert.ts';
import { mlMatrix } from './ml-matrix.ts';

describeLinearAlgebra('ml-matrix', mlMatrix);

describe('mlMatrix', () => {
  it('throws where ml-matrix alone would clamp a negative pivot', () => {
    const a = matrix(3, 3, Float64Array.of(4, 2, 2, 2, 1, 1, 2, 1, 0.5));
    expect(() => mlMatrix().cholesky(a)).toThrow(NotPositiveDefiniteError);
    const b = matrix(2, 2, Float64Array.of(1, 0, 3, 4));
    expect(() => mlMatrix().cholesky(b)).toThrow('pivot 1 is -5');
  });
  it('gives the same factor as the plain backend', () => {
    const a = matrix(3, 3, Float64Array.of(4, 9, 9, 2, 5, 9, -2, 1, 6));
    const gaps = mlMatrix()
      .cholesky(a)
      .data.map((v, i) => Math.abs(v - cpu.cholesky(a).data[i]!));
    expect(Math.max(...gaps)).toBeLessThan(1e-15);
  });
});

describe('conversions', () => {
  it('share memory towards ml-matrix and back', () => {
    const a = matrix(2, 3, Float64Array.of(1, 2, 3, 4, 5, 6));
    const ml = toMlMatrix(a);
    ml.set(1, 2, 60);
    expect(a.data[5]).toBe(60);
    expect(fromMlMatrix(ml).data).toBe(a.data);
  });
  it('copy rows of arrays, whole and in order', () => {
    expect(
      fromMlMatrix(
        new MlMatrix([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ),
    ).toEqual(matrix(3, 2, Float64Array.of(1, 2, 3, 4, 5, 6)));
    expect(fromMlMatrix(new WrapperMatrix1D([1, 2, 3, 4], { rows: 2 })).data).toEqual(
      Float64Array.of(1, 2, 3, 4),
    );
    expect(fromMlMatrix(toMlMatrix(matrix(0, 3)))).toEqual(matrix(0, 3));
  });
});
