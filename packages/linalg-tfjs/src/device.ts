import { type Matrix, matrix } from '@foothold/core';
import type { TensorFlowLike, TensorLike } from './tensorflow.ts';

/** TensorFlow.js operations on host matrices, float32 on the device, every tensor disposed of by who made it. */
export interface Device {
  upload(a: Matrix): TensorLike;
  download(tensor: TensorLike, rows: number, columns: number): Promise<Matrix>;
  multiply(
    a: TensorLike,
    b: TensorLike,
    transpose?: { readonly a?: boolean | undefined; readonly b?: boolean | undefined },
  ): TensorLike;
  subtract(a: TensorLike, b: TensorLike): TensorLike;
  block(
    x: TensorLike,
    at: { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number },
  ): TensorLike;
}

export function device(tf: TensorFlowLike): Device {
  return {
    upload: (a) => tf.tensor2d(Float32Array.from(a.data), [a.rows, a.columns], 'float32'),
    download: async (tensor, rows, columns) => matrix(rows, columns, Float64Array.from(await tensor.data())),
    multiply: (a, b, transpose = {}) =>
      tf.matMul(a as never, b as never, transpose.a ?? false, transpose.b ?? false),
    subtract: (a, b) => tf.sub(a as never, b as never),
    block: (x, { row, column, rows, columns }) => tf.slice(x as never, [row, column], [rows, columns]),
  };
}

/** Runs `work` with a `keep` that remembers tensors, and disposes of them all afterwards, also after an error. */
export async function disposing<T>(
  work: (keep: <U extends TensorLike>(tensor: U) => U) => Promise<T>,
): Promise<T> {
  const kept: TensorLike[] = [];
  try {
    return await work((tensor) => {
      kept.push(tensor);
      return tensor;
    });
  } finally {
    for (const tensor of kept) tensor.dispose();
  }
}
