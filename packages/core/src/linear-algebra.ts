import type { Awaitable } from './awaitable.ts';
import type { Matrix } from './matrix.ts';
import type { StationaryAlgebra } from './stationary.ts';

export interface MultiplyOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}
export interface SolveOptions {
  readonly transpose?: boolean;
}

/** The three dense operations a Gaussian process needs. Host memory in, host memory out; a device uploads and reads back inside one call. */
export interface LinearAlgebra {
  readonly name: string;
  /** Unit roundoff of the arithmetic: 2^-53 for float64, 2^-24 for float32. Callers derive noise floors and tolerances from it. */
  readonly epsilon: number;
  /** op(a) · op(b), where op transposes when asked. Throws ShapeError. */
  multiply(a: Matrix, b: Matrix, options?: MultiplyOptions): Awaitable<Matrix>;
  /** Lower L with L·Lᵀ = a (n×n; only the lower triangle is read; the upper triangle of L is zero). Throws NotPositiveDefiniteError with the failing pivot. */
  cholesky(a: Matrix): Awaitable<Matrix>;
  /** X with L·X = b, or Lᵀ·X = b with `transpose`. L n×n, b n×m. */
  solveTriangular(l: Matrix, b: Matrix, options?: SolveOptions): Awaitable<Matrix>;
  /** The factor of [[a, c], [cᵀ, e]] from the factor l of a (n×n): rows is [c e]'s lower part, k×(n+k). O(k·n²). Throws NotPositiveDefiniteError. */
  appendRows?(l: Matrix, rows: Matrix): Awaitable<Matrix>;
  /** Fused Gaussian-process arithmetic, where the backend has it. */
  readonly stationary?: StationaryAlgebra;
  dispose?(): Awaitable<void>;
}
