import { type Column, levelOf, matrix, type Score, seeded } from '@foothold/core';
import { describeAcquisitionOptimizer } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { acquisitionSearch } from './acquisition-search.ts';

describeAcquisitionOptimizer('acquisitionSearch', acquisitionSearch);
describeAcquisitionOptimizer('acquisitionSearch with 96 points', () =>
  acquisitionSearch({ candidates: 96, starts: 2 }),
);

const columns: readonly Column[] = [
  { name: 'rate', kind: 'continuous' },
  { name: 'layers', kind: 'ordinal', levels: 8 },
  { name: 'width', kind: 'ordinal', levels: 1009, logFrom: 16 },
  { name: 'optimizer', kind: 'categorical', levels: 2 },
];
/** Largest in the corner that the region shuts out, with the second category. */
const corner: Score = async ({ data, rows }) => ({
  value: Float64Array.from(
    { length: rows },
    (_, i) => data[4 * i]! + data[4 * i + 1]! + data[4 * i + 2]! + data[4 * i + 3]!,
  ),
});

describe('the search for the largest score', () => {
  it('leaves the region in no ordered column, whatever the score promises outside', async () => {
    const region = { lower: Float64Array.of(0.2, 0.3, 0.2, 0), upper: Float64Array.of(0.6, 0.6, 0.5, 1) };
    for (let seed = 0; seed < 5; seed++) {
      const problem = { columns, incumbents: matrix(0, 4), rng: seeded(seed), region };
      const point = await acquisitionSearch().maximize(corner, problem);
      expect(point[0]).toBeLessThanOrEqual(0.6);
      expect(levelOf(columns[1]!, point[1]!)).toBe(4);
      expect(levelOf(columns[2]!, point[2]!)).toBeLessThanOrEqual(levelOf(columns[2]!, 0.5));
      expect(levelOf(columns[3]!, point[3]!)).toBe(1);
    }
  });

  it('takes one step along an ordered column where the region is narrower than a level', async () => {
    const region = { lower: Float64Array.of(0.2, 0.3, 0.2, 0), upper: Float64Array.of(0.6, 0.32, 0.5, 1) };
    const problem = { columns, incumbents: matrix(0, 4), rng: seeded(2), region };
    expect(levelOf(columns[1]!, (await acquisitionSearch().maximize(corner, problem))[1]!)).toBe(3);
  });

  it('goes to the corner without a region', async () => {
    const problem = { columns, incumbents: matrix(0, 4), rng: seeded(1) };
    const point = await acquisitionSearch().maximize(corner, problem);
    expect(levelOf(columns[1]!, point[1]!)).toBe(7);
    expect(levelOf(columns[2]!, point[2]!)).toBe(1008);
  });
});
