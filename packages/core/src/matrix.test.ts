import { describe, expect, it } from 'vitest';
import { ShapeError } from './errors.ts';
import { matrix, matrixOf, rowOf } from './matrix.ts';

describe('a matrix', () => {
  it('is row-major and wraps its numbers without a copy', () => {
    const data = Float64Array.of(1, 2, 3, 4, 5, 6);
    const a = matrix(2, 3, data);
    data[5] = 60;
    expect(rowOf(a, 1)).toEqual(Float64Array.of(4, 5, 60));
  });
  it('starts as zeros and may have no rows', () => {
    expect(matrix(2, 2).data).toEqual(new Float64Array(4));
    expect(matrix(0, 3).data).toHaveLength(0);
  });
  it.each([
    [2, 2, 3],
    [-1, 2, 0],
    [1.5, 2, 3],
  ])('refuses %d×%d with %d numbers', (rows, columns, length) => {
    expect(() => matrix(rows, columns, new Float64Array(length))).toThrow(ShapeError);
  });
  it('is made of rows of one length', () => {
    expect(matrixOf([[1, 2], Float64Array.of(3, 4)])).toEqual(matrix(2, 2, Float64Array.of(1, 2, 3, 4)));
    expect(matrixOf([], 4)).toEqual(matrix(0, 4));
    expect(() => matrixOf([[1, 2], [3]])).toThrow('row 1 has 1 numbers, not 2');
  });
});
