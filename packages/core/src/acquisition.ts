import type { Awaitable } from './awaitable.ts';
import type { Matrix } from './matrix.ts';
import type { Rng } from './rng.ts';
import type { Column } from './search-space.ts';
import type { Dataset, Marginals, Posterior } from './surrogate.ts';

/** Chooses the criterion from what is known now (incumbent, sampled maxima, step count) and returns the formula. */
export interface Acquisition {
  prepare(belief: {
    readonly posterior: Posterior;
    readonly data: Dataset;
    readonly rng: Rng;
  }): Awaitable<Utility>;
}

/**
 * Pure formula from beliefs to utility at m points (larger is better), with its partial derivatives in mean and variance, each m;
 * `gradient: false` says that those are not looked at, and may be anything.
 */
export type Utility = (
  marginals: Marginals,
  x: Matrix,
  options?: { readonly gradient?: boolean },
) => {
  readonly value: Float64Array;
  readonly dMean: Float64Array;
  readonly dVariance: Float64Array;
  /** ∂value/∂x at fixed mean and variance, m×d, where the formula looks at the points themselves. */
  readonly dInputs?: Matrix;
};

/** Finds points of high score in the unit cube, on the grid that `columns` prescribes. */
export interface AcquisitionOptimizer {
  maximize(score: Score, problem: AcquisitionProblem): Awaitable<Float64Array>;
}
export interface AcquisitionProblem {
  readonly columns: readonly Column[];
  /** Points to search around first, k×d: the best observed ones. */
  readonly incumbents: Matrix;
  readonly rng: Rng;
  /** The nearest point that may be evaluated, or undefined when there is none near: the grid, fixed values, constraints, what is evaluated already. */
  readonly repair?: ((point: Float64Array) => Float64Array | undefined) | undefined;
  /**
   * Where the points that may be evaluated leave no volume (a sum of 1): the nearest one with only continuous columns moved.
   * A climb then follows them instead of leaving them.
   */
  readonly project?: ((point: Float64Array) => Float64Array | undefined) | undefined;
  /** There too: a random one of them. */
  readonly draw?: ((rng: Rng) => Float64Array | undefined) | undefined;
  /** Coordinates that must keep the value of `repair` (fixed parameters), d; 0 is free, 1 is fixed. */
  readonly fixed?: Uint8Array | undefined;
  /** The box to search, d each; the whole cube without it. */
  readonly region?: { readonly lower: Float64Array; readonly upper: Float64Array } | undefined;
  readonly signal?: AbortSignal | undefined;
}
/** Utility at m points, m, and its gradient, m×d, where there is one; `gradient: false` says that it is not wanted. */
export type Score = (
  x: Matrix,
  options?: { readonly gradient?: boolean },
) => Promise<{ readonly value: Float64Array; readonly gradient?: Matrix | undefined }>;
