import type { Matrix } from './matrix.ts';
import type { StationaryKernel } from './stationary.ts';

/** Covariance function, immutable. Both gradients are pullbacks: they take the weights of a sum and return the gradient of that sum. */
export interface Kernel {
  /** Unconstrained (log-scale) hyperparameters, p. */
  readonly theta: Float64Array;
  withTheta(theta: Float64Array): Kernel;
  /** k(aᵢ, bⱼ): a n×d, b m×d → n×m. */
  covariance(a: Matrix, b: Matrix): Matrix;
  /** k(aᵢ, aᵢ): n. */
  variance(a: Matrix): Float64Array;
  /** ∂/∂θ of Σᵢⱼ wᵢⱼ k(aᵢ, aⱼ): w n×n → p. */
  thetaGradient(a: Matrix, w: Matrix): Float64Array;
  /** ∂/∂aᵢ of Σⱼ wᵢⱼ k(aᵢ, bⱼ): w n×m → n×d. */
  inputGradient(a: Matrix, b: Matrix, w: Matrix): Matrix;
  /** log p(θ) and its gradient, p; zeros for a flat prior. */
  /** The same kernel as plain numbers, where it is stationary: what `LinearAlgebra.stationary` computes with. */
  readonly stationary?: StationaryKernel;
  /** From derivatives in the numbers of `stationary` to derivatives in theta, p. Present with `stationary`. */
  stationaryGradient?(derivative: {
    readonly dOutputScale: number;
    readonly dLengthscales: Float64Array;
  }): Float64Array;
  logPrior(): { readonly value: number; readonly gradient: Float64Array };
}
