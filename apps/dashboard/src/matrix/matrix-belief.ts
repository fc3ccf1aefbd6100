import { type BestRow, cellStudyOf, type ScoreMatrix, type StopDecision } from '@foothold/checkpoints';
import type { Matrix, Trial } from '@foothold/core';

/** A trial as far as the belief over a score matrix needs it. */
export type CellTrial = Pick<Trial, 'number' | 'params' | 'state' | 'samplerState' | 'loaded'> & {
  readonly value?: number;
};

/** What is known and believed of a score matrix. */
export interface MatrixBelief {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Positions of the rows where all have one. */
  readonly positions?: readonly number[] | undefined;
  /** Known scores, NaN elsewhere; expected ones with their standard deviations. */
  readonly known: Matrix;
  readonly mean: Matrix;
  readonly standardDeviation: Matrix;
  /** Correlations of each two columns over the rows, and the acquisition of each cell, −∞ where it is known or pending. */
  readonly correlations: Matrix;
  readonly acquisition: Matrix;
  readonly pending: readonly { readonly row: number; readonly column: number }[];
  /** Target of each row, its standard deviation, and the probability that the row is the best. */
  readonly rowMean: Float64Array;
  readonly rowStandardDeviation: Float64Array;
  readonly probability: Float64Array;
  readonly best: BestRow;
  readonly decision: StopDecision;
}

/** Moments for which a history is computed at most. */
const maxMoments = 24;

/** The belief given these trials; undefined before a cell is known. Throws as `checkpointStudy` for a matrix that is none. */
export function matrixBelief(scores: ScoreMatrix, trials: readonly CellTrial[]): MatrixBelief | undefined {
  if (!trials.some(({ state }) => state === 'complete')) return undefined;
  const study = cellStudyOf(scores, trials as unknown as readonly Trial[]);
  const { mean: rowMean, standardDeviation: rowStandardDeviation, probability } = study.posterior();
  const positions = scores.rows.map((row) =>
    typeof row === 'object' ? row.position : typeof row === 'number' ? row : undefined,
  );
  return {
    ...{ rows: study.rows, columns: study.columns, known: study.known() },
    ...(positions.every((position) => position !== undefined) && { positions }),
    ...study.cells(),
    ...{ correlations: study.correlations(), acquisition: study.acquisition() },
    pending: study.pending().map(({ row, column }) => ({ row, column })),
    ...{ rowMean, rowStandardDeviation, probability, best: study.best(), decision: study.decision() },
  };
}

/** The probability of each row to be the best at evenly spread moments, from the first complete trials to all of these. */
export async function matrixHistory(
  scores: ScoreMatrix,
  trials: readonly CellTrial[],
  pause: () => Promise<void>,
): Promise<readonly { readonly cells: number; readonly probability: Float64Array }[]> {
  const ends = trials.flatMap(({ state }, at) => (state === 'complete' ? [at + 1] : []));
  const count = Math.min(ends.length, maxMoments);
  const moments = [];
  for (let k = 0; k < count; k++) {
    await pause();
    const end = ends[count === 1 ? 0 : Math.round((k * (ends.length - 1)) / (count - 1))]!;
    // Who runs now did not run then.
    const before = trials.slice(0, end).filter(({ state }) => state === 'complete');
    const study = cellStudyOf(scores, before as unknown as readonly Trial[]);
    const cells = study.known().data.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
    moments.push({ cells, probability: study.posterior().probability });
  }
  return moments;
}
