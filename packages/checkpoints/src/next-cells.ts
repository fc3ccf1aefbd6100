import { type CellAcquisition, type CellScores, scoreCells } from './acquisition.ts';
import type { CellStore } from './cell-store.ts';
import { everyTaskScores } from './every-task.ts';
import type { FittedBelief } from './fitted-belief.ts';
import type { ScoreProblem } from './validated.ts';
import { worstTaskScores } from './worst-task.ts';

export interface NextCellsOptions {
  readonly acquisition: CellAcquisition;
  /** Known or pending cells of a column from which on the others come first. */
  readonly perColumn: number;
  /** Cells that the model has chosen so far. */
  readonly step: number;
  /** True for the best cell alone, false for the score of every cell. */
  readonly onlyBest: boolean;
}

/** Scores of the free cells. Until every column has its first cells, the best one is chosen within the columns that lack some. */
export function nextCells(
  problem: ScoreProblem,
  store: CellStore,
  request: NextCellsOptions & { readonly fitted: FittedBelief },
): CellScores {
  const { fitted, acquisition, perColumn, step, onlyBest } = request;
  const counts = store.counts();
  const isShort = onlyBest && counts.some((c) => c < perColumn);
  const available = isShort
    ? (i: number, j: number) => counts[j]! < perColumn && store.isFree(i, j)
    : store.isFree;
  const options = { acquisition, cost: problem.cost, available, step, onlyBest };
  if (problem.target === 'every-task') return everyTaskScores(fitted.belief, options);
  if (problem.target === 'worst-task') return worstTaskScores(fitted, problem, options);
  return scoreCells(fitted.belief, options);
}
