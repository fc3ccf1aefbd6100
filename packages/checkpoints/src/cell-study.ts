import { matrix, type Trial } from '@foothold/core';
import type { FitRecord } from './fitted-belief.ts';
import { nameOf, type ScoreMatrix } from './score-matrix.ts';
import { resumeCheckpointStudy } from './study.ts';
import type { CheckpointStudy } from './study-types.ts';

/** What the sampler of cells leaves in a trial: the cells that the model has chosen so far, and its last fit. */
export interface CellState {
  readonly steps: number;
  readonly fit?: FitRecord | undefined;
}

/**
 * The study that these trials of a log are, each the evaluation of one cell: complete ones are known cells, running ones pending.
 * Of several values of a cell the last one counts; a cell that the matrix does not have is left out. It begins with the last fit in
 * the trials, so that it goes on as the study did that made them. Throws as `checkpointStudy`.
 */
export function cellStudyOf(scores: ScoreMatrix, trials: readonly Trial[]): CheckpointStudy {
  const cellOf = cellIndex(scores);
  const m = scores.columns.length;
  const known = new Map<number, number>();
  const pending = new Set<number>();
  const loaded = matrix(scores.rows.length, m, new Float64Array(scores.rows.length * m).fill(Number.NaN));
  let state: CellState = { steps: 0 };
  for (const trial of trials) {
    const at = cellOf(trial);
    if (at === undefined) continue;
    state = { ...state, ...(trial.samplerState as CellState | undefined) };
    if (trial.state === 'running') pending.add(at);
    if (trial.state !== 'complete') continue;
    known.set(at, trial.value);
    // The first design takes account of what was known before it alone.
    loaded.data[at] = trial.loaded ? trial.value : Number.NaN;
  }
  return resumeCheckpointStudy(
    { ...scores, scores: loaded, allowEmptyColumns: true },
    {
      version: 1,
      cells: [...known].map(([at, value]) => [Math.floor(at / m), at % m, value] as const),
      pending: [...pending].filter((at) => !known.has(at)).map((at) => [Math.floor(at / m), at % m] as const),
      ...state,
    },
  );
}

/** From a trial to its cell, row · columns + column; undefined for one that the matrix does not have. */
export function cellIndex({
  rows,
  columns,
}: ScoreMatrix): (trial: Pick<Trial, 'params'>) => number | undefined {
  const indexOf = (names: readonly string[]) => new Map(names.map((name, i) => [name, i]));
  const row = indexOf(rows.map(nameOf));
  const column = indexOf(columns.map(nameOf));
  return ({ params }) => {
    const i = row.get(String(params['row']));
    const j = column.get(String(params['column']));
    return i === undefined || j === undefined ? undefined : i * columns.length + j;
  };
}
