import type { Matrix } from '@foothold/core';
import type { CellAcquisition } from './acquisition.ts';

/** A row: its name, or with a numeric position (training step), or a position alone. Without positions rows are unordered. */
export type RowOption = string | number | { readonly name: string; readonly position?: number | undefined };

export type ColumnOption =
  | string
  | {
      readonly name: string;
      /** What evaluating one cell costs, positive; 1. */
      readonly cost?: number | undefined;
      /** Share of the column in the mean, relative to the others', at least 0; 1. */
      readonly weight?: number | undefined;
      /** Whether larger scores are better; 'maximize'. */
      readonly direction?: 'maximize' | 'minimize' | undefined;
      /** Variance of one evaluation around the score that counts, in squared units of the score; 0: scores are exact. */
      readonly noise?: number | undefined;
    };

/**
 * What makes a row the best.
 * `mean`        weighted mean of its scores
 * `smooth`      the same, after a Gaussian filter over the rows of standard deviation rows/15 (ordered rows only)
 * `worst-task`  its lowest score over the columns of positive weight
 * `every-task`  each column has its own best row; the study then finds all of them, and `best()` names the row of the best mean
 */
export type CheckpointTarget = 'mean' | 'smooth' | 'worst-task' | 'every-task';

export interface ModelOptions {
  /** 'auto' chooses by evidence between the additive model and low-rank coregionalization. */
  readonly form?: 'auto' | 'additive' | 'coregionalized' | undefined;
  /** Rank of the coregionalization as a share of the number of columns; at least 2 and at most 4 factors. */
  readonly rankFraction?: number | undefined;
  /** η of the LKJ prior on task correlations, positive; 1 is flat. */
  readonly eta?: number | undefined;
  /** Largest complexity of the common curve (see `curveDegree`); 12. */
  readonly maxDegree?: number | undefined;
}

export interface CheckpointOptions {
  readonly rows: readonly RowOption[];
  readonly columns: readonly ColumnOption[];
  /** Known scores, rows × columns; NaN, null and undefined are unobserved. */
  readonly scores?: Matrix | readonly (readonly (number | null | undefined)[])[] | undefined;
  /** Costs by cell, rows × columns; overrides the columns' costs. */
  readonly costs?: Matrix | readonly (readonly number[])[] | undefined;
  readonly seed: number | string;
  readonly target?: CheckpointTarget | undefined;
  /**
   * Counts every column in units of its own spread. The default: only where the columns' directions differ. Scores on different
   * scales (0 to 1, 0 to 100, perplexity) need it said, since their mean as they are is a question of its own.
   */
  readonly normalize?: boolean | undefined;
  /** Cells a column before the model chooses; 2. */
  readonly initialCells?: number | undefined;
  readonly acquisition?: CellAcquisition | undefined;
  readonly model?: ModelOptions | undefined;
  /** Stop when the named row is within `tolerance` (relative) of the best with probability 1 − `risk`; 0.001 and 0.1. */
  readonly stop?: { readonly risk?: number | undefined; readonly tolerance?: number | undefined } | undefined;
  /** Accepts `scores` in which some column has none although others have: its evaluations come first. */
  readonly allowEmptyColumns?: boolean | undefined;
}
