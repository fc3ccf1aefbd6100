import { type Column, type Dataset, matrix, matrixOf, seeded } from '@foothold/core';
import { describeSurrogate, gradientGap, jointGradientGap } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { averagedPosterior } from './averaged-posterior.ts';
import { type GaussianProcessOptions, gaussianProcess } from './gaussian-process.ts';

const columns: readonly Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
];
const rng = seeded('points');
const rows = Array.from({ length: 9 }, () => [rng.next(), rng.next()]);
const data: Dataset = {
  x: matrixOf(rows),
  y: Float64Array.from(rows, ([a, b]) => Math.sin(5 * a!) + b! * b!),
};
const at = matrixOf([
  [0.2, 0.7],
  [0.9, 0.1],
  [0.5, 0.5],
]);
const options = { columns, outputWarping: 'none' } as const;
const model = (samples: number) => gaussianProcess({ ...options, hyperparameters: { samples } });

describeSurrogate('gaussianProcess averaged over hyperparameters', () =>
  gaussianProcess({ columns, hyperparameters: { samples: 3 } }),
);

describe('the average of posteriors', () => {
  it('has the moments of the mixture, by draws of one of them', async () => {
    const parts = await Promise.all(
      [0.1, 0.9].map((shift) =>
        model(2).fit({ ...data, y: data.y.map((v) => v + shift) }, { rng: seeded(shift) }),
      ),
    );
    const average = averagedPosterior(parts);
    const { mean, variance } = await average.marginals(at);
    const each = await Promise.all(parts.map((p) => p.marginals(at)));
    for (let i = 0; i < 3; i++) {
      const second = each.reduce((sum, p) => sum + (p.variance[i]! + p.mean[i]! ** 2) / 2, 0);
      expect(mean[i]).toBeCloseTo((each[0]!.mean[i]! + each[1]!.mean[i]!) / 2, 12);
      expect(variance[i]).toBeCloseTo(second - mean[i]! ** 2, 10);
    }
    const joint = await average.joint!(at);
    for (let i = 0; i < 3; i++) expect(joint.covariance.data[4 * i]).toBeCloseTo(variance[i]!, 9);
  });

  it('has the gradients of central differences', async () => {
    const posterior = (await model(4).fit(data, { rng: seeded(1) })).latent!.posterior;
    expect(await jointGradientGap(posterior, at)).toBeLessThan(1e-6);
    const dMean = Float64Array.of(0.7, -0.2, 1);
    const dVariance = Float64Array.of(-0.4, 1.1, 0.3);
    const pulled = await (await posterior.marginals(at)).gradient!(dMean, dVariance);
    const sum = async (x: Float64Array) => {
      const { mean, variance } = await posterior.marginals({ ...at, data: x });
      return mean.reduce((total, m, i) => total + dMean[i]! * m + dVariance[i]! * variance[i]!, 0);
    };
    expect(await gradientGap(sum, at.data, pulled.data)).toBeLessThan(1e-6);
  });
});

describe('gaussianProcess with drawn hyperparameters', () => {
  it('of one stream is near that of another, and less certain than its mode', async () => {
    const marginals = async (samples: number, seed: number) =>
      (await model(samples).fit(data, { rng: seeded(seed) })).marginals(at);
    const [other, many] = [await marginals(64, 1), await marginals(64, 2)];
    const mode = await (await gaussianProcess(options).fit(data, { rng: seeded(1) })).marginals(at);
    for (let i = 0; i < 3; i++) {
      const standardDeviation = Math.sqrt(many.variance[i]!);
      expect(Math.abs(other.mean[i]! - many.mean[i]!)).toBeLessThan(0.5 * standardDeviation);
      expect(Math.abs(Math.log(other.variance[i]! / many.variance[i]!))).toBeLessThan(1);
    }
    const total = (variance: Float64Array) => variance.reduce((a, b) => a + b, 0);
    expect(total(many.variance)).toBeGreaterThan(total(mode.variance));
  });

  it('gives the same from the same stream, and at the mode’s state', async () => {
    const fit = () => model(4).fit(data, { rng: seeded(3) });
    const [a, b] = [await fit(), await fit()];
    expect((await a.marginals(at)).mean).toEqual((await b.marginals(at)).mean);
    expect(a.state).toEqual((await gaussianProcess(options).fit(data, { rng: seeded(3) })).state);
  });

  it('says whether it was averaged, where that was asked for', async () => {
    const told = async (options: GaussianProcessOptions, rows: Dataset) => {
      const { why } = await gaussianProcess(options).fit(rows, { rng: seeded(3) });
      return (why!['gaussianProcess'] as Record<string, unknown>)['hyperparameters'];
    };
    const averaged = { ...options, hyperparameters: { samples: 4 } };
    expect(await told(averaged, data)).toEqual({ samples: 4 });
    const x = matrix(
      101,
      2,
      Float64Array.from({ length: 202 }, () => rng.next()),
    );
    const long = { x, y: Float64Array.from({ length: 101 }, (_, i) => Math.sin(5 * x.data[2 * i]!)) };
    expect(await told(averaged, long)).toBe('mode');
    expect(await told(options, data)).toBeUndefined();
  });

  it('names the option that it cannot take', () => {
    expect(() => model(1)).toThrow('hyperparameters is');
  });
});
