import type { Matrix } from '@foothold/core';
import type { FitRecord } from './fitted-belief.ts';
import type { CellIndex } from './initial-cells.ts';

/** A cell of the matrix, by index and by name. */
export interface Cell extends CellIndex {
  readonly rowName: string;
  readonly columnName: string;
}

/** A cell by index or by name. */
export interface CellReference {
  readonly row: number | string;
  readonly column: number | string;
}

export interface BestRow {
  readonly row: number;
  readonly name: string;
  /** Expected value of the target of that row, in the units of the target, and its standard deviation. */
  readonly mean: number;
  readonly standardDeviation: number;
  /** Probability that no other row is better. */
  readonly probability: number;
}

export interface StopDecision {
  readonly stop: boolean;
  /** `confident`: within the tolerance with the wanted probability; `exhausted`: every cell is known; else why not. */
  readonly reason: 'confident' | 'exhausted' | 'not yet confident' | 'initial cells missing';
  /** Probability that the named row is within the tolerance of the best, and the tolerance in units of the target. */
  readonly probability: number;
  readonly tolerance: number;
  /** Mean shortfall of the named row from the best. */
  readonly expectedRegret: number;
}

export interface CheckpointPosterior {
  /** Target of every row: mean and standard deviation, R each. */
  readonly mean: Float64Array;
  readonly standardDeviation: Float64Array;
  /** Probability of being best, R. */
  readonly probability: Float64Array;
}

/** A study as data: pass it with the same options to `resumeCheckpointStudy`. JSON. */
export interface CheckpointState {
  readonly version: 1;
  readonly cells: readonly (readonly [row: number, column: number, value: number])[];
  readonly pending: readonly (readonly [row: number, column: number])[];
  readonly steps: number;
  readonly fit?: FitRecord | undefined;
}

export interface CheckpointStudy {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** The next cells to run, at most `count` (1), marked as pending; fewer, or none, when the others are known or pending. */
  ask(options?: { readonly count?: number }): readonly Cell[];
  /** Takes a score. The same value twice is one tell; throws CellConflictError, OutOfSpaceError, InvalidArgumentError. */
  tell(cell: CellReference, value: number): void;
  /** Gives a pending cell back, for an evaluation that failed. */
  release(cell: CellReference): void;
  best(): BestRow;
  /** The best row of each column. */
  bestByColumn(): readonly (BestRow & { readonly column: number })[];
  decision(): StopDecision;
  posterior(): CheckpointPosterior;
  /** Mean and standard deviation of every cell, R×m, in the units of the scores; a standard deviation of 0 where known exactly. */
  cells(): { readonly mean: Matrix; readonly standardDeviation: Matrix };
  /** Correlations over the rows between the columns' expected scores, m×m. */
  correlations(): Matrix;
  /** Score of each cell by the acquisition, R×m, −∞ where it is known or pending; larger is better. */
  acquisition(): Matrix;
  /** Known scores, R×m, NaN where unknown; and what is pending. */
  known(): Matrix;
  pending(): readonly Cell[];
  /** The model behind the last answer. */
  model(): FitRecord;
  state(): CheckpointState;
}
