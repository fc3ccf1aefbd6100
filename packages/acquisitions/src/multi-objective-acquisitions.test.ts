import {
  type Dataset,
  type JointBelief,
  type Matrix,
  type MultiObjectiveAcquisition,
  type MultiObjectiveBelief,
  type MultiObjectiveUtility,
  matrix,
  matrixOf,
  type Posterior,
  rowOf,
  seeded,
  UnsupportedError,
} from '@foothold/core';
import { hypervolume, standardNormal } from '@foothold/numerics';
import { linearPosterior } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { logExpectedHypervolumeImprovement } from './log-expected-hypervolume-improvement.ts';
import { qLogNoisyExpectedHypervolumeImprovement } from './q-log-noisy-expected-hypervolume-improvement.ts';
import { inferReferencePoint } from './reference-point.ts';

function points(n: number, seed = 1): Matrix {
  const rng = seeded(seed);
  return matrix(
    n,
    2,
    Float64Array.from({ length: 2 * n }, () => rng.next()),
  );
}

interface Case {
  readonly n?: number;
  readonly m?: number;
  readonly noise?: number;
  readonly value?: (j: number, x: Float64Array) => number;
  readonly pending?: Matrix;
}

const wave = (j: number, x: Float64Array) => Math.sin(3 * x[0]! + 2 * j) + (j % 2 ? -1 : 1) * x[1]!;

/** A belief of m objectives after n observations. */
function beliefOf({ n = 9, m = 2, noise = 0.01, value = wave, pending }: Case = {}): MultiObjectiveBelief {
  const x = points(n);
  const data = Array.from({ length: m }, (_, j): Dataset => {
    return { x, y: Float64Array.from({ length: n }, (_, i) => value(j, rowOf(x, i))) };
  });
  return {
    posteriors: data.map((rows) => linearPosterior(rows, noise)),
    observed: x,
    ranges: data.map(({ y }) => ({ low: Math.min(...y), high: Math.max(...y) })),
    rng: seeded(7),
    ...(pending && { pending }),
  };
}

async function jointAt(posteriors: readonly Posterior[], beside: Matrix, at: Float64Array) {
  const rows = Array.from({ length: beside.rows }, (_, i) => rowOf(beside, i));
  return Promise.all(
    posteriors.map(async (posterior): Promise<JointBelief> => {
      const { mean, covariance } = await posterior.joint!(matrixOf([...rows, at]));
      return { mean, covariance };
    }),
  );
}

async function valueAt(
  belief: MultiObjectiveBelief,
  acquisition: MultiObjectiveAcquisition,
  at: Float64Array,
): Promise<number> {
  const utility = await acquisition.prepare(belief);
  if (typeof utility !== 'function')
    return utility.value(await jointAt(belief.posteriors, utility.beside, at));
  const x = matrixOf([at]);
  return utility(await Promise.all(belief.posteriors.map((p) => p.marginals(x)))).value[0]!;
}

const acquisitions = [
  logExpectedHypervolumeImprovement(),
  qLogNoisyExpectedHypervolumeImprovement({ samples: 16 }),
];

describe.each(acquisitions)('$name', (acquisition) => {
  it('has a value after few, equal, huge and tiny observations, and with pending points twice', async () => {
    const cases: readonly Case[] = [
      {},
      { n: 1 },
      { n: 2 },
      { m: 3 },
      { m: 4, n: 12 },
      { value: () => 3 },
      { value: (j, x) => (j === 0 ? 1 : wave(j, x)) },
      { value: (j, x) => 1e30 * wave(j, x) },
      { value: (j, x) => 1e-30 * wave(j, x) },
      { value: (j, x) => 1e6 + wave(j, x) },
      { noise: 1e-9 },
      { pending: matrixOf([Float64Array.of(0.2, 0.9), Float64Array.of(0.2, 0.9)]) },
    ];
    for (const each of cases)
      for (const at of [Float64Array.of(0.3, 0.4), rowOf(points(9), 0), Float64Array.of(1, 1)])
        expect([each, Number.isNaN(await valueAt(beliefOf(each), acquisition, at))]).toEqual([each, false]);
  });

  it('gives the same for the same belief and stream', async () => {
    const at = Float64Array.of(0.3, 0.4);
    expect(await valueAt(beliefOf(), acquisition, at)).toBe(await valueAt(beliefOf(), acquisition, at));
  });

  it('refuses a belief without a row with a typed error', async () => {
    await expect((async () => acquisition.prepare(beliefOf({ n: 0 })))()).rejects.toBeInstanceOf(
      UnsupportedError,
    );
  });

  it.each([2, 3])('has the derivatives of central differences for %d objectives', async (m) => {
    // Fewer points than the model has features: else the candidate is certain given them.
    const belief = beliefOf({ n: 3, m, noise: 0.1 });
    const utility = await acquisition.prepare(belief);
    for (const at of [Float64Array.of(0.35, 0.45), Float64Array.of(0.9, 0.1)]) {
      if (typeof utility === 'function') {
        const marginals = await Promise.all(belief.posteriors.map((p) => p.marginals(matrixOf([at]))));
        expectMarginalDerivatives(utility, marginals);
        continue;
      }
      const beliefs = await jointAt(belief.posteriors, utility.beside, at);
      const told = utility.derivatives(beliefs);
      expect(told[0]!.value).toBe(utility.value(beliefs));
      beliefs.forEach(({ mean, covariance }, j) => {
        const q = mean.length;
        const h = 1e-6 * Math.sqrt(covariance.data[q * q - 1]!);
        const changed = (next: Partial<JointBelief>) =>
          utility.value(beliefs.map((b, k) => (k === j ? { ...b, ...next } : b)));
        const byMean = (by: number) => changed({ mean: mean.map((u, i) => (i === q - 1 ? u + by : u)) });
        expectClose(told[j]!.dMean[q - 1]!, (byMean(h) - byMean(-h)) / (2 * h));
        for (let i = 0; i < q; i++) {
          const step = 1e-6 * covariance.data[q * q - 1]!;
          const byEntry = (by: number) =>
            changed({
              covariance: matrix(
                q,
                q,
                covariance.data.map((c, k) => (k === q * (q - 1) + i ? c + by : c)),
              ),
            });
          expectClose(
            told[j]!.dCovariance.data[q * (q - 1) + i]!,
            (byEntry(step) - byEntry(-step)) / (2 * step),
          );
        }
      });
    }
  });
});

function expectClose(told: number, difference: number): void {
  expect(Math.abs(told - difference)).toBeLessThan(1e-4 * (1 + Math.abs(difference)));
}

function expectMarginalDerivatives(
  utility: MultiObjectiveUtility,
  marginals: readonly { readonly mean: Float64Array; readonly variance: Float64Array }[],
): void {
  const { dMean, dVariance } = utility(marginals);
  marginals.forEach(({ mean, variance }, j) => {
    const h = 1e-5 * Math.sqrt(variance[0]!);
    const at = (u: number, v: number) =>
      utility(
        marginals.map((b, k) =>
          k === j ? { mean: Float64Array.of(mean[0]! + u), variance: Float64Array.of(variance[0]! + v) } : b,
        ),
      ).value[0]!;
    expectClose(dMean[j]![0]!, (at(h, 0) - at(-h, 0)) / (2 * h));
    const k = 1e-5 * variance[0]!;
    expectClose(dVariance[j]![0]!, (at(0, k) - at(0, -k)) / (2 * k));
  });
}

describe('qLogNoisyExpectedHypervolumeImprovement', () => {
  it('is the exact improvement where the observed values are known', async () => {
    const belief = beliefOf({ n: 3, noise: 1e-6 });
    for (const at of [Float64Array.of(0.35, 0.95), Float64Array.of(0.9, 0.1)]) {
      const noisy = await valueAt(belief, qLogNoisyExpectedHypervolumeImprovement(), at);
      const exact = await valueAt(belief, logExpectedHypervolumeImprovement(), at);
      expect(Math.abs(noisy - exact)).toBeLessThan(0.01 * Math.max(1, Math.abs(exact)));
    }
  });

  it('is within four standard errors of plain Monte Carlo of all values together, pending ones too', async () => {
    const pending = matrixOf([Float64Array.of(0.9, 0.9)]);
    const belief = beliefOf({ noise: 0.3, pending });
    const at = Float64Array.of(0.8, 0.2);
    const told = Math.exp(
      await valueAt(belief, qLogNoisyExpectedHypervolumeImprovement({ samples: 512 }), at),
    );
    const reference = inferReferencePoint(belief.ranges);
    const rows = [...Array.from({ length: 9 }, (_, i) => rowOf(belief.observed, i)), rowOf(pending, 0)];
    const joint = await jointAt(belief.posteriors, matrixOf(rows), at);
    const roots = joint.map(({ covariance }) => cholesky(covariance));
    const rng = seeded(3);
    const gains = Array.from({ length: 4000 }, () => {
      const values = joint.map(({ mean }, j) => {
        const z = Float64Array.from(mean, () => standardNormal(rng));
        return mean.map((u, i) => u + roots[j]![i]!.reduce((sum, l, k) => sum + l * z[k]!, 0));
      });
      const all = Array.from(values[0]!, (_, i) => Float64Array.from(values, (v) => v[i]!));
      return hypervolume(all, reference) - hypervolume(all.slice(0, -1), reference);
    });
    const average = gains.reduce((a, b) => a + b) / gains.length;
    const error = Math.sqrt(gains.reduce((a, g) => a + (g - average) ** 2, 0)) / gains.length;
    expect(Math.abs(told - average)).toBeLessThan(4 * error);
  });

  it('falls at a point that is pending already', async () => {
    const at = Float64Array.of(0.9, 0.1);
    const acquisition = qLogNoisyExpectedHypervolumeImprovement();
    const alone = await valueAt(beliefOf(), acquisition, at);
    expect(await valueAt(beliefOf({ pending: matrixOf([at]) }), acquisition, at)).toBeLessThan(alone - 1);
  });

  it('refuses samples that are no whole number', () => {
    expect(() => qLogNoisyExpectedHypervolumeImprovement({ samples: 0 })).toThrow('samples');
  });
});

function cholesky({ data, rows: n }: Matrix): readonly Float64Array[] {
  const l = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = data[i * n + j]! + (i === j ? 1e-10 : 0);
      for (let k = 0; k < j; k++) sum -= l[i]![k]! * l[j]![k]!;
      l[i]![j] = i === j ? Math.sqrt(Math.max(sum, 0)) : l[j]![j]! > 0 ? sum / l[j]![j]! : 0;
    }
  return l;
}

describe('inferReferencePoint', () => {
  it('lies a tenth of the range of all values below the worst, and 1 below values that are equal', () => {
    const ranges = [
      { low: -10, high: 10 },
      { low: 4, high: 4 },
    ];
    expect([...inferReferencePoint(ranges)]).toEqual([-12, 3]);
    const ends = inferReferencePoint([{ low: -Number.MAX_VALUE / 2, high: Number.MAX_VALUE }]);
    expect(Number.isFinite(ends[0])).toBe(true);
  });
});
