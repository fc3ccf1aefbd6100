import { type JointBelief, type JointUtility, matrix, matrixOf, seeded } from '@foothold/core';
import { logH, standardNormal } from '@foothold/numerics';
import { linearPosterior } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { costWeighted } from './cost-weighted.ts';
import { fixedNormals } from './fixed-draws.ts';
import { logExpectedImprovement } from './log-expected-improvement.ts';
import { logImprovement, logImprovementDerivatives } from './monte-carlo-improvement.ts';
import { qLogNoisyExpectedImprovement } from './q-log-noisy-expected-improvement.ts';
import { qUpperConfidenceBound } from './q-upper-confidence-bound.ts';
import { upperConfidenceBound } from './upper-confidence-bound.ts';

const x = matrixOf([
  [0.1, 0.2],
  [0.5, 0.9],
  [0.8, 0.4],
]);
const data = { x, y: Float64Array.of(0.2, 1, 0.4) };
const belief = { posterior: linearPosterior(data), data, rng: seeded(3) };
const at = new Float64Array(2);

/** A covariance of q values, well away from singular. */
function spread(q: number): JointBelief {
  const rng = seeded(`spread ${q}`);
  const a = Float64Array.from({ length: q * q }, () => rng.next() - 0.5);
  const covariance = matrix(q, q);
  for (let i = 0; i < q; i++)
    for (let j = 0; j < q; j++) {
      covariance.data[i * q + j] = i === j ? 0.3 : 0;
      for (let k = 0; k < q; k++) covariance.data[i * q + j]! += a[i * q + k]! * a[j * q + k]!;
    }
  return { mean: Float64Array.from({ length: q }, () => rng.next()), covariance };
}

describe('qLogNoisyExpectedImprovement', () => {
  it.each([
    [1, 0.2, 0.5, 0.3, 0.1],
    [0.4, 0.5, 0.9, 0.6, 0.5],
    [0, 0.3, 1.2, 0.2, -0.4],
  ])(
    'of one known point is the expected positive part of a difference: means %d, %d, standard deviations %d, %d, correlation %d',
    async (a, b, s, t, r) => {
      const acquisition = qLogNoisyExpectedImprovement({ baseline: 1, samples: 2 ** 14 });
      const utility = (await acquisition.prepare(belief)) as JointUtility;
      const covariance = matrix(2, 2, Float64Array.of(s * s, r * s * t, r * s * t, t * t));
      const value = utility.value({ mean: Float64Array.of(a, b), covariance }, at);
      const standardDeviation = Math.sqrt(s * s + t * t - 2 * r * s * t);
      expect(
        Math.abs(value - (logH((b - a) / standardDeviation) + Math.log(standardDeviation))),
      ).toBeLessThan(5e-3);
    },
  );

  it('is what many independent draws gain on average over three known points, two points together', () => {
    const joint = spread(5);
    const over = { baseline: 3, normals: fixedNormals(5, 2 ** 14, seeded(1)) };
    const root = new Float64Array(25);
    for (let i = 0; i < 5; i++)
      for (let j = 0; j <= i; j++) {
        let rest = joint.covariance.data[i * 5 + j]!;
        for (let k = 0; k < j; k++) rest -= root[i * 5 + k]! * root[j * 5 + k]!;
        root[i * 5 + j] = i === j ? Math.sqrt(rest) : rest / root[j * 5 + j]!;
      }
    const rng = seeded('gains');
    const draws = 200_000;
    let sum = 0;
    for (let n = 0; n < draws; n++) {
      const z = Array.from({ length: 5 }, () => standardNormal(rng));
      const f = joint.mean.map((m, i) => m + z.reduce((total, u, k) => total + root[i * 5 + k]! * u, 0));
      sum += Math.max(Math.max(f[3]!, f[4]!) - Math.max(f[0]!, f[1]!, f[2]!), 0);
    }
    expect(Math.abs(logImprovement(joint, over) - Math.log(sum / draws))).toBeLessThan(0.02);
  });

  it('has the derivatives of central differences over three known points', () => {
    const q = 6;
    const joint = spread(q);
    const over = { baseline: 3, normals: fixedNormals(q, 256, seeded(1)) };
    const told = logImprovementDerivatives(joint, over);
    const h = 1e-6;
    for (let i = 0; i < q; i++) {
      const byMean = (by: number) =>
        logImprovement({ ...joint, mean: joint.mean.map((m, k) => (k === i ? m + by : m)) }, over);
      expect((byMean(h) - byMean(-h)) / (2 * h)).toBeCloseTo(told.dMean[i]!, 7);
      for (let j = 0; j <= i; j++) {
        const byCovariance = (by: number) => {
          const moved = Float64Array.from(joint.covariance.data);
          moved[i * q + j]! += by;
          if (i !== j) moved[j * q + i]! += by;
          return logImprovement({ mean: joint.mean, covariance: matrix(q, q, moved) }, over);
        };
        const { data: d } = told.dCovariance;
        const stated = i === j ? d[i * q + i]! : d[i * q + j]! + d[j * q + i]!;
        expect((byCovariance(h) - byCovariance(-h)) / (2 * h)).toBeCloseTo(stated, 7);
      }
    }
  });

  it('names the options and data that it cannot take', async () => {
    expect(() => qLogNoisyExpectedImprovement({ baseline: 0 })).toThrow('baseline is 0');
    const empty = { x: matrix(0, 2), y: new Float64Array(0) };
    await expect(async () =>
      qLogNoisyExpectedImprovement().prepare({ ...belief, data: empty }),
    ).rejects.toThrow('empty dataset');
  });
});

describe('qUpperConfidenceBound', () => {
  it('of one point is the upper confidence bound', async () => {
    const utility = (await qUpperConfidenceBound({ coefficient: 2, samples: 2 ** 13 }).prepare(
      belief,
    )) as JointUtility;
    const value = utility.value(
      { mean: Float64Array.of(1), covariance: matrix(1, 1, Float64Array.of(9)) },
      at,
    );
    const bound = await upperConfidenceBound({ coefficient: 2 }).prepare(belief);
    const one = { mean: Float64Array.of(1), variance: Float64Array.of(9) };
    expect(Math.abs(value - bound(one, matrix(1, 2)).value[0]!)).toBeLessThan(5e-3);
  });

  it('of two independent points with one mean is E max(|a|, |b|) = 2σ/√π of both', async () => {
    const acquisition = qUpperConfidenceBound({ coefficient: 1, samples: 2 ** 13 });
    const utility = (await acquisition.prepare({ ...belief, pending: matrix(1, 2) })) as JointUtility;
    const value = utility.value(
      { mean: new Float64Array(2), covariance: matrix(2, 2, Float64Array.of(1, 0, 0, 1)) },
      at,
    );
    expect(Math.abs(value - Math.sqrt(Math.PI / 2) * (2 / Math.sqrt(Math.PI)))).toBeLessThan(5e-3);
  });

  it('names the options that it cannot take', () => {
    expect(() => qUpperConfidenceBound({ coefficient: -1 })).toThrow('coefficient is -1');
    expect(() => qUpperConfidenceBound({ samples: 0 })).toThrow('samples is 0');
  });
});

describe('costWeighted', () => {
  it('divides what is gained by the cost', async () => {
    const logCost = (points: { readonly rows: number; readonly data: Float64Array }) =>
      Float64Array.from({ length: points.rows }, (_, i) => 3 * points.data[2 * i]!);
    const plain = await logExpectedImprovement().prepare(belief);
    const weighted = await costWeighted(logExpectedImprovement(), { logCost }).prepare(belief);
    const marginals = await belief.posterior.marginals(x);
    const [a, b] = [plain(marginals, x), weighted(marginals, x)];
    for (let i = 0; i < 3; i++) {
      expect(b.value[i]).toBeCloseTo(a.value[i]! - 3 * x.data[2 * i]!, 12);
      expect(b.dInputs!.data[2 * i]).toBeCloseTo(-3, 6);
    }
  });

  it('refuses utilities that may be negative', () => {
    expect(() => costWeighted(upperConfidenceBound(), { logCost: () => new Float64Array(0) })).toThrow(
      'acquisition is "upperConfidenceBound"',
    );
  });
});
