import { type Dataset, matrix, type Posterior, type PriorTask, type Surrogate, seeded } from '@foothold/core';
import { standardNormal } from '@foothold/numerics';
import { gradientGap, jointGradientGap, randomMatrix } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { gaussianProcess } from '../../models/gaussian-process.ts';
import { jointThroughTransform } from '../../warps/joint-through-transform.ts';
import { affine, combinedPosterior, mixtureOf, weightedSum } from './combined-posterior.ts';
import { gated } from './gated.ts';
import { multiTask } from './multi-task.ts';
import { quantileTransfer } from './quantile-transfer.ts';
import { rankingWeighted } from './ranking-weighted.ts';
import { stackedResidual } from './stacked-residual.ts';
import { twoStage } from './two-stage.ts';

const columns = [{ kind: 'continuous', name: 'u' }] as const;
const base = gaussianProcess({ columns });
const line = (seed: string, n: number, f = (u: number) => Math.sin(6 * u)): Dataset => {
  const rng = seeded(seed);
  const x = matrix(n, 1);
  for (let i = 0; i < n; i++) x.data[i] = rng.next();
  return { x, y: x.data.map(f) };
};
const sources: PriorTask[] = [
  { name: 'a', data: line('a', 12, (u) => 5 * Math.sin(6 * u)) },
  { name: 'b', data: line('b', 12, (u) => Math.sin(6 * u + 0.4)) },
];
const at = matrix(4, 1, Float64Array.of(0.1, 0.35, 0.4, 0.9));

/** A Gaussian posterior with this mean and covariance at any 2 points; a condition records its data. */
const known = (mean: number[], covariance: number[], condition?: Posterior['condition']): Posterior => ({
  marginals: () => ({
    mean: Float64Array.from(mean),
    variance: Float64Array.of(covariance[0]!, covariance[3]!),
  }),
  joint: () => ({ mean: Float64Array.from(mean), covariance: matrix(2, 2, Float64Array.from(covariance)) }),
  ...(condition && { condition }),
});
const one = known([1, 2], [2, 0.5, 0.5, 1]);
const two = known([3, -1], [1, -0.2, -0.2, 4]);
const two2 = matrix(2, 1);

describe('the joint of several beliefs', () => {
  it('of a weighted sum is the sum of weighted covariances', async () => {
    const { mean, covariance } = await combinedPosterior(
      [one, two],
      weightedSum([0.25, 0.75], [0.0625, 0.5625]),
      {},
    ).joint!(two2);
    expect([...mean]).toEqual([0.25 + 2.25, 0.5 - 0.75]);
    const expected = [2, 0.5, 0.5, 1].map((v, i) => 0.0625 * v + 0.5625 * [1, -0.2, -0.2, 4][i]!);
    covariance.data.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i]!, 14);
    });
  });

  it('of a mixture has the moments of draws from it', async () => {
    const { mean, covariance } = await combinedPosterior([one, two], mixtureOf([0.3, 0.7]), {}).joint!(two2);
    // Moments of the mixture: mean (2.4, -0.1), E[yyᵀ] − mean·meanᵀ.
    expect(mean[0]).toBeCloseTo(2.4, 12);
    expect(mean[1]).toBeCloseTo(-0.1, 12);
    const second = (i: number, j: number, m: number[], c: number[]) => c[2 * i + j]! + m[i]! * m[j]!;
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const)
      expect(covariance.data[2 * i + j]).toBeCloseTo(
        0.3 * second(i, j, [1, 2], [2, 0.5, 0.5, 1]) +
          0.7 * second(i, j, [3, -1], [1, -0.2, -0.2, 4]) -
          mean[i]! * mean[j]!,
        12,
      );
  });

  it('of a belief in other units is scaled, and what it learns is in those units', async () => {
    let learned: Dataset | undefined;
    const inner = known([1, 2], [2, 0.5, 0.5, 1], (data) => {
      learned = data;
      return one;
    });
    const scaled = affine(inner, { scale: 10, shift: 5 });
    const { mean, covariance } = await scaled.joint!(two2);
    expect([...mean]).toEqual([15, 25]);
    expect([...covariance.data]).toEqual([200, 50, 50, 100]);
    await scaled.condition!({ x: matrix(1, 1), y: Float64Array.of(25), noise: Float64Array.of(400) });
    expect([...learned!.y]).toEqual([2]);
    expect([...learned!.noise!]).toEqual([4]);
  });
});

describe('the joint behind a warp', () => {
  const nodes = [-3.750439717725742, -2.366759410734541, -1.1544053947399682, 0];
  const weights = [0.0005482688559722178, 0.03075712396758651, 0.2401231786050127, 0.4571428571428571];
  const rule = {
    nodes: [...nodes, ...nodes.slice(0, 3).map((t) => -t)],
    weights: [...weights, ...weights.slice(0, 3)],
  };
  const latent = {
    mean: Float64Array.of(0.2, -0.1, 0.3),
    covariance: matrix(3, 3, Float64Array.of(0.25, 0.15, -0.1, 0.15, 0.36, 0, -0.1, 0, 0.16)),
  };

  const exponential = (z: number) => ({ y: Math.exp(z), slope: Math.exp(z) });

  it('is that of a lognormal for the exponential: e^(μ₁+μ₂+½(σ₁²+σ₂²))·(e^c − 1)', () => {
    const { mean, covariance } = jointThroughTransform(latent, { ...rule, inverse: exponential });
    const c = (i: number, j: number) => latent.covariance.data[3 * i + j]!;
    for (let i = 0; i < 3; i++) {
      expect(mean[i]).toBeCloseTo(Math.exp(latent.mean[i]! + c(i, i) / 2), 6);
      for (let j = 0; j < 3; j++)
        expect(covariance.data[3 * i + j]).toBeCloseTo(
          Math.exp(latent.mean[i]! + latent.mean[j]! + (c(i, i) + c(j, j)) / 2) * Math.expm1(c(i, j)),
          4,
        );
    }
  });

  it('pulls back to the latent belief as central differences do, one point being certain', async () => {
    // The latent belief itself as points: its "gradient" hands over what reached it.
    const dMean = Float64Array.of(1, -2, 0.5, 0.3);
    const dCovariance = randomMatrix(4, 4, { rng: seeded('weights') });
    const at = Float64Array.of(
      ...[0.2, -0.1, 0.3, 1],
      ...[0.25, 0.15, -0.1, 0, 0.15, 0.36, 0, 0, -0.1, 0, 0.16, 0, 0, 0, 0, 0],
    );
    const through = (values: Float64Array) =>
      jointThroughTransform(
        {
          mean: values.slice(0, 4),
          covariance: matrix(4, 4, values.slice(4)),
          gradient: (first, second) => matrix(1, 20, Float64Array.of(...first, ...second.data)),
        },
        { ...rule, inverse: exponential },
      );
    const { data } = await through(at).gradient!(dMean, dCovariance);
    // Entries that are read: the means, and the lower triangle but for the certain point.
    const read = [0, 1, 2, 3, 4, 8, 9, 12, 13, 14];
    const sum = (some: Float64Array) => {
      const values = at.slice();
      read.forEach((k, i) => {
        values[k] = some[i]!;
      });
      const { mean, covariance } = through(values);
      const first = mean.reduce((s, m, i) => s + dMean[i]! * m, 0);
      return covariance.data.reduce((s, c, k) => s + dCovariance.data[k]! * c, first);
    };
    const pick = (from: Float64Array) => Float64Array.from(read, (k) => from[k]!);
    expect(await gradientGap(sum, pick(at), pick(data))).toBeLessThan(1e-8);
  });

  it('is the latent one for a line, and has no variance where the latent one has none', () => {
    const { mean, covariance } = jointThroughTransform(latent, {
      ...rule,
      inverse: (z) => ({ y: 3 - 2 * z, slope: -2 }),
    });
    latent.mean.forEach((m, i) => {
      expect(mean[i]).toBeCloseTo(3 - 2 * m, 12);
    });
    latent.covariance.data.forEach((v, i) => {
      expect(covariance.data[i]).toBeCloseTo(4 * v, 10);
    });
    const flat = jointThroughTransform(
      { mean: Float64Array.of(1, 2), covariance: matrix(2, 2, Float64Array.of(0, 0, 0, 1)) },
      { ...rule, inverse: exponential },
    );
    expect(Math.abs(flat.covariance.data[0]!)).toBeLessThan(1e-24);
    expect(Math.abs(flat.covariance.data[1]!)).toBeLessThan(1e-24);
  });
});

const methods: [string, Surrogate][] = [
  ['rankingWeighted', rankingWeighted(sources, base)],
  ['twoStage', twoStage(sources, base)],
  ['stackedResidual', stackedResidual(sources, base)],
  ['quantileTransfer', quantileTransfer(sources, base)],
  ['multiTask', multiTask(sources, { columns })],
  ['gated', gated(stackedResidual(sources, base), base, { folds: 3 })],
];

describe.each(methods)('the joint of %s', (_, surrogate) => {
  const fitted = () => surrogate.fit(line('target', 7), { rng: seeded(1) });

  it('has the gradient of central differences', async () => {
    expect(await jointGradientGap(await fitted(), at)).toBeLessThan(1e-6);
  });

  it('is positive semidefinite, with the marginals on its diagonal', async () => {
    const posterior = await fitted();
    const { mean, covariance } = await posterior.joint!(at);
    const marginals = await posterior.marginals(at);
    const spread = Math.max(...marginals.variance);
    for (let i = 0; i < 4; i++) {
      expect(mean[i]).toBeCloseTo(marginals.mean[i]!, 9);
      expect(Math.abs(covariance.data[5 * i]! - marginals.variance[i]!)).toBeLessThan(1e-9 * spread);
    }
    const rng = seeded(2);
    for (let k = 0; k < 50; k++) {
      const v = Float64Array.from({ length: 4 }, () => standardNormal(rng));
      let square = 0;
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 4; j++) square += v[i]! * v[j]! * covariance.data[4 * i + j]!;
      expect(square).toBeGreaterThan(-1e-9 * spread);
    }
  });

  it('does not depend on which points go together', async () => {
    const posterior = await fitted();
    const all = (await posterior.joint!(at)).covariance.data;
    const pair = (await posterior.joint!(matrix(2, 1, Float64Array.of(0.35, 0.9)))).covariance.data;
    for (const [p, q] of [
      [0, 5],
      [1, 7],
      [3, 15],
    ] as const)
      expect(pair[p]).toBeCloseTo(all[q]!, 10);
  });

  it('is less sure beside a pending trial once that is taken as known', async () => {
    const posterior = await fitted();
    const x = matrix(1, 1, Float64Array.of(0.37));
    const { mean } = await posterior.marginals(x);
    const conditioned = await posterior.condition!({ x, y: mean });
    const [before, after] = [await posterior.marginals(x), await conditioned.marginals(x)];
    expect(after.variance[0]).toBeLessThan(before.variance[0]! + 1e-12);
    expect(after.mean.every(Number.isFinite)).toBe(true);
  });
});
