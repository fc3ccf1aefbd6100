import type { Awaitable } from './awaitable.ts';
import type { Matrix } from './matrix.ts';
import type { Rng } from './rng.ts';
import type { ProgramState, Why } from './trial.ts';

/** Observations: x n×d in the unit cube, y n to be maximized, noise n known variances of y. */
export interface Dataset {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly noise?: Float64Array | undefined;
  /** Rows whose y nobody observed: it stands for a failed trial or an outlier, n. Absent where none is known. */
  readonly isPenalty?: readonly boolean[] | undefined;
}

/** Independent beliefs at m points, in the units of Dataset.y: mean m, variance m of the noise-free value. */
export interface Marginals {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Pullback: ∂/∂xᵢ of (dMeanᵢ·meanᵢ + dVarianceᵢ·varianceᵢ), m×d. Absent where the surrogate has no gradient. */
  gradient?(dMean: Float64Array, dVariance: Float64Array): Awaitable<Matrix>;
  /**
   * Where the belief is a mixture of normals: the normals, whose moments together `mean` and `variance` are. An acquisition is
   * then averaged over them, which is not the acquisition of the moments. Absent: each belief is one normal.
   */
  components?(): MixtureMarginals;
}

/** The K normals of a mixture at m points. */
export interface MixtureMarginals {
  /** Weight of each normal, K, sum 1. */
  readonly weights: Float64Array;
  /** K×m. */
  readonly mean: Matrix;
  /** K×m. */
  readonly variance: Matrix;
  /** Pullback: ∂/∂xᵢ of Σₖ (dMeanₖᵢ·meanₖᵢ + dVarianceₖᵢ·varianceₖᵢ), m×d; arguments K×m. Absent where the surrogate has no gradient. */
  gradient?(dMean: Matrix, dVariance: Matrix): Awaitable<Matrix>;
}

/** A joint normal belief at q points, in the units of Dataset.y: mean q, covariance q×q of the noise-free values. */
export interface JointBelief {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
  /**
   * Pullback: ∂/∂xᵢ of Σᵢ dMeanᵢ·meanᵢ + Σᵢⱼ dCovarianceᵢⱼ·covarianceᵢⱼ, q×d; dCovariance need not be symmetric. Absent where
   * the surrogate has no gradient.
   */
  gradient?(dMean: Float64Array, dCovariance: Matrix): Awaitable<Matrix>;
}

/** What a fitted surrogate believes. Immutable: new data means a new fit. */
export interface Posterior {
  marginals(x: Matrix): Awaitable<Marginals>;
  /** The joint belief at m points. Absent where the surrogate has no joint distribution. */
  joint?(x: Matrix): Awaitable<JointBelief>;
  /** The belief after these further observations, hyperparameters unchanged (pending trials, fantasies). Absent where that needs a new fit. */
  condition?(data: Dataset): Awaitable<Posterior>;
  /** Variance of the noise in one more observation, in the units of Dataset.y squared, where the surrogate has one number for it. */
  readonly noise?: number;
  /**
   * The belief and its data in another, monotone scale of y in which it is Gaussian, where the surrogate warps its
   * outputs. Acquisitions that compare with an observed value are sharper there.
   */
  readonly latent?: { readonly posterior: Posterior; readonly data: Dataset };
  /** What a person who asks may want to know of the fit: hyperparameters, weights of sources, fallbacks. JSON. */
  readonly why?: Why;
  /** What the next fit needs to go on from this one, and all that it needs. JSON. */
  readonly state?: ProgramState;
}

/** A recipe for turning data into a posterior: a GP, a transfer combinator around another surrogate, a language model. */
export interface Surrogate {
  fit(data: Dataset, context: FitContext): Awaitable<Posterior>;
}
export interface FitContext {
  readonly rng: Rng;
  /** The posterior of the last fit; a GP starts from its hyperparameters. Never needed for correctness. */
  readonly previous?: Posterior | undefined;
  /** `state` of the last fit's posterior, where that is all that is left of it: a study was reopened. */
  readonly previousState?: ProgramState | undefined;
  readonly signal?: AbortSignal | undefined;
}
