import { type Matrix, matrix, type Posterior, rowOf } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { modelImportance } from './model-importance.ts';
import type { StudyModel } from './study-model.ts';

const slopes = [3, 2, 1];

/** Three of many inputs act, and none with another. Draws are the mean with a slope of its own along the first input. */
function additive(columns: number): Posterior {
  const mean = (x: Matrix) =>
    Float64Array.from({ length: x.rows }, (_, i) =>
      slopes.reduce((sum, slope, j) => sum + slope * rowOf(x, i)[j]!, 0),
    );
  const first = (x: Matrix) => Float64Array.from({ length: x.rows }, (_, i) => x.data[i * columns]! - 0.5);
  return {
    marginals: async (x) => ({ mean: mean(x), variance: first(x).map((u) => u * u) }),
    joint: async (x) => {
      const along = first(x);
      const covariance = matrix(x.rows, x.rows);
      for (let i = 0; i < x.rows; i++)
        for (let j = 0; j < x.rows; j++) covariance.data[i * x.rows + j] = along[i]! * along[j]!;
      return { mean: mean(x), covariance };
    },
  };
}

describe('the importance of parameters under a model', () => {
  it('is that of the closed form in 31 columns, where what each explains alone is no more than the whole', async () => {
    const columns = 31;
    const space = spaceOf(
      Object.fromEntries(
        Array.from({ length: columns }, (_, j) => [`p${j}`, { type: 'real', low: 0, high: 1 }] as const),
      ),
    );
    const model: StudyModel = {
      ...{ space, posterior: additive(columns), direction: 'maximize', seed: 0, trials: 9, rows: 9 },
      best: { number: 0, params: {}, value: 0 },
    };
    const { parameters } = await modelImportance(model, { pause: async () => undefined });
    // Slopes 3 ± 1, 2, 1: the mean over the draws lies within a few hundredths of the shares 9, 4 and 1 of 14.
    slopes.forEach((slope, j) => {
      expect(Math.abs(parameters[j]!.alone.share - slope ** 2 / 14)).toBeLessThan(0.06);
    });
    expect(parameters[0]!.alone.high - parameters[0]!.alone.low).toBeGreaterThan(0.1);
    for (const { alone, total } of parameters) {
      expect(alone.share).toBeLessThanOrEqual(total.share);
      expect(alone.high).toBeLessThanOrEqual(total.high);
    }
    // What rounding leaves.
    for (const { total } of parameters.slice(3)) expect(total.high).toBeLessThan(1e-20);
  });
});
