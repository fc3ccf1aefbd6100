import {
  type AcquisitionProblem,
  InvalidArgumentError,
  type Matrix,
  matrix,
  OptimizationError,
  seeded,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { candidateSearch } from './candidate-search.ts';

const problem = (over: Partial<AcquisitionProblem> = {}): AcquisitionProblem => ({
  columns: [
    { kind: 'continuous', name: 'x' },
    { kind: 'continuous', name: 'y' },
  ],
  incumbents: matrix(0, 2),
  rng: seeded(3),
  ...over,
});

describe('candidateSearch', () => {
  it('scores a number of different points at once and gives the best of them', async () => {
    const scored: Matrix[] = [];
    const best = await candidateSearch({ count: 7 }).maximize(async (x) => {
      scored.push(x);
      const value = Float64Array.from({ length: x.rows }, (_, i) => (i === 1 ? Number.NaN : x.data[2 * i]!));
      return { value };
    }, problem());
    expect(scored).toHaveLength(1);
    const rows = Array.from({ length: 7 }, (_, i) => scored[0]!.data[2 * i]!);
    expect(scored[0]!.rows).toBe(7);
    expect(new Set(rows).size).toBe(7);
    expect(best[0]).toBe(Math.max(...rows.filter((_, i) => i !== 1)));
  });

  it('stays in the region and on what may be evaluated, and gives fewer points where there are no more', async () => {
    const region = { lower: Float64Array.of(0.4, 0.4), upper: Float64Array.of(0.6, 0.6) };
    const seen: number[] = [];
    const repair = (point: Float64Array) => {
      seen.push(...point);
      return point[0]! < 0.5 ? Float64Array.of(0.45, point[1]! < 0.5 ? 0.45 : 0.55) : undefined;
    };
    let rows = 0;
    await candidateSearch().maximize(async (x) => {
      rows = x.rows;
      return { value: new Float64Array(x.rows) };
    }, problem({ region, repair }));
    expect(rows).toBe(2);
    expect(seen.every((u) => u >= 0.4 && u <= 0.6)).toBe(true);
  });

  it('says that nothing may be evaluated', async () => {
    const none = candidateSearch().maximize(
      async (x) => ({ value: new Float64Array(x.rows) }),
      problem({ repair: () => undefined }),
    );
    await expect(none).rejects.toBeInstanceOf(OptimizationError);
    expect(() => candidateSearch({ count: 0 })).toThrow(InvalidArgumentError);
  });
});
