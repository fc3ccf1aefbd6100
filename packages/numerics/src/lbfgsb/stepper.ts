export interface Bounds {
  /** n, −∞ where there is none. Default: all −∞. */
  readonly lower?: Float64Array | undefined;
  /** n, ∞ where there is none. Default: all ∞. */
  readonly upper?: Float64Array | undefined;
}

export interface LbfgsbOptions {
  /** Pairs of steps and gradient changes that are kept. Default: 10. */
  readonly memory?: number | undefined;
  /** Largest number of values asked for. Default: 1000. */
  readonly maxEvaluations?: number | undefined;
  readonly maxIterations?: number | undefined;
  /** Stops when no coordinate of the projected gradient is larger. Default: 1e-5. */
  readonly gradientTolerance?: number | undefined;
  /** Stops when an iteration lowers the value by less, relative to max(|value|, 1). Default: 2.2e-9. */
  readonly valueTolerance?: number | undefined;
  /** Length of the first step, where the gradient alone does not determine it. Default: 1. */
  readonly firstStep?: number | undefined;
}

/**
 * Why a run ended: the gradient vanished, the value no longer falls, a limit was reached, no step descends any more
 * (rounding, or a gradient that does not belong to the value), or the value at the start was not finite.
 */
export type StopReason =
  | 'gradient'
  | 'value'
  | 'max-evaluations'
  | 'max-iterations'
  | 'line-search'
  | 'start-not-finite';

/** The best point that was evaluated. */
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly evaluations: number;
  readonly iterations: number;
  readonly reason: StopReason;
}

export interface Lbfgsb {
  /** Where value and gradient are wanted next, n, inside the bounds; undefined when the run has ended. */
  readonly point: Float64Array | undefined;
  /** Tells value and gradient (copied) at `point`; what is not finite counts as too high. Returns the next point. */
  tell(value: number, gradient: Float64Array): Float64Array | undefined;
  /** Present when the run has ended. */
  readonly minimum: Minimum | undefined;
}
