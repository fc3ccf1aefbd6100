import type { Awaitable } from './awaitable.ts';
import type { Matrix } from './matrix.ts';

/**
 * The numbers of k(a, b) = s · f(r) with r² = Σ over ordinary columns ((aⱼ − bⱼ) / ℓⱼ)² + Σ over categorical columns [aⱼ ≠ bⱼ] / ℓⱼ².
 */
export interface StationaryKernel {
  /**
   * Name of f. `matern52`: (1 + √5 r + 5r²/3) exp(−√5 r). `matern32`: (1 + √3 r) exp(−√3 r). `rbf`: exp(−r²/2). Other names
   * are free; a backend computes only those that it lists in `StationaryAlgebra.families`.
   */
  readonly family: string;
  /** s, positive. */
  readonly outputScale: number;
  /** ℓ, d positive numbers. */
  readonly lengthscales: Float64Array;
  /** 1 where a column compares by equality, d. */
  readonly categorical: Uint8Array;
}

/** Observations as the arithmetic sees them: x n×d, y n (centred), noise n variances that are added to the diagonal. */
export interface StationaryProblem {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly noise: Float64Array;
}

/** A factored problem: L·Lᵀ = K(x, x) + diag(noise), alpha = (L·Lᵀ)⁻¹ y. */
export interface StationaryFit {
  readonly x: Matrix;
  readonly factor: Matrix;
  readonly alpha: Float64Array;
}

/**
 * Gaussian-process arithmetic on a stationary kernel in one call each, for backends where that saves copies and passes
 * over memory. Optional: callers without it, or with a kernel of a family that is not listed, get the same from `cholesky`,
 * `solveTriangular` and a Kernel. Each member throws UnsupportedError for a family that is not listed.
 */
export interface StationaryAlgebra {
  /** Names of the kernel families that the members compute. */
  readonly families: readonly string[];
  /** k(aᵢ, bⱼ): n×m. */
  covariance(kernel: StationaryKernel, a: Matrix, b: Matrix): Awaitable<Matrix>;
  /** Covariance, its factor and alpha. Throws NotPositiveDefiniteError. */
  factor(
    kernel: StationaryKernel,
    problem: StationaryProblem,
  ): Awaitable<{ readonly factor: Matrix; readonly alpha: Float64Array }>;
  /** log N(y; 0, K + diag(noise)) with its derivatives. Throws NotPositiveDefiniteError. */
  evidence(
    kernel: StationaryKernel,
    problem: StationaryProblem,
    options?: { readonly inputs?: boolean },
  ): Awaitable<{
    readonly value: number;
    /** (K + diag(noise))⁻¹ y, n: minus the derivative in y. */
    readonly alpha: Float64Array;
    readonly dOutputScale: number;
    /** ∂/∂ℓ, d. */
    readonly dLengthscales: Float64Array;
    /** ∂/∂noiseᵢ = ½(αᵢ² − (K⁻¹)ᵢᵢ), n. */
    readonly dNoise: Float64Array;
    /** ∂/∂x, n×d, when `inputs` asks for it (0 in categorical columns). */
    readonly dInputs?: Matrix;
  }>;
  /** Mean m, variance m of the noise-free value (never below 0) and whitened covariances L⁻¹k(x, pointᵢ) as rows, m×n. */
  predict(
    kernel: StationaryKernel,
    fit: StationaryFit,
    points: Matrix,
  ): Awaitable<{ readonly mean: Float64Array; readonly variance: Float64Array; readonly whitened: Matrix }>;
  /** ∂/∂pointᵢ of dMeanᵢ·meanᵢ + dVarianceᵢ·varianceᵢ, m×d; `whitened` as predict returned it. */
  pullback(
    kernel: StationaryKernel,
    fit: StationaryFit,
    at: {
      readonly points: Matrix;
      readonly whitened: Matrix;
      readonly dMean: Float64Array;
      readonly dVariance: Float64Array;
    },
  ): Awaitable<Matrix>;
}
