/**
 * Gaussian-process arithmetic for one kernel.
 *
 * x n×d points, y n centred values, noise n variances on the diagonal
 * L lower factor of K(x, x) + diag(noise); alpha = (L·Lᵀ)⁻¹ y
 * whitened rows L⁻¹k(x, pointᵢ), m×n
 */
import type { Kernel, Matrix, StationaryProblem } from '@foothold/core';

export interface Evidence {
  readonly value: number;
  readonly alpha: Float64Array;
  readonly dTheta: Float64Array;
  readonly dNoise: Float64Array;
  readonly dInputs?: Matrix | undefined;
}

/** A factored problem. */
export interface Factored {
  readonly x: Matrix;
  readonly factor: Matrix;
  readonly alpha: Float64Array;
}

export interface Prediction {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly whitened: Matrix;
}

export interface PullbackProblem {
  readonly points: Matrix;
  readonly whitened: Matrix;
  readonly dMean: Float64Array;
  readonly dVariance: Float64Array;
}

/** The same members as core's StationaryAlgebra, for any kernel. Each may throw NotPositiveDefiniteError. */
export interface Arithmetic {
  evidence(
    kernel: Kernel,
    problem: StationaryProblem,
    options?: { readonly inputs?: boolean },
  ): Promise<Evidence>;
  factor(kernel: Kernel, problem: StationaryProblem): Promise<Factored>;
  predict(kernel: Kernel, fit: Factored, points: Matrix): Promise<Prediction>;
  pullback(kernel: Kernel, fit: Factored, at: PullbackProblem): Promise<Matrix>;
}
