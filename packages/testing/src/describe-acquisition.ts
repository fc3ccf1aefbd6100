import {
  type Acquisition,
  type AcquisitionBelief,
  type JointBelief,
  type JointUtility,
  largestOf,
  type Matrix,
  matrix,
  matrixOf,
  OptimizationError,
  type Posterior,
  rowOf,
  selectMatrixRows,
  type Utility,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { beliefAfter, inOtherUnits, overFidelities, points, toTarget } from './acquisition-beliefs.ts';
import { gradientGap } from './gradient-gap.ts';

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
        overFidelities(beliefAfter(12)),
        overFidelities(beliefAfter(1)),
        { ...beliefAfter(12), candidates: points(20, 4) },
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

    it.each([
      ['', beliefAfter(12)],
      [' over fidelities', overFidelities(beliefAfter(12))],
    ])(
      'has the derivatives of central differences in a joint belief%s (where it states them)',
      async (_, belief) => {
        const utility = await open().prepare(belief);
        if (typeof utility === 'function' || !utility.derivatives) return;
        for (const point of [...rowsOf(points(4, 3)), ...rowsOf(toTarget(points(2, 6)))])
          expect(
            await derivativeGap(utility, await jointBelief(belief.posterior, utility, point), point),
          ).toBeLessThan(1e-4);
      },
    );

    it('takes a candidate that is beside already, and certain ones (where it is a formula of a joint belief)', async () => {
      for (const belief of [beliefAfter(12), overFidelities(beliefAfter(12))]) {
        const utility = await open().prepare(belief);
        if (typeof utility === 'function') continue;
        expect(utility.beside.columns).toBe(2);
        for (const point of rowsOf(utility.beside).slice(0, 3))
          expect(Number.isNaN(await jointValue(belief.posterior, utility, point))).toBe(false);
        const q = utility.beside.rows + (utility.project ? 2 : 1);
        const certain = { mean: new Float64Array(q), covariance: matrix(q, q) };
        expect(Number.isNaN(utility.value(certain, new Float64Array(2)))).toBe(false);
        const told = utility.derivatives?.(certain, new Float64Array(2));
        if (told) expect([...told.dMean, ...told.dCovariance.data].some(Number.isNaN)).toBe(false);
      }
    });

    it('has one point more beside a candidate where it projects it (where it is a formula of a joint belief)', async () => {
      const belief = overFidelities(beliefAfter(12));
      const utility = await open().prepare(belief);
      if (typeof utility === 'function' || !utility.project) return;
      const x = points(5, 3);
      const projected = utility.project(x);
      expect([projected.rows, projected.columns]).toEqual([5, 2]);
      expect(utility.project(projected)).toEqual(projected);
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
  return utility.value(await jointBelief(posterior, utility, point), point);
}

/** The belief that a joint utility looks at: the points beside, the projection of the candidate where there is one, and it. */
async function jointBelief(posterior: Posterior, { beside, project }: JointUtility, point: Float64Array) {
  const candidate = matrixOf([point]);
  const { mean, covariance } = await posterior.joint!(
    matrixOf([...rowsOf(beside), ...(project ? rowsOf(project(candidate)) : []), point]),
  );
  return { mean, covariance };
}

function rowsOf(a: Matrix): Float64Array[] {
  return Array.from({ length: a.rows }, (_, i) => rowOf(a, i));
}

/** Largest difference of the stated derivatives from central differences, in units of the largest derivative. */
async function derivativeGap(
  utility: JointUtility,
  { mean, covariance }: JointBelief,
  candidate: Float64Array,
): Promise<number> {
  const q = mean.length;
  const told = utility.derivatives!({ mean, covariance }, candidate);
  expect(told.value).toBe(utility.value({ mean, covariance }, candidate));
  if (!Number.isFinite(told.value)) return 0;
  const standardDeviation = Array.from({ length: q }, (_, i) => Math.sqrt(covariance.data[i * q + i]!));
  const slopes: (readonly [number, number])[] = [];
  // Steps in standard deviations: short, since maxima of several lines have a third derivative that is large where they cross.
  const h = 1e-6;
  const difference = (moved: (by: number) => JointBelief) => {
    const at = (by: number) => utility.value(moved(by), candidate);
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  };
  for (let i = 0; i < q; i++) {
    const moved = (by: number) => {
      const next = Float64Array.from(mean);
      next[i]! += by * standardDeviation[i]!;
      return { mean: next, covariance };
    };
    slopes.push([told.dMean[i]! * standardDeviation[i]!, difference(moved)]);
    for (let j = 0; j <= i; j++) {
      const size = standardDeviation[i]! * standardDeviation[j]!;
      const both = (by: number) => {
        const next = Float64Array.from(covariance.data);
        next[i * q + j]! += by * size;
        if (i !== j) next[j * q + i]! += by * size;
        return { mean, covariance: matrix(q, q, next) };
      };
      const { data } = told.dCovariance;
      const stated = i === j ? data[i * q + i]! : data[i * q + j]! + data[j * q + i]!;
      slopes.push([stated * size, difference(both)]);
    }
  }
  const largest = Math.max(largestOf(slopes.flat().map(Math.abs)), 1e-3);
  const gap = largestOf(slopes.map(([a, b]) => Math.abs(a - b))) / largest;
  if (!told.dInputs) return gap;
  const value = (at: Float64Array) => utility.value({ mean, covariance }, at);
  return Math.max(gap, await gradientGap(value, candidate, told.dInputs));
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
