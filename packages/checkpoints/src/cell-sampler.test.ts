import { InvalidArgumentError, type Params, SpaceExhaustedError, type Storage } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { createStudy, memoryStorage, replaySuggestions } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { cellSampler } from './cell-sampler.ts';
import { cellStudyOf } from './cell-study.ts';
import { cellSpace, type ScoreMatrix, scoreMatrixOf } from './score-matrix.ts';
import { checkpointStudy } from './study.ts';
import { syntheticScores } from './synthetic-scores.ts';

const { rows, columns, positions, scores } = syntheticScores({ rows: 12, columns: 5, seed: 3 });
const made: ScoreMatrix = {
  rows: rows.map((name, i) => ({ name, position: positions[i] })),
  columns,
  seed: 7,
};
const scoreOf = ({ row, column }: Params) =>
  scores.data[rows.indexOf(String(row)) * columns.length + columns.indexOf(String(column))]!;
const opened = (storage: Storage = memoryStorage()) =>
  createStudy<Params>({
    ...{ space: spaceOf(cellSpace(made)), sampler: cellSampler(made), direction: 'maximize' },
    ...{ storage, name: 'cells', seed: 0 },
  });

describe('cells as trials of a study', () => {
  it('are those that a checkpoint study asks for, also after the study was opened again', async () => {
    const plain = checkpointStudy(made);
    const storage = memoryStorage();
    let study = opened(storage);
    for (let k = 0; k < 26; k++) {
      if (k % 9 === 8) study = opened(storage);
      const [cell] = plain.ask();
      const { number, params } = await study.ask();
      expect(params, `cell ${k}`).toEqual({ row: cell!.rowName, column: cell!.columnName });
      plain.tell(cell!, scoreOf(params));
      await study.tell(number, { state: 'complete', value: scoreOf(params) });
    }
    const again = cellStudyOf(made, await study.trials());
    expect(again.best()).toEqual(plain.best());
    expect(again.posterior()).toEqual(plain.posterior());
    const replayed = replaySuggestions({
      events: await study.log(),
      space: spaceOf(cellSpace(made)),
      sampler: cellSampler(made),
    });
    let count = 0;
    for await (const { cause } of replayed) {
      expect(cause).toBeUndefined();
      count++;
    }
    expect(count).toBe(26);
  });

  it('are never the same twice, several at a time, and end when all are known', async () => {
    const study = opened();
    const seen = new Set<string>();
    await study.tell((await study.ask()).number, { state: 'failed', reason: 'no such file' });
    const [failed] = await study.trials();
    for (let k = 0; k < 59; k += 7) {
      const asked = await Promise.all(Array.from({ length: Math.min(7, 59 - k) }, () => study.ask()));
      for (const { number, params } of asked) {
        seen.add(JSON.stringify(params));
        await study.tell(number, { state: 'complete', value: scoreOf(params) });
      }
    }
    expect(seen.size).toBe(59);
    expect(seen).not.toContain(JSON.stringify(failed!.params));
    await expect(study.ask()).rejects.toThrow(SpaceExhaustedError);
    const known = cellStudyOf(made, await study.trials());
    expect(known.known().data.filter(Number.isNaN)).toHaveLength(1);
  });

  it('come from one row where it is given, and take account of cells that were known before', async () => {
    const study = opened();
    await study.load(
      columns.slice(1).map((column) => {
        const params = { row: rows[4]!, column };
        return { params, value: scoreOf(params) };
      }),
    );
    const { params } = await study.ask({ fixed: { row: rows[4]! } });
    expect(params).toEqual({ row: rows[4], column: columns[0] });
    const cells = cellStudyOf(made, await study.trials());
    expect(cells.pending().map(({ rowName, columnName }) => [rowName, columnName])).toEqual([
      [rows[4], columns[0]],
    ]);
    await expect(study.ask({ fixed: { row: rows[4]! } })).rejects.toThrow(SpaceExhaustedError);
  });

  it('need the space of their matrix, which a log keeps among its facts', async () => {
    const { row, column } = cellSpace(made);
    const other = spaceOf({ row: { ...row, choices: row.choices.slice(1) }, column });
    expect(() => cellSampler(made).check!({ space: other, goal: { direction: 'maximize' } })).toThrow(
      InvalidArgumentError,
    );
    expect(scoreMatrixOf({ matrix: JSON.parse(JSON.stringify(made)) })).toEqual(made);
    expect(scoreMatrixOf({ matrix: [1, 2] })).toBeUndefined();
    expect(scoreMatrixOf({ run: 'node score.js' })).toBeUndefined();
  });
});
