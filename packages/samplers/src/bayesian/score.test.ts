import {
  logExpectedImprovement,
  logKnowledgeGradient,
  priorWeighted,
  qLogExpectedImprovement,
  qLowerBoundMaxValueEntropy,
  qUpperConfidenceBound,
  upperConfidenceBound,
} from '@foothold/acquisitions';
import {
  type Acquisition,
  type Column,
  type JointUtility,
  type Matrix,
  matrix,
  matrixOf,
  type Posterior,
  rowOf,
  seeded,
  type Utility,
} from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { gradientGap, linearPosterior } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { goalTerms } from './goal-terms.ts';
import { logSoftplus } from './log-softplus.ts';
import { inLogUnits } from './log-units.ts';
import { scoreOf } from './score.ts';

const data = {
  x: matrixOf([
    [0.1, 0.2],
    [0.5, 0.9],
    [0.8, 0.4],
    [0.3, 0.7],
  ]),
  y: Float64Array.of(0.2, 1, 0.4, 0.7),
};
const posterior = linearPosterior(data);
const columns: readonly Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
];
const belief = { posterior, data, rng: seeded(0), pending: matrixOf([[0.6, 0.6]]) };
const points = matrixOf([
  [0.22, 0.31],
  [0.71, 0.55],
  [0.95, 0.05],
]);

const logPrior = ({ rows, data: x }: Matrix) =>
  Float64Array.from({ length: rows }, (_, i) => -8 * (x[2 * i]! - 0.3) ** 2 - x[2 * i + 1]!);

/** The acquisition as one that states no derivatives in a joint belief. */
function withoutDerivatives(acquisition: Acquisition): Acquisition {
  return {
    ...acquisition,
    async prepare(of) {
      const { derivatives: _, ...utility } = (await acquisition.prepare(of)) as JointUtility;
      return utility;
    },
  };
}

const acquisitions: readonly (readonly [string, Acquisition, number])[] = [
  ['logExpectedImprovement', logExpectedImprovement(), 1e-5],
  ['qLogExpectedImprovement', qLogExpectedImprovement(), 1e-5],
  ['logKnowledgeGradient', logKnowledgeGradient(), 1e-5],
  ['priorWeighted(logKnowledgeGradient)', priorWeighted(logKnowledgeGradient(), { logPrior }), 1e-5],
  // Differences of differences: the steps' errors are about 1e-6 of the curvature.
  ['qLogExpectedImprovement without derivatives', withoutDerivatives(qLogExpectedImprovement()), 1e-2],
  ['logKnowledgeGradient without derivatives', withoutDerivatives(logKnowledgeGradient()), 1e-2],
];

describe.each(acquisitions)('the score of %s', (_, acquisition, slack) => {
  it('has the gradient of central differences', async () => {
    const score = scoreOf([{ posterior, utility: await acquisition.prepare(belief) }], columns);
    const { gradient } = await score(points);
    for (let i = 0; i < points.rows; i++) {
      const value = async (at: Float64Array) => (await score(matrixOf([at]), { gradient: false })).value[0]!;
      expect(await gradientGap(value, rowOf(points, i).slice(), rowOf(gradient!, i).slice())).toBeLessThan(
        slack,
      );
    }
  });

  it('is the same for one point and for many, with and without its gradient', async () => {
    const score = scoreOf([{ posterior, utility: await acquisition.prepare(belief) }], columns);
    const many = await score(matrixOf(Array.from({ length: 60 }, (_, i) => rowOf(points, i % 3))));
    const plain = await score(points, { gradient: false });
    for (let i = 0; i < 60; i++) expect(many.value[i]).toBeCloseTo(plain.value[i % 3]!, 10);
    expect(plain.gradient).toBeUndefined();
  });
});

describe('the score of a mixture', () => {
  /** Two normals: the posterior itself, and one that is higher and surer where the first column is large. */
  const mixed: Posterior = {
    async marginals(x) {
      const own = await posterior.marginals(x);
      const m = x.rows;
      const other = own.mean.map((u, i) => u + x.data[2 * i]!);
      return {
        ...own,
        components: () => ({
          weights: Float64Array.of(0.7, 0.3),
          mean: matrix(2, m, Float64Array.of(...own.mean, ...other)),
          variance: matrix(2, m, Float64Array.of(...own.variance, ...own.variance.map((v) => v / 4))),
          async gradient(dMean, dVariance) {
            const sum = (d: Float64Array, factor: number) =>
              Float64Array.from({ length: m }, (_, i) => d[i]! + factor * d[m + i]!);
            const pulled = await own.gradient!(sum(dMean.data, 1), sum(dVariance.data, 1 / 4));
            const data = pulled.data.map((g, k) => (k % 2 === 0 ? g + dMean.data[m + k / 2]! : g));
            return { ...pulled, data };
          },
        }),
      };
    },
  };

  it.each([
    ['logarithms', logExpectedImprovement(), true],
    ['no logarithms', upperConfidenceBound({ coefficient: 2 }), false],
  ] as const)(
    'averages a utility in %s, with the gradient of central differences',
    async (_, acquisition, isLog) => {
      const utility = (await acquisition.prepare(belief)) as Utility;
      const { value, gradient } = await scoreOf([{ posterior: mixed, utility, isLog }], columns)(points);
      const { mean, variance } = (await mixed.marginals(points)).components!();
      for (let i = 0; i < 3; i++) {
        const [a, b] = [0, 1].map((k) => {
          const [m, v] = [mean.data[3 * k + i]!, variance.data[3 * k + i]!];
          const [u] = utility(
            { mean: Float64Array.of(m), variance: Float64Array.of(v) },
            matrixOf([rowOf(points, i)]),
          ).value;
          return isLog ? Math.exp(u!) : u!;
        }) as [number, number];
        const average = 0.7 * a + 0.3 * b;
        expect(value[i]).toBeCloseTo(isLog ? Math.log(average) : average, 9);
        const at = async (point: Float64Array) =>
          (await scoreOf([{ posterior: mixed, utility, isLog }], columns)(matrixOf([point]))).value[0]!;
        expect(await gradientGap(at, rowOf(points, i).slice(), rowOf(gradient!, i).slice())).toBeLessThan(
          1e-5,
        );
      }
    },
  );
});

it('averages the probabilities of an outcome constraint over a mixture, not their logarithms', async () => {
  const space = searchSpace({ a: uniform(0, 1) });
  const trials = [0, 1].map(
    (a) =>
      ({ number: a, params: { a }, reports: [], state: 'complete', value: a, metrics: { c: 1 } }) as const,
  );
  const constraints = [{ metric: 'c', atLeast: 0 }];
  const [term] = goalTerms({ space, trials, constraints, direction: 'minimize', count: 1, rng: seeded(0) });
  const uncertain: Posterior = {
    marginals: () => ({
      mean: Float64Array.of(-0.02),
      variance: Float64Array.of(1),
      components: () => ({
        weights: Float64Array.of(0.98, 0.02),
        mean: matrix(2, 1, Float64Array.of(1, -50)),
        variance: matrix(2, 1, Float64Array.of(1, 1)),
      }),
    }),
  };
  const { value } = await scoreOf([{ ...term!, posterior: uncertain }], space.columns)(matrix(1, 1));
  // Φ(1) = 0.841344746…
  expect(value[0]).toBeCloseTo(Math.log(0.98 * 0.8413447460685429), 9);
});

describe('utilities in log units', () => {
  const converted = async (scale: number, shift: number) => {
    const utility = (await upperConfidenceBound({ coefficient: 2 }).prepare(belief)) as Utility;
    const moved: Utility = (...args) => {
      const inner = utility(...args);
      return {
        value: inner.value.map((u) => scale * u + shift),
        dMean: inner.dMean.map((u) => scale * u),
        dVariance: inner.dVariance.map((u) => scale * u),
      };
    };
    return (await inLogUnits(moved, { posterior, data })) as Utility;
  };

  it('keep the order, do not depend on units, and have their derivatives', async () => {
    const score = scoreOf([{ posterior, utility: await converted(1, 0) }], columns);
    const other = scoreOf([{ posterior, utility: await converted(1000, -7) }], columns);
    const { value, gradient } = await score(points);
    const raw = ((await upperConfidenceBound({ coefficient: 2 }).prepare(belief)) as Utility)(
      await posterior.marginals(points),
      points,
    ).value;
    const order = (u: Float64Array) => [...u.keys()].sort((i, j) => u[i]! - u[j]!);
    expect(order(value)).toEqual(order(raw));
    const { value: inOtherUnits } = await other(points);
    for (let i = 0; i < 3; i++) {
      expect(inOtherUnits[i]).toBeCloseTo(value[i]!, 9);
      const at = async (point: Float64Array) => (await score(matrixOf([point]))).value[0]!;
      expect(await gradientGap(at, rowOf(points, i).slice(), rowOf(gradient!, i).slice())).toBeLessThan(1e-5);
    }
  });

  it.each([
    ['qUpperConfidenceBound', qUpperConfidenceBound({ samples: 64 })],
    ['qLowerBoundMaxValueEntropy', qLowerBoundMaxValueEntropy()],
  ])('of a joint belief keep the order and have their derivatives: %s', async (_, acquisition) => {
    const joint = await acquisition.prepare(belief);
    const utility = await inLogUnits(joint, { posterior, data });
    const score = scoreOf([{ posterior, utility }], columns);
    const { value, gradient } = await score(points);
    const { value: raw } = await scoreOf([{ posterior, utility: joint }], columns)(points);
    const order = (u: Float64Array) => [...u.keys()].sort((i, j) => u[i]! - u[j]!);
    expect(order(value)).toEqual(order(raw));
    for (let i = 0; i < points.rows; i++) {
      const at = async (point: Float64Array) =>
        (await score(matrixOf([point]), { gradient: false })).value[0]!;
      expect(await gradientGap(at, rowOf(points, i).slice(), rowOf(gradient!, i).slice())).toBeLessThan(1e-4);
    }
  });

  it.each(['alone', 'beside a pending point'])('of information are its logarithm: %s', async (kind) => {
    const pending = kind === 'alone' ? undefined : belief.pending;
    const grid = matrixOf(Array.from({ length: 49 }, (_, i) => [(i % 7) / 6, Math.floor(i / 7) / 6]));
    const prepared = async (beside: Matrix | undefined) =>
      (await qLowerBoundMaxValueEntropy().prepare({ ...belief, pending: beside })) as JointUtility;
    const information = await prepared(pending);
    const { value: raw } = await scoreOf([{ posterior, utility: information }], columns)(grid);
    // What a pending point tells by itself is that of a candidate there.
    const alone = pending
      ? (await prepared(undefined)).value(await posterior.joint!(pending), rowOf(pending, 0))
      : 0;
    const utility = await inLogUnits(information, { posterior, data });
    const { value } = await scoreOf([{ posterior, utility }], columns)(grid);
    const gains = raw.map((u) => u - alone);
    const large = [...gains.keys()].filter((i) => Math.abs(gains[i]!) > 1e-3);
    expect(large.length).toBeGreaterThan(3);
    for (const i of large) {
      const log = Math.log(Math.abs(gains[i]!));
      // A bound below zero counts as far below a millionth of a nat as its negative is above.
      expect(value[i]).toBeCloseTo(gains[i]! > 0 ? log : 2 * Math.log(1e-6) - log, 5);
    }
  });

  it('of an upper confidence bound of one point are those of its closed form', async () => {
    const coefficient = 2;
    const both = await Promise.all(
      [qUpperConfidenceBound({ coefficient, samples: 4096 }), upperConfidenceBound({ coefficient })].map(
        async (acquisition) => {
          const prepared = await acquisition.prepare({ ...belief, pending: undefined });
          const utility = await inLogUnits(prepared, { posterior, data });
          return (await scoreOf([{ posterior, utility }], columns)(points)).value;
        },
      ),
    );
    for (let i = 0; i < points.rows; i++) expect(both[0]![i]).toBeCloseTo(both[1]![i]!, 1);
  });

  it('log softplus is log t far above zero and t far below', () => {
    expect(logSoftplus(1e6).value).toBeCloseTo(Math.log(1e6), 12);
    expect(logSoftplus(-1e6).value).toBe(-1e6);
    for (const t of [-31, -29, -1, 0, 3, 29, 31]) {
      const h = 1e-5;
      const slope = (logSoftplus(t + h).value - logSoftplus(t - h).value) / (2 * h);
      expect(logSoftplus(t).slope).toBeCloseTo(slope, 7);
    }
  });
});
