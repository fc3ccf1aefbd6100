import { expect, it } from 'vitest';
import { columnsOf } from './columns.ts';
import { columnsSummary } from './columns-summary.ts';

it('ranks the best values of each problem and seed, ties in the middle, and compares logarithms with the first method', () => {
  const run = (problem: string, method: string, ...values: number[]) => ({
    ...{ problem, method, values, seed: 0, seconds: 2 },
  });
  const runs = [
    run('a', 'x', 100, 10, 20),
    run('a', 'y', 100, 100),
    run('a', 'z', 10),
    run('b', 'x', 1),
    run('b', 'y', 1000),
    run('b', 'z', 100),
  ];
  const { overall, logGapByProblem } = columnsSummary(runs, ['x', 'y', 'z']);
  expect(overall['x']).toMatchObject({ meanRank: 1.25, logGap: 0.5, difference: 0, secondsPerRun: 2 });
  expect(overall['y']).toMatchObject({ meanRank: 3, rankError: 0, difference: 2, differenceError: 1 });
  expect(overall['z']).toMatchObject({ meanRank: 1.75, difference: 1 });
  expect(logGapByProblem).toEqual({ a: { x: 1, y: 2, z: 1 }, b: { x: 0, y: 3, z: 2 } });
});

it('knows the columns of a problem by its name', () => {
  expect(['bbob-8-50', 'hartmann6-100', 'lasso-300-15'].map(columnsOf)).toEqual([50, 100, 300]);
});
