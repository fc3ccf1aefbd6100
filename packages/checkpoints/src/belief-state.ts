import type { Solved } from './solved-model.ts';

/** The observed cells of a column, growing. */
export interface ColumnState {
  readonly rows: number[];
  readonly z: number[];
  /** S_j⁻¹ */
  inverse: Float64Array;
  /** Position of a row among `rows`, or −1. */
  readonly slot: Int32Array;
  readonly noise: number;
}

/** What the rows are compared by: a weighted sum over columns, optionally filtered over the rows (R×R). */
export interface LinearTarget {
  readonly weights: Float64Array;
  readonly filter?: Float64Array | undefined;
}

/** Mutable posterior. */
export interface Belief {
  readonly solved: Solved;
  readonly target: LinearTarget;
  readonly columns: readonly ColumnState[];
  /** μ, U and Σ, U×U */
  readonly factorMean: Float64Array;
  readonly factorCovariance: Float64Array;
  /** Mean R and covariance R×R of the targets τ. */
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  /** T, R×U */
  readonly loadings: Float64Array;
  /** H times the kernel of the columns' own curves, R×R. */
  readonly filteredOwn: Float64Array;
}
