import { type Matrix, type MultiplyOptions, matrix } from '@foothold/core';
import { gemm } from './cpu-multiply.ts';
import { productShape } from './shapes.ts';

/** op(a) · op(b) in plain JavaScript, as `multiply` of the contract. Every entry is one sum in ascending order. */
export function cpuProduct(a: Matrix, b: Matrix, options: MultiplyOptions = {}): Matrix {
  const { rows, inner, columns } = productShape(a, b, options);
  const result = matrix(rows, columns);
  const left = options.transposeA ? transposed(a) : a.data;
  const right = options.transposeB ? transposed(b) : b.data;
  gemm({ rows, inner, columns, left, right, result: result.data });
  return result;
}

function transposed(a: Matrix): Float64Array {
  const { rows, columns, data } = a;
  const result = new Float64Array(data.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0, at = i * columns; j < columns; j++, at++) result[j * rows + i] = data[at]!;
  return result;
}
