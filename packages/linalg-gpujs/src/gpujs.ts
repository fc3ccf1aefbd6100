/**
 * Blocked dense algebra on gpu.js, left-looking: each panel of columns first takes what the finished columns to its left
 * owe it, in one kernel call (A − L·Lᵀ), and is then factored on the host in float64.
 */
import {
  type LinearAlgebra,
  type Matrix,
  type MultiplyOptions,
  matrix,
  NotPositiveDefiniteError,
  type SolveOptions,
  type StationaryKernel,
} from '@foothold/core';
import {
  blockedSolve,
  blockOf,
  cpu,
  factorPanel,
  productShape,
  requireSolvable,
  requireSquare,
  scaled,
  setBlock,
  times,
  transposed,
} from '@foothold/linalg';
import type { GpuLike } from './gpu.ts';
import { type DeviceKernels, deviceKernels } from './kernels.ts';

export interface GpujsOptions {
  /** Panel width. Default: 128. */
  readonly panel?: number;
}

/**
 * A backend on a `GPU` of gpu.js: WebGL in browsers, headless GL in Node where it is built, and gpu.js's CPU mode elsewhere
 * (`new GPU({ mode: 'cpu' })`).
 *
 * Results are float32 (`epsilon` 2⁻²⁴). Matrices are scaled by a power of two on their way to the device. Inner sizes above
 * 16,384 throw UnsupportedError. `dispose` frees the compiled kernels.
 */
export function gpujs(gpu: GpuLike, { panel = 128 }: GpujsOptions = {}) {
  const on = deviceKernels(gpu);
  return {
    name: `gpujs-${gpu.mode ?? 'gpu'}`,
    epsilon: 2 ** -24,

    multiply(a: Matrix, b: Matrix, options: MultiplyOptions = {}): Matrix {
      const { rows, inner, columns } = productShape(a, b, options);
      if (rows * inner * columns === 0) return matrix(rows, columns);
      const left = scaled(a);
      const right = scaled(b);
      const product = on.product(
        options.transposeA ? transposed(left.matrix) : left.matrix,
        options.transposeB ? right.matrix : transposed(right.matrix),
      );
      return times(times(product, left.factor), right.factor);
    },

    cholesky(a: Matrix): Matrix {
      requireSquare(a, 'the matrix to factor');
      if (a.rows <= panel) return cpu.cholesky(a);
      const { matrix: unit, factor } = scaled(a, true);
      try {
        return times(blockedCholesky(on, unit, panel), Math.sqrt(factor));
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
      const x = await blockedSolve({ l: left.matrix, b: right.matrix, transpose, panel }, (block, solved) => {
        const coupling = blockOf(left.matrix, block);
        return on.product(transpose ? transposed(coupling) : coupling, transposed(solved));
      });
      return times(times(x, right.factor), 1 / left.factor);
    },

    /**
     * k(aᵢ, bⱼ) of a stationary kernel, n×m, computed on the device. For callers with a real GPU: a Gaussian process
     * computes its kernel on the host in float64, which is faster than this in CPU mode and on software GL. Throws UnsupportedError for families other than `matern52` and `rbf`.
     */
    covariance(kernel: StationaryKernel, a: Matrix, b: Matrix): Matrix {
      return a.rows * b.rows === 0 ? matrix(a.rows, b.rows) : on.covariance(kernel, a, b);
    },

    dispose(): void {
      on.destroy();
    },
  } satisfies LinearAlgebra & { covariance: unknown };
}

function blockedCholesky(on: DeviceKernels, a: Matrix, panel: number): Matrix {
  const n = a.rows;
  const l = matrix(n, n);
  for (let from = 0; from < n; from += panel) {
    const width = Math.min(panel, n - from);
    const rows = n - from;
    let columns = blockOf(a, { row: from, column: from, rows, columns: width });
    if (from > 0) {
      const done = blockOf(l, { row: from, column: 0, rows, columns: from });
      const head = matrix(width, from, done.data.subarray(0, width * from));
      columns = on.update(columns, done, head);
    }
    setBlock(l, factorPanel(columns, from), { row: from, column: from });
  }
  return l;
}
