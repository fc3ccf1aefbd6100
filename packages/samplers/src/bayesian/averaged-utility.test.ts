import { type MixtureMarginals, matrix, type Utility } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { averagedUtility } from './averaged-utility.ts';

const x = matrix(2, 1, Float64Array.of(0.2, 0.7));
const mixture: MixtureMarginals = {
  weights: Float64Array.of(0.5, 0.3, 0, 0.2),
  mean: matrix(4, 2, Float64Array.of(0, 0.4, -1, 0.1, 50, 50, 0.3, -2)),
  variance: matrix(4, 2, Float64Array.of(1, 0.3, 0.2, 2, 1, 1, 0.01, 0.5)),
};

/** The utility m·v + 3x of each point, with its derivatives. */
const product: Utility = ({ mean, variance }, points) => ({
  value: mean.map((u, i) => u * variance[i]! + 3 * points.data[i]!),
  dMean: Float64Array.from(variance),
  dVariance: Float64Array.from(mean),
  dInputs: matrix(points.rows, 1, new Float64Array(points.rows).fill(3)),
});

/** log E[e^f] = m + v/2. */
const logNormalMean: Utility = ({ mean, variance }) => ({
  value: mean.map((u, i) => u + variance[i]! / 2),
  dMean: mean.map(() => 1),
  dVariance: mean.map(() => 0.5),
});

describe('a utility averaged over the components of a mixture', () => {
  it('is the logarithm of the expected value, where utilities are logarithms', () => {
    const { value } = averagedUtility(logNormalMean, mixture, { x, isLog: true });
    const expected = (m: number[], v: number[]) =>
      Math.log([0.5, 0.3, 0.2].reduce((sum, w, k) => sum + w * Math.exp(m[k]! + v[k]! / 2), 0));
    expect(value[0]).toBeCloseTo(expected([0, -1, 0.3], [1, 0.2, 0.01]), 12);
    expect(value[1]).toBeCloseTo(expected([0.4, 0.1, -2], [0.3, 2, 0.5]), 12);
  });

  it('is the weighted sum of utilities that are no logarithms', () => {
    const { value, dInputs } = averagedUtility(product, mixture, { x, isLog: false });
    expect(value[0]).toBeCloseTo(0.5 * 0 + 0.3 * -0.2 + 0.2 * 0.003 + 0.6, 12);
    expect([...dInputs!.data]).toEqual([3, 3]);
  });

  it('is the utility itself where one component has all the weight', () => {
    const single = { ...mixture, weights: Float64Array.of(0, 1, 0, 0) };
    const own = logNormalMean(
      { mean: mixture.mean.data.slice(2, 4), variance: mixture.variance.data.slice(2, 4) },
      x,
    );
    for (const isLog of [true, false])
      expect(averagedUtility(logNormalMean, single, { x, isLog }).value).toEqual(own.value);
  });

  it.each([
    [true, logNormalMean],
    [false, product],
  ])('has the derivatives of central differences (logarithms: %s)', (isLog, utility) => {
    const sum = (of: MixtureMarginals) => {
      const { value } = averagedUtility(utility, of, { x, isLog, gradient: false });
      return value[0]! + value[1]!;
    };
    const { dMean, dVariance } = averagedUtility(utility, mixture, { x, isLog });
    const h = 1e-5;
    for (const [name, told] of [['mean', dMean] as const, ['variance', dVariance] as const])
      for (let k = 0; k < 8; k++) {
        const moved = (by: number) => {
          const data = mixture[name].data.map((u, i) => (i === k ? u + by : u));
          return sum({ ...mixture, [name]: matrix(4, 2, data) });
        };
        expect((moved(h) - moved(-h)) / (2 * h)).toBeCloseTo(told.data[k]!, 8);
      }
  });

  it('stays finite where every logarithm underflows as a number', () => {
    const mean = matrix(4, 2, new Float64Array(8).fill(-1e4));
    const { value, dMean } = averagedUtility(logNormalMean, { ...mixture, mean }, { x, isLog: true });
    expect([...value, ...dMean.data].every(Number.isFinite)).toBe(true);
  });

  it('is −∞ where every logarithm is', () => {
    const none: Utility = ({ mean }) => ({
      value: mean.map(() => -Infinity),
      dMean: mean.map(() => 0),
      dVariance: mean.map(() => 0),
    });
    expect([...averagedUtility(none, mixture, { x, isLog: true }).value]).toEqual([-Infinity, -Infinity]);
  });
});
