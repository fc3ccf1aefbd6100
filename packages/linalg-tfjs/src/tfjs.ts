/**
 * Blocked dense algebra on TensorFlow.js, which has products in float32 and no Cholesky.
 *
 * b    panel width: panels n×b are factored on the host in float64, everything behind them is one product on the device
 * A22  trailing matrix, lives on the device: A22 ← A22 − L21·L21ᵀ
 */
import {
  type LinearAlgebra,
  type Matrix,
  type MultiplyOptions,
  matrix,
  NotPositiveDefiniteError,
  type SolveOptions,
} from '@foothold/core';
import {
  blockedSolve,
  cpu,
  factorPanel,
  mirrored,
  productShape,
  requireSolvable,
  requireSquare,
  scaled,
  setBlock,
  times,
} from '@foothold/linalg';
import { type Device, device, disposing } from './device.ts';
import type { TensorFlowLike, TensorLike } from './tensorflow.ts';

export interface TfjsOptions {
  /** Panel width b: smaller panels put more of the work on the device and read back more often. Default: 128. */
  readonly panel?: number;
}

/**
 * A backend on any TensorFlow.js build, on the backend that is active there (`tf.setBackend`).
 *
 * Arithmetic is float32: `epsilon` is 2⁻²⁴, and a Gaussian process raises its noise floor accordingly. Matrices are scaled by
 * a power of two before they go to the device, so that float64 data outside float32's range passes. Matrices of up to one
 * panel are factored and solved on the host. Every tensor is disposed of before a call returns.
 */
export async function tfjs(tf: TensorFlowLike, { panel = 128 }: TfjsOptions = {}) {
  await tf.ready();
  const on = device(tf);
  return {
    name: `tfjs-${tf.getBackend()}`,
    epsilon: 2 ** -24,

    multiply(a: Matrix, b: Matrix, options: MultiplyOptions = {}): Promise<Matrix> {
      return disposing(async (keep) => {
        const { rows, inner, columns } = productShape(a, b, options);
        if (rows * inner * columns === 0) return matrix(rows, columns);
        const left = scaled(a);
        const right = scaled(b);
        const product = keep(
          on.multiply(keep(on.upload(left.matrix)), keep(on.upload(right.matrix)), {
            a: options.transposeA,
            b: options.transposeB,
          }),
        );
        return times(times(await on.download(product, rows, columns), left.factor), right.factor);
      });
    },

    async cholesky(a: Matrix): Promise<Matrix> {
      requireSquare(a, 'the matrix to factor');
      if (a.rows <= panel) return cpu.cholesky(a);
      const { matrix: unit, factor } = scaled(a, true);
      try {
        return times(await blockedCholesky(on, unit, panel), Math.sqrt(factor));
      } catch (error) {
        throw error instanceof NotPositiveDefiniteError
          ? new NotPositiveDefiniteError(error.pivot, error.value * factor)
          : error;
      }
    },

    async solveTriangular(l: Matrix, b: Matrix, { transpose = false }: SolveOptions = {}): Promise<Matrix> {
      requireSolvable(l, b);
      if (l.rows <= panel || b.columns === 0) return cpu.solveTriangular(l, b, { transpose });
      const left = scaled(l);
      const right = scaled(b);
      const x = await disposing(async (keep) => {
        const factor = keep(on.upload(left.matrix));
        return blockedSolve({ l: left.matrix, b: right.matrix, transpose, panel }, (block, solved) =>
          disposing(async (drop) => {
            const coupling = drop(on.block(factor, block));
            const product = drop(on.multiply(coupling, drop(on.upload(solved)), { a: transpose }));
            return on.download(product, transpose ? block.columns : block.rows, solved.columns);
          }),
        );
      });
      return times(times(x, right.factor), 1 / left.factor);
    },
  } satisfies LinearAlgebra;
}

async function blockedCholesky(on: Device, a: Matrix, panel: number): Promise<Matrix> {
  const n = a.rows;
  const l = matrix(n, n);
  let trailing: TensorLike = on.upload(mirrored(a));
  try {
    for (let from = 0; from < n; from += panel) {
      const left = n - from;
      const width = Math.min(panel, left);
      const columns = await disposing((keep) =>
        on.download(keep(on.block(trailing, { row: 0, column: 0, rows: left, columns: width })), left, width),
      );
      const factored = factorPanel(columns, from);
      setBlock(l, factored, { row: from, column: from });
      if (width === left) break;
      trailing = await disposing(async (keep) => {
        const old = keep(trailing);
        const rest = left - width;
        const below = keep(on.upload(matrix(rest, width, factored.data.subarray(width * width))));
        const update = keep(on.multiply(below, below, { b: true }));
        const corner = keep(on.block(old, { row: width, column: width, rows: rest, columns: rest }));
        return on.subtract(corner, update);
      });
    }
    return l;
  } finally {
    trailing.dispose();
  }
}
