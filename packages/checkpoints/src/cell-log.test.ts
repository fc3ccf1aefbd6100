import { replay } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { cellLog } from './cell-log.ts';
import { cellStudyOf } from './cell-study.ts';
import { correlationScatter, taskChart } from './charts.ts';
import { type ScoreMatrix, scoreMatrixOf } from './score-matrix.ts';
import { checkpointStudy } from './study.ts';
import { syntheticScores } from './synthetic-scores.ts';

const table = syntheticScores({ rows: 15, columns: 5, seed: 1 });
const scores: ScoreMatrix = {
  rows: table.rows.map((name, i) => ({ name, position: table.positions[i]! })),
  columns: ['a', { name: 'b', direction: 'minimize' }, 'c', 'd', 'e'],
  seed: 0,
};
function opened() {
  const study = checkpointStudy(scores);
  for (const c of study.ask({ count: 14 })) study.tell(c, table.scores.data[c.row * 5 + c.column]!);
  return study;
}

describe('cellLog', () => {
  it('is a log that the study is read from again: matrix, known cells, and pending ones in the queue', () => {
    const study = opened();
    const pending = study.ask({ count: 2 });
    const state = replay(cellLog(scores, study));
    expect(state.trials.map(({ state: own, loaded }) => [own, loaded])).toEqual(
      new Array(14).fill(['complete', true]),
    );
    expect(state.queue).toEqual(pending.map(({ rowName: row, columnName: column }) => ({ row, column })));
    const again = cellStudyOf(scoreMatrixOf(state.facts)!, state.trials);
    expect(again.known()).toEqual(study.known());
    const [best, expected] = [again.best(), checkpointStudy({ ...scores, scores: study.known() }).best()];
    expect(best).toEqual(expected);
  });
  it('has no trial before a cell is known', () => {
    const { trials, queue } = replay(cellLog(scores, checkpointStudy(scores)));
    expect([trials, queue]).toEqual([[], []]);
  });
});

describe('charts of a checkpoint study', () => {
  it('draw a task with the acquisition and the correlations against the true ones, also when all is known', () => {
    const study = opened();
    expect(JSON.stringify(taskChart(study, 1))).not.toMatch(/"(a|mean|low|high|y)":null/);
    const spec = JSON.stringify(correlationScatter(study, table.scores));
    expect(spec).toContain('true correlation');
    const whole = checkpointStudy({
      rows: table.rows,
      columns: table.columns,
      seed: 0,
      scores: table.scores,
    });
    expect(JSON.stringify(taskChart(whole, 0))).toContain('task-1');
  });
});
