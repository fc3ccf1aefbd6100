/** A score matrix as JSON: how a study's log says which rows and columns its cells have, and what makes a row the best. */
import type { Attributes } from '@foothold/core';
import type { CheckpointOptions, ColumnOption, RowOption } from './options.ts';

/** The options of a checkpoint study without its scores, which are the trials of the log. */
export type ScoreMatrix = Omit<CheckpointOptions, 'scores' | 'costs' | 'allowEmptyColumns'>;

/** Name of the fact of a study that is its matrix. */
export const matrixFact = 'matrix';

/** The parameters of a trial that evaluates a cell: the names of its row and its column. */
export function cellSpace({
  rows,
  columns,
}: ScoreMatrix): Readonly<
  Record<'row' | 'column', { readonly type: 'categorical'; readonly choices: readonly string[] }>
> {
  return {
    row: { type: 'categorical', choices: rows.map(nameOf) },
    column: { type: 'categorical', choices: columns.map(nameOf) },
  };
}

/** The matrix of a study with these facts; undefined for a study of parameters, and for a form that is not known. */
export function scoreMatrixOf(facts: Attributes | undefined): ScoreMatrix | undefined {
  const matrix = facts?.[matrixFact];
  if (typeof matrix !== 'object' || matrix === null || Array.isArray(matrix)) return undefined;
  const { rows, columns } = matrix as Partial<Record<string, unknown>>;
  return Array.isArray(rows) && Array.isArray(columns) ? (matrix as unknown as ScoreMatrix) : undefined;
}

/** Name of a row or a column. */
export function nameOf(option: RowOption | ColumnOption): string {
  return typeof option === 'object' ? option.name : String(option);
}
