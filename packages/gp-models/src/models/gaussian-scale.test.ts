import { matrix, seeded } from '@foothold/core';
import { normalQuantile } from '@foothold/numerics';
import { describe, expect, it } from 'vitest';
import { gaussianProcess } from './gaussian-process.ts';
import { gaussianScale } from './gaussian-scale.ts';

const columns = [{ kind: 'continuous' as const, name: 'x' }];
const x = matrix(
  12,
  1,
  Float64Array.from({ length: 12 }, (_, i) => i / 11),
);
/** Values of very different sizes, so that the outputs are warped. */
const y = x.data.map((u) => -Math.exp(7 * u));

describe('the Gaussian scale of a posterior', () => {
  it('maps to the units of the values and back', async () => {
    const { toScale, toValue } = gaussianScale(
      await gaussianProcess({ columns }).fit({ x, y }, { rng: seeded(1) }),
    );
    for (const v of y) expect(Math.abs(toValue(toScale(v)) / v - 1)).toBeLessThan(1e-10);
    expect(toScale(-1)).toBeGreaterThan(toScale(-2));
  });

  it('has quantiles whose average over all levels is the mean in the units of the values', async () => {
    const fitted = await gaussianProcess({ columns }).fit({ x, y }, { rng: seeded(1) });
    const { posterior, toValue } = gaussianScale(fitted);
    const at = matrix(1, 1, Float64Array.of(0.55));
    const { mean, variance } = await posterior.marginals(at);
    const levels = Array.from({ length: 4001 }, (_, i) => (i + 0.5) / 4001);
    const average =
      levels.reduce((sum, p) => sum + toValue(mean[0]! + normalQuantile(p) * Math.sqrt(variance[0]!)), 0) /
      levels.length;
    expect(Math.abs(average / (await fitted.marginals(at)).mean[0]! - 1)).toBeLessThan(1e-3);
  });

  it('takes any other posterior as it is', () => {
    const plain = { marginals: () => ({ mean: Float64Array.of(1), variance: Float64Array.of(4) }) };
    const { posterior, toScale, toValue } = gaussianScale(plain);
    expect([posterior === plain, toScale(3), toValue(3)]).toEqual([true, 3, 3]);
  });
});
