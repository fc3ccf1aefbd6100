import { describe, expect, it } from 'vitest';
import { type ComparedRun, summaryOf } from './fleet-policies.ts';
import { median } from './median.ts';

describe('median', () => {
  it('is the middle one, or the mean of the middle two', () => {
    expect(median([9, 1, 4])).toBe(4);
    expect(median([100, 1, 4, 2])).toBe(3);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });
});

describe('the summary of policies', () => {
  const run = (policy: ComparedRun['policy'], of: Partial<ComparedRun>): ComparedRun => ({
    ...{ policy, busyShare: 1, endMs: 100, regretAtEnd: 1, isBetterThanBatch: false, ...of },
  });
  const rows = [0.25, 0.5].map((regret, i) => [
    run('batch', { busyShare: 0.5, endMs: 200 * (i + 1), regretAtEnd: 2 * regret }),
    run('asynchronous', { regretAtEnd: regret, isBetterThanBatch: true }),
    run('prepared', { regretAtEnd: 4 * regret, endMs: 50 }),
    run('random', { regretAtEnd: 8 }),
  ]);

  it('has the mean of the middle two, and compares the ends of one seed', () => {
    const { batch, asynchronous, prepared, random } = summaryOf(rows);
    expect(batch).toEqual({
      ...{ busyShare: 0.5, batchEndRatio: 1, regretAtEnd: 0.75, betterThanBatch: 0, runs: 2 },
    });
    expect(asynchronous).toMatchObject({ batchEndRatio: 3, regretAtEnd: 0.375, betterThanBatch: 2 });
    expect(prepared).toMatchObject({ batchEndRatio: 6, regretAtEnd: 1.5 });
    expect(random!['regretAtEnd']).toBe(8);
  });
});
