import {
  InvalidArgumentError,
  type Json,
  type Params,
  type ProgramState,
  type Proposal,
  type Sampler,
  type SearchSpace,
  SpaceExhaustedError,
  type Trial,
} from '@foothold/core';
import { cellIndex, cellStudyOf } from './cell-study.ts';
import { cellSpace, type ScoreMatrix } from './score-matrix.ts';
import type { Cell, CheckpointStudy } from './study-types.ts';
import { validated } from './validated.ts';

/**
 * Chooses the next cells of a score matrix, for a study whose space is `cellSpace(scores)`: what is kept in a log, resumed and
 * evaluated by several workers is then a study like any other. A cell that failed is not proposed again.
 *
 * Throws as `checkpointStudy`. `check` throws InvalidArgumentError for another space, `sample` SpaceExhaustedError when no cell is
 * left.
 */
export function cellSampler(scores: ScoreMatrix): Sampler {
  validated({ ...scores, allowEmptyColumns: true });
  return {
    name: 'checkpoints',
    options: JSON.parse(JSON.stringify(scores)) as Json,
    supports: ['fixed'],
    check: ({ space }) => refuseSpace(space, scores),
    sample<P extends Params>({ trials, count, fixed }: Parameters<Sampler['sample']>[0]) {
      const study = cellStudyOf(scores, trials);
      const before = study.state();
      const cells = freeCells(study, { count, failed: failedCells(scores, trials), fixed });
      if (cells.length === 0) throw new SpaceExhaustedError(study.rows.length * study.columns.length);
      const { steps, fit } = study.state();
      // A fit that an earlier trial has is not written again.
      const isNew = fit !== undefined && fit !== before.fit;
      const samplerState = { steps, ...(isNew && { fit }) } as unknown as ProgramState;
      const isInitial = (i: number) => i < cells.length - (steps - before.steps);
      const why = cellReasons(scores, study);
      return cells.map(
        (cell, i) =>
          ({
            params: { row: cell.rowName, column: cell.columnName },
            why: isInitial(i) ? { sampler: 'checkpoints', stage: 'initial' } : why(cell),
            samplerState,
          }) as unknown as Proposal<P>,
      );
    },
  };
}

function refuseSpace({ description }: Pick<SearchSpace, 'description'>, scores: ScoreMatrix): void {
  for (const [axis, { choices }] of Object.entries(cellSpace(scores))) {
    const own = description?.[axis];
    const names = own?.type === 'categorical' ? own.choices : [];
    if (names.length !== choices.length || names.some((name, i) => name !== choices[i]))
      throw new InvalidArgumentError(
        `space.${axis}`,
        names.length,
        `the ${choices.length} ${axis}s of the matrix, as cellSpace makes them`,
      );
  }
}

/** Cells whose evaluation failed, or was given up, and that no later trial has. */
function failedCells(scores: ScoreMatrix, trials: readonly Trial[]): ReadonlySet<number> {
  const cellOf = cellIndex(scores);
  const failed = new Set<number>();
  for (const trial of trials) {
    const at = cellOf(trial);
    if (at === undefined) continue;
    if (trial.state === 'failed' || trial.state === 'pruned') failed.add(at);
    else failed.delete(at);
  }
  return failed;
}

/** The next cells that have not failed; where a row or a column is given, those in it that the acquisition prefers. */
function freeCells(
  study: CheckpointStudy,
  {
    count,
    failed,
    fixed,
  }: {
    readonly count: number;
    readonly failed: ReadonlySet<number>;
    readonly fixed: Partial<Params> | undefined;
  },
): readonly Cell[] {
  const m = study.columns.length;
  if (fixed && Object.keys(fixed).length > 0) {
    const { data } = study.acquisition();
    return [...data.keys()]
      .filter((at) => data[at]! > Number.NEGATIVE_INFINITY && !failed.has(at))
      .map((at) => ({ ...cellAt(study, at), score: data[at]! }))
      .filter(
        ({ rowName, columnName }) =>
          (fixed['row'] ?? rowName) === rowName && (fixed['column'] ?? columnName) === columnName,
      )
      .sort((a, b) => b.score - a.score)
      .slice(0, count);
  }
  // What is passed over has its place in the batch: the others are chosen as if it came out as expected.
  return study
    .ask({ count: count + failed.size })
    .filter(({ row, column }) => !failed.has(row * m + column))
    .slice(0, count);
}

function cellAt({ rows, columns }: CheckpointStudy, at: number): Cell {
  const row = Math.floor(at / columns.length);
  const column = at % columns.length;
  return { row, column, rowName: rows[row]!, columnName: columns[column]! };
}

/** What the model expected of a cell that it chose. */
function cellReasons({ acquisition }: ScoreMatrix, study: CheckpointStudy) {
  let cells: ReturnType<CheckpointStudy['cells']> | undefined;
  return ({ row, column }: Cell) => {
    cells ??= study.cells();
    const at = row * study.columns.length + column;
    return {
      sampler: 'checkpoints',
      stage: 'model',
      acquisition: {
        name: acquisition?.kind === 'expected-improvement' ? 'expectedImprovement' : 'knowledgeGradient',
      },
      prediction: { mean: cells.mean.data[at]!, standardDeviation: cells.standardDeviation.data[at]! },
    };
  };
}
