import type { Awaitable } from './awaitable.ts';
import type { Matrix } from './matrix.ts';
import type { Rng } from './rng.ts';
import type { Column } from './search-space.ts';
import type { Dataset, JointBelief, Marginals, Posterior } from './surrogate.ts';

/** Chooses the criterion from what is known now (incumbent, sampled maxima, step count) and returns the formula. */
export interface Acquisition {
  /** Name in messages and in `why`. */
  readonly name?: string;
  /**
   * True where utilities are logarithms, as of expected improvement: log-probabilities of constraints and −log cost are then
   * added to them. Where they are not, a sampler converts them first. Default: false.
   */
  readonly isLog?: boolean;
  /**
   * True where the formula looks at `pending` itself, through a joint belief: the posterior is then given as it was fitted.
   * Default: false, the posterior is conditioned on its mean at the pending points.
   */
  readonly handlesPending?: boolean;
  /** Throws UnsupportedError for a belief that the criterion has no use for, such as one without data or without `joint`. */
  prepare(belief: AcquisitionBelief): Awaitable<Utility | JointUtility>;
}

/** An acquisition whose formula needs marginal beliefs only: with gradients wherever the posterior has them. */
export interface MarginalAcquisition extends Acquisition {
  prepare(belief: AcquisitionBelief): Awaitable<Utility>;
}

/** What an acquisition knows when it chooses its formula. */
export interface AcquisitionBelief {
  readonly posterior: Posterior;
  readonly data: Dataset;
  readonly rng: Rng;
  /** Points whose evaluations still run, k×d. Absent: none. */
  readonly pending?: Matrix | undefined;
  /** What may be evaluated, for criteria that draw points themselves (maxima, targets). Absent: the unit cube. */
  readonly domain?: AcquisitionDomain | undefined;
  /**
   * Points that stand for the domain, k×d (BoTorch's `candidate_set`), where the caller has drawn some: the observed ones and
   * others, at the target fidelity. Absent: a criterion that needs some draws its own.
   */
  readonly candidates?: Matrix | undefined;
  /**
   * The points at the target fidelity, m×d, where one coordinate of a point is its fidelity (BoTorch's
   * `project_to_target_fidelity`): what counts is the largest value there. Absent: every point is at the target fidelity.
   */
  readonly projectToTargetFidelity?: ((x: Matrix) => Matrix) | undefined;
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

/** A formula over the joint belief of a candidate and points beside it: pending evaluations, targets of a knowledge gradient. */
export interface JointUtility {
  /** The points beside every candidate, k×d; none is a matrix of 0 rows. */
  readonly beside: Matrix;
  /**
   * The last rows of `beside` that the formula treats as it treats the candidate: pending points. A sampler may put others there
   * and move them together with it, q points of one batch at a time. Default: 0.
   */
  readonly movable?: number;
  /**
   * Where the utility is no logarithm: that of a candidate which adds nothing, and a small difference, both in units of the utility. A sampler
   * that needs log units takes log(unit) + asinh((value − floor)/(2·unit)): this is log(value − floor) where that is much more than `unit`,
   * and goes on below `floor`. Absent: log softplus of the gain over the smallest utility of the observed points, in units of their range.
   */
  readonly logScale?: { readonly floor: number; readonly unit: number } | undefined;
  /** One more point beside each of m candidates, m×d, such as its projection to the target fidelity. Absent: none. */
  readonly project?: ((candidates: Matrix) => Matrix) | undefined;
  /** Utility of the candidate: the last point of this belief, at these coordinates, d. First come `beside` and its projection. */
  value(belief: JointBelief, candidate: Float64Array): number;
  /** The value with its derivatives, where the formula states them. Absent: a search takes differences of the value. */
  derivatives?: ((belief: JointBelief, candidate: Float64Array) => JointDerivatives) | undefined;
}

/** The value of a joint utility, and its partial derivatives. */
export interface JointDerivatives {
  readonly value: number;
  /** ∂value/∂mean, q. */
  readonly dMean: Float64Array;
  /** ∂value/∂covariance, q×q, each entry by itself: a formula that reads one triangle has zeros in the other. */
  readonly dCovariance: Matrix;
  /** ∂value/∂candidate at a fixed belief, d, where the formula looks at the candidate itself. */
  readonly dInputs?: Float64Array;
}

/** Chooses the criterion of a search for the Pareto front. Its utilities are logarithms, so that log-probabilities of constraints add up. */
export interface MultiObjectiveAcquisition {
  /** Name in messages and in `why`. */
  readonly name?: string;
  /** As of `Acquisition`: true where the formula looks at `pending` itself. */
  readonly handlesPending?: boolean;
  /** Throws UnsupportedError for a belief that the criterion has no use for, such as one without rows or without `joint`. */
  prepare(belief: MultiObjectiveBelief): Awaitable<MultiObjectiveUtility | MultiObjectiveJointUtility>;
}

/** What is believed of several objectives, all to be maximized. */
export interface MultiObjectiveBelief {
  /** One an objective, independent. */
  readonly posteriors: readonly Posterior[];
  /** The points to improve on, n×d: observed ones that keep the outcome constraints, and pending ones that count as observed. */
  readonly observed: Matrix;
  /** The range of values of each objective among all regular observations, in the units of its posterior. */
  readonly ranges: readonly { readonly low: number; readonly high: number }[];
  readonly rng: Rng;
  /** Points whose evaluations still run, k×d. Absent: none. */
  readonly pending?: Matrix | undefined;
}

/**
 * Pure formula from the beliefs of each objective to a log utility at m points, with its partial derivatives in each mean and variance;
 * `gradient: false` says that those are not looked at, and may be anything.
 */
export type MultiObjectiveUtility = (
  marginals: readonly Marginals[],
  options?: { readonly gradient?: boolean },
) => {
  readonly value: Float64Array;
  readonly dMean: readonly Float64Array[];
  readonly dVariance: readonly Float64Array[];
};

/** A log utility over joint beliefs of a candidate, which comes last, and points beside it; one belief an objective. */
export interface MultiObjectiveJointUtility {
  /** The points beside every candidate, k×d. */
  readonly beside: Matrix;
  value(beliefs: readonly JointBelief[]): number;
  /** The value, and its derivatives in the beliefs of each objective. */
  derivatives(beliefs: readonly JointBelief[]): readonly JointDerivatives[];
}

/** Finds points of high score in the unit cube, on the grid that `columns` prescribes. */
export interface AcquisitionOptimizer {
  maximize(score: Score, problem: AcquisitionProblem): Awaitable<Float64Array>;
}

/** Which points of the unit cube may be evaluated. */
export interface AcquisitionDomain {
  readonly columns: readonly Column[];
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
}

export interface AcquisitionProblem extends AcquisitionDomain {
  /** Points to search around first, k×d: the best observed ones. */
  readonly incumbents: Matrix;
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}
/** Utility at m points, m, and its gradient, m×d, where there is one; `gradient: false` says that it is not wanted. */
export type Score = (
  x: Matrix,
  options?: { readonly gradient?: boolean },
) => Promise<{ readonly value: Float64Array; readonly gradient?: Matrix | undefined }>;
