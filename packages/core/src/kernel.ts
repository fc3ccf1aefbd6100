import type { Matrix } from './matrix.ts';

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
  logPrior(): { readonly value: number; readonly gradient: Float64Array };
}
