/** How what is left of the beginning of a training run fades: covariances over the resource, as families with hyperparameters. */
import type { LogNormal } from '../kernels/priors.ts';

/** A positive definite function of two amounts of the resource, shares of the largest, t and t′ in [0, 1]; 1 at t = t′ = 0. */
export interface Decay {
  value(t: number, other: number): number;
  /** ∂value/∂ each logarithm of a hyperparameter. */
  gradient(t: number, other: number): readonly number[];
}

export interface DecayFamily {
  /** Of the logarithm of each hyperparameter. */
  readonly priors: readonly LogNormal[];
  /** At these hyperparameters, all positive. */
  at(hyperparameters: readonly number[]): Decay;
}
