import type { Matrix } from './matrix.ts';
import type { Dataset } from './surrogate.ts';

/** An earlier study as a transfer method takes it. */
export interface PriorTask {
  readonly name: string;
  /** Its trials in the unit cube of the new study, to be maximized; units may differ from the new study's. */
  readonly data: Dataset;
  /** Features of the task (size, classes, …), the same ones for every source; similar sources weigh more. */
  readonly metaFeatures?: readonly number[] | undefined;
  /** Prior weight in [0, 1]; a source of weight 0 is left out. Default: 1. */
  readonly weight?: number | undefined;
}

/** What S sources say of the same M points, before the new study begins. A warm start chooses among these points. */
export interface SourceValues {
  readonly names: readonly string[];
  /** Prior weights of the sources, not negative; undefined where all are equal. */
  readonly weights: readonly number[] | undefined;
  /** M×d. Points of sources with a wider space may lie outside the unit cube. */
  readonly points: Matrix;
  /** The sources' mean at each point, M, to be maximized. */
  readonly mean: Float64Array;
  /** Value of each source at each point, M×S, to be maximized; each source has units of its own. */
  readonly taskValues: Matrix;
}
