/** Probabilities n×classes row by row, rows summing to 1, and the true class of each, n of 0 … classes − 1. */
export interface Predictions {
  readonly probabilities: Float64Array;
  readonly labels: Uint8Array;
  readonly classes: number;
}
