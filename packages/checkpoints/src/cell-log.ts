import type { Json, StudyEvent } from '@foothold/core';
import { cellSpace, matrixFact, type ScoreMatrix } from './score-matrix.ts';
import type { CheckpointStudy } from './study-types.ts';

/** Of a log: that samplers keep their state beside what they say of a suggestion. */
const logFormat = 2;

/**
 * A log as a storage would have it of this study: its known cells as trials that were loaded, its pending cells as enqueued. It is what
 * reports and the dashboard show; `cellStudyOf` is the study of its trials. `scores` is the matrix that the study was made of.
 */
export function cellLog(
  scores: ScoreMatrix,
  study: Pick<CheckpointStudy, 'rows' | 'columns' | 'known' | 'pending'>,
): readonly StudyEvent[] {
  const { rows, columns } = study;
  const { data } = study.known();
  const known = [...data.keys()].filter((at) => !Number.isNaN(data[at]!));
  const cellAt = (at: number) => ({
    row: rows[Math.floor(at / columns.length)]!,
    column: columns[at % columns.length]!,
  });
  return [
    {
      ...{ type: 'created', space: cellSpace(scores), goal: { direction: 'maximize' } },
      ...{ seed: 0, format: logFormat },
    },
    { type: 'described', facts: { [matrixFact]: JSON.parse(JSON.stringify(scores)) as Json } },
    ...known.map(
      (at, number): StudyEvent => ({
        ...{ type: 'loaded', number, params: cellAt(at) },
        outcome: { state: 'complete', value: data[at]! },
      }),
    ),
    ...study.pending().map(
      ({ rowName, columnName }): StudyEvent => ({
        type: 'enqueued',
        params: { row: rowName, column: columnName },
      }),
    ),
  ];
}
