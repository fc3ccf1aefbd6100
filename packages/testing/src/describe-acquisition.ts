import {
  type Acquisition,
  type AcquisitionBelief,
  type Dataset,
  type JointUtility,
  largestOf,
  type Matrix,
  matrix,
  matrixOf,
  OptimizationError,
  type Posterior,
  rowOf,
  seeded,
  selectMatrixRows,
  type Utility,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { gradientGap } from './gradient-gap.ts';
import { linearPosterior } from './linear-posterior.ts';
import { randomMatrix } from './matrices.ts';

const points = (n: number, seed = n): Matrix => {
  const x = randomMatrix(n, 2, { rng: seeded(seed) });
  return matrix(
    n,
    2,
    x.data.map((u) => (u + 1) / 2),
  );
};

/** A belief after n observations of a wave, with two pending points. */
function beliefAfter(
  n: number,
  y: (i: number, wave: number) => number = (_, wave) => wave,
): AcquisitionBelief {
  const x = points(n);
  const wave = (i: number) => Math.sin(4 * x.data[2 * i]!) + x.data[2 * i + 1]!;
  const data: Dataset = { x, y: Float64Array.from({ length: n }, (_, i) => y(i, wave(i))) };
  const pending = matrixOf([
    [0.25, 0.5],
    [0.75, 0.4],
  ]);
  const columns = ['a', 'b'].map((name) => ({ kind: 'continuous' as const, name }));
  return { posterior: linearPosterior(data), data, rng: seeded(1), pending, domain: { columns } };
}

/** The same belief about a·y + b, a > 0. */
function inOtherUnits(
  { posterior, data, ...rest }: AcquisitionBelief,
  a: number,
  b: number,
): AcquisitionBelief {
  const moved: Posterior = {
    ...(posterior.noise !== undefined && { noise: a * a * posterior.noise }),
    async marginals(x) {
      const { mean, variance } = await posterior.marginals(x);
      return { mean: mean.map((u) => a * u + b), variance: variance.map((u) => a * a * u) };
    },
    async joint(x) {
      const { mean, covariance } = await posterior.joint!(x);
      return {
        mean: mean.map((u) => a * u + b),
        covariance: { ...covariance, data: covariance.data.map((u) => a * a * u) },
      };
    },
  };
  return { ...rest, posterior: moved, data: { ...data, y: data.y.map((u) => a * u + b) } };
}

/** What every Acquisition must do. One line in an acquisition's test file. */
export function describeAcquisition(name: string, open: () => Acquisition): void {
  describe(`${name} is an Acquisition`, () => {
    it('gives every point a utility that is a number, whatever was observed', async () => {
      const histories: readonly AcquisitionBelief[] = [
        beliefAfter(12),
        beliefAfter(1),
        beliefAfter(12, () => 3),
        inOtherUnits(beliefAfter(12), 1e30, 0),
        inOtherUnits(beliefAfter(12), 1e-30, 0),
        inOtherUnits(beliefAfter(12), 1, -1e6),
        beliefAfter(12, (i, wave) => (i === 3 ? 1e6 : wave)),
      ];
      for (const belief of histories) {
        const values = await valuesAt(belief, open());
        expect(values.every((u) => !Number.isNaN(u))).toBe(true);
      }
    });

    it('gives the same for the same belief and stream, and leaves the belief as it is', async () => {
      const belief = beliefAfter(12);
      const before = [belief.data.x.data, belief.data.y, belief.pending!.data].map((u) =>
        Float64Array.from(u),
      );
      const values = await valuesAt(belief, open());
      expect(await valuesAt(beliefAfter(12), open())).toEqual(values);
      expect([belief.data.x.data, belief.data.y, belief.pending!.data]).toEqual(before);
    });

    it.each([
      ['a thousand times as large', 1000, 0],
      ['shifted', 1, 7],
      ['tiny and shifted', 1e-6, -3e-6],
    ])('orders points the same where the values are %s', async (_, a, b) => {
      const acquisition = open();
      const plain = await valuesAt(beliefAfter(12), acquisition);
      const other = await valuesAt(inOtherUnits(beliefAfter(12), a, b), acquisition);
      // In log units a factor of y is a shift, else a factor.
      const slack = 1e-6 * (1 + largestOf([...plain, ...other].map(Math.abs)));
      for (let i = 0; i < plain.length; i++)
        for (let j = 0; j < plain.length; j++)
          if (plain[i]! > plain[j]! + slack) expect(other[i]).toBeGreaterThan(other[j]! - slack);
    });

    it('without data refuses with a typed error, or has a utility all the same', async () => {
      const belief = beliefAfter(0);
      try {
        const values = await valuesAt(belief, open());
        expect(values.every((u) => !Number.isNaN(u))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(OptimizationError);
      }
    });

    it('has the derivatives of central differences in mean, variance and inputs (where it is a formula of marginals)', async () => {
      const utility = await open().prepare(beliefAfter(12));
      if (typeof utility !== 'function') return;
      await expectDerivatives(utility, await beliefAfter(12).posterior.marginals(points(5, 3)), points(5, 3));
    });

    it('never falls as a mean grows (where it is a formula of marginals)', async () => {
      const utility = await open().prepare(beliefAfter(12));
      if (typeof utility !== 'function') return;
      const x = points(1);
      for (const variance of [0, 1e-30, 1, 1e30]) {
        let last = -Infinity;
        for (const mean of [-1e20, -1e3, 0, 0.9, 1.1, 1e3]) {
          const { value, dMean, dVariance } = utility(
            { mean: Float64Array.of(mean), variance: Float64Array.of(variance) },
            x,
          );
          expect([value[0]!, dMean[0]!, dVariance[0]!].some(Number.isNaN)).toBe(false);
          expect(value[0]).toBeGreaterThanOrEqual(last);
          last = value[0]!;
        }
      }
    });

    it('takes a candidate that is beside already, and certain ones (where it is a formula of a joint belief)', async () => {
      const utility = await open().prepare(beliefAfter(12));
      if (typeof utility === 'function') return;
      expect(utility.beside.columns).toBe(2);
      const { posterior } = beliefAfter(12);
      for (let i = 0; i < Math.min(utility.beside.rows, 3); i++)
        expect(Number.isNaN(await jointValue(posterior, utility, rowOf(utility.beside, i)))).toBe(false);
      const q = utility.beside.rows + 1;
      const certain = { mean: new Float64Array(q), covariance: matrix(q, q) };
      expect(Number.isNaN(utility.value(certain, new Float64Array(2)))).toBe(false);
    });
  });
}

async function valuesAt(belief: AcquisitionBelief, acquisition: Acquisition): Promise<number[]> {
  const utility = await acquisition.prepare(belief);
  const x = points(9, 5);
  if (typeof utility === 'function') return [...utility(await belief.posterior.marginals(x), x).value];
  const values = [];
  for (let i = 0; i < x.rows; i++) values.push(await jointValue(belief.posterior, utility, rowOf(x, i)));
  return values;
}

async function jointValue(posterior: Posterior, utility: JointUtility, point: Float64Array): Promise<number> {
  const { beside } = utility;
  const rows = Array.from({ length: beside.rows }, (_, i) => rowOf(beside, i));
  return utility.value(await posterior.joint!(matrixOf([...rows, point])), point);
}

async function expectDerivatives(
  utility: Utility,
  { mean, variance }: { readonly mean: Float64Array; readonly variance: Float64Array },
  x: Matrix,
): Promise<void> {
  for (let i = 0; i < x.rows; i++) {
    const at = selectMatrixRows(x, [i]);
    const value = (m: number, v: number, point = at) =>
      utility({ mean: Float64Array.of(m), variance: Float64Array.of(v) }, point).value[0]!;
    const [m, v] = [mean[i]!, variance[i]!];
    const { dMean, dVariance, dInputs } = utility(
      { mean: Float64Array.of(m), variance: Float64Array.of(v) },
      at,
    );
    const h = 1e-5 * Math.sqrt(v);
    const byMean = (value(m + h, v) - value(m - h, v)) / (2 * h);
    expect(Math.abs(dMean[0]! - byMean)).toBeLessThan(1e-5 * (1 + Math.abs(byMean)));
    const k = 1e-5 * v;
    const byVariance = (value(m, v + k) - value(m, v - k)) / (2 * k);
    expect(Math.abs(dVariance[0]! - byVariance)).toBeLessThan(1e-4 * (1 + Math.abs(byVariance)));
    if (dInputs)
      expect(
        await gradientGap((data) => value(m, v, matrix(1, x.columns, data)), at.data, dInputs.data),
      ).toBeLessThan(1e-4);
  }
}
