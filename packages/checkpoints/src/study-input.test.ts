import { InvalidArgumentError, OutOfSpaceError, ShapeError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { CellConflictError } from './errors.ts';
import type { CheckpointOptions } from './options.ts';
import { checkpointStudy, resumeCheckpointStudy } from './study.ts';

describe('bad input to a checkpoint study', () => {
  const small: CheckpointOptions = { rows: [1, 2, 3], columns: ['a', 'b'], seed: 0 };

  it('refuses values that are not finite, and keeps what it knows', () => {
    const study = checkpointStudy(small);
    study.tell({ row: 0, column: 'a' }, 0.5);
    for (const bad of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      '1' as unknown as number,
      undefined as unknown as number,
    ])
      expect(() => study.tell({ row: 1, column: 0 }, bad)).toThrow(InvalidArgumentError);
    expect(study.known().data.filter((v) => !Number.isNaN(v))).toEqual(Float64Array.of(0.5));
  });

  it('takes a cell once: the same value again is no news, another one a conflict', () => {
    const study = checkpointStudy(small);
    study.tell({ row: '2', column: 'b' }, 0.5);
    study.tell({ row: 1, column: 1 }, 0.5);
    expect(() => study.tell({ row: 1, column: 1 }, 0.6)).toThrow(CellConflictError);
    expect(study.known().data[3]).toBe(0.5);
    expect(study.state().cells).toHaveLength(1);
  });

  it('refuses rows and columns that it does not have', () => {
    const study = checkpointStudy(small);
    for (const row of ['4', 3, -1, 0.5, Number.NaN])
      expect(() => study.tell({ row, column: 0 }, 1)).toThrow(OutOfSpaceError);
    expect(() => study.tell({ row: 0, column: 'c' }, 1)).toThrow(OutOfSpaceError);
    expect(() => study.release({ row: 9, column: 0 })).toThrow(OutOfSpaceError);
  });

  it('refuses matrices that do not fit', () => {
    expect(() => checkpointStudy({ ...small, rows: [1] })).toThrow(InvalidArgumentError);
    expect(() => checkpointStudy({ ...small, columns: [] })).toThrow(InvalidArgumentError);
    expect(() => checkpointStudy({ ...small, rows: [1, 1, 2] })).toThrow(InvalidArgumentError);
    expect(() => checkpointStudy({ ...small, rows: [{ name: 'x', position: 1 }, 'y'] })).toThrow(
      InvalidArgumentError,
    );
    expect(() => checkpointStudy({ ...small, scores: [[1, 2]] })).toThrow(ShapeError);
    expect(() => checkpointStudy({ ...small, scores: [[1, 2], [1], [1, 2]] })).toThrow(ShapeError);
    expect(() =>
      checkpointStudy({
        ...small,
        scores: [
          [1, Number.POSITIVE_INFINITY],
          [1, 2],
          [1, 2],
        ],
      }),
    ).toThrow(InvalidArgumentError);
  });

  it('refuses a matrix with an empty column, unless that is meant', () => {
    const scores = [
      [1, null],
      [2, Number.NaN],
      [3, undefined],
    ];
    expect(() => checkpointStudy({ ...small, scores })).toThrow(/column b/);
    const study = checkpointStudy({ ...small, scores, allowEmptyColumns: true });
    expect(study.ask({ count: 2 }).every((c) => c.column === 1)).toBe(true);
  });

  it('refuses settings out of range', () => {
    for (const bad of [
      { initialCells: -1 },
      { stop: { risk: 0 } },
      { stop: { tolerance: 2 } },
      { target: 'median' as 'mean' },
      { columns: [{ name: 'a', weight: -1 }, 'b'] },
      { columns: [{ name: 'a', weight: 0 }] },
      { columns: [{ name: 'a', cost: 0 }] },
      { columns: [{ name: 'a', noise: Number.NaN }] },
      { columns: [{ name: 'a', direction: 'up' as 'minimize' }] },
      {
        costs: [
          [1, 1],
          [1, 0],
          [1, 1],
        ],
      },
    ] as Partial<CheckpointOptions>[])
      expect(() => checkpointStudy({ ...small, ...bad }), JSON.stringify(bad)).toThrow(InvalidArgumentError);
    expect(() => checkpointStudy(small).ask({ count: 0 })).toThrow(InvalidArgumentError);
    expect(() => resumeCheckpointStudy(small, { version: 2 } as never)).toThrow(InvalidArgumentError);
  });

  it.each([
    ['constant scores', () => 0.5],
    ['huge scores', (i: number, j: number) => 1e30 * (i + j)],
    ['tiny scores', (i: number, j: number) => 1e-30 * (i - j)],
    ['two far from each other', (i: number) => (i === 0 ? -1e9 : 1e-3)],
  ])('answers without NaN for %s', (_, score: (i: number, j: number) => number) => {
    const study = checkpointStudy({
      rows: Array.from({ length: 8 }, (_, i) => i),
      columns: ['a', 'b', 'c'],
      seed: 0,
    });
    for (let k = 0; k < 20; k++) for (const c of study.ask()) study.tell(c, score(c.row, c.column));
    const { mean, standardDeviation, probability } = study.posterior();
    for (const v of [...mean, ...standardDeviation, ...probability]) expect(Number.isFinite(v)).toBe(true);
    expect(Number.isFinite(study.decision().probability)).toBe(true);
  });
});
