import type { ModelForm } from './hyperparameters.ts';

/** Cells of one column: the rows observed and their standardized scores. */
export interface ColumnCells {
  readonly rows: readonly number[];
  readonly z: readonly number[];
  /** Known variance of one evaluation, standardized; 0 where a score is exact. */
  readonly noise: number;
}

/** What the model is asked to explain. `distance` R×R between rows as shares of the span; absent for unordered rows. */
export interface ModelProblem {
  readonly rows: number;
  readonly columns: readonly ColumnCells[];
  readonly distance?: Float64Array | undefined;
  readonly form: ModelForm;
}

/** The model with its hyperparameters, conditioned on all cells of the problem. */
export interface Solved {
  readonly problem: ModelProblem;
  readonly theta: Float64Array;
  /** Kernel of the common factors and of the columns' own curves, R×R; and their derivatives in log lengthscale. */
  readonly common: Float64Array;
  readonly commonSlope: Float64Array | undefined;
  readonly own: Float64Array;
  readonly ownSlope: Float64Array | undefined;
  /** ω² */
  readonly white: number;
  /** m×q */
  readonly loadings: Float64Array;
  /** v_j² and σ_j², m each */
  readonly ownVariance: Float64Array;
  readonly nugget: Float64Array;
  /** Λ, L_B⁻¹Cᵀ (whose Gram matrix is Σ), and β − Λμ */
  readonly lambda: Float64Array;
  readonly root: Float64Array;
  readonly dual: Float64Array;
  readonly covariance: Float64Array;
  readonly mean: Float64Array;
  /** S_j⁻¹ by column */
  readonly inverses: readonly Float64Array[];
  readonly logEvidence: number;
  readonly logPrior: number;
}
