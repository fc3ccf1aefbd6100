/**
 * Every number of the optimization of hyperparameters that was chosen, not derived, for the time of a fit:
 * decisions/2026-11-21-suggestion-speed.md.
 */
export const optimizationDefaults = {
  /** Evaluations from each start when several are compared: with many rows, and with few or on a subset. */
  perStart: 10,
  perRoughStart: 6,
  /** Rows below which one mode is usual. */
  roughStartRows: 30,
  /** Evaluations from the best start. */
  evaluations: 20,
  /** Relative gain in the log density that ends an optimization: it moves no prediction that counts. */
  valueTolerance: 3e-4,
  /** Hyperparameters up to which BFGS keeps a dense inverse Hessian; above them L-BFGS-B is used. */
  maxDense: 48,
  /**
   * Subsets of the rows that are optimized on before all rows: each where there are more than `from` rows, so that an evaluation
   * on it costs next to nothing.
   */
  subsets: [
    { rows: 50, from: 140 },
    { rows: 100, from: 140 },
    { rows: 300, from: 600 },
  ],
  subsetEvaluations: 10,
  /** Part of a subset that holds the best values. */
  subsetBest: 1 / 5,
  /** Expected gain in the log density a row (nats) above which the optimization on all rows goes on. */
  minExpectedGain: 0.01,
  /** Bound on theta: so far from the prior's mode, in the logarithm. */
  thetaRange: 6,
  /** Bound on the constant mean, in standard deviations of the outputs. */
  meanRange: 3,
} as const;

/** Evaluations on all rows after a subset: each costs O(n³). `max` while the expected gain is large. */
export function finalEvaluations(n: number): { readonly usual: number; readonly max: number } {
  if (n > 600) return { usual: 1, max: 1 };
  return n > 400 ? { usual: 2, max: 6 } : { usual: 5, max: 20 };
}
