import {
  type Dataset,
  type FitContext,
  type Marginals,
  type Matrix,
  type MixtureMarginals,
  matrix,
  type Surrogate,
  seeded,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { gradientGap } from './gradient-gap.ts';
import { jointGradientGap } from './joint-gradient-gap.ts';
import { randomMatrix } from './matrices.ts';

/** What every Surrogate on two continuous columns must do. One line in a surrogate's test file. */
export function describeSurrogate(name: string, open: () => Surrogate | Promise<Surrogate>): void {
  const context = (): FitContext => ({ rng: seeded(1) });
  const wave = (a: number, b: number) => Math.sin(4 * a) + b * b;
  const dataset = (n: number, y: (a: number, b: number, i: number) => number): Dataset => {
    const x = randomMatrix(n, 2, { rng: seeded(n) });
    for (let i = 0; i < x.data.length; i++) x.data[i] = (x.data[i]! + 1) / 2;
    return { x, y: Float64Array.from({ length: n }, (_, i) => y(x.data[2 * i]!, x.data[2 * i + 1]!, i)) };
  };

  describe(`${name} is a Surrogate`, () => {
    it('explains a smooth function better than its mean does', async () => {
      const data = dataset(40, wave);
      const posterior = await (await open()).fit(data, context());
      const { x, y } = dataset(50, wave);
      const { mean, variance } = await posterior.marginals(x);
      const middle = data.y.reduce((s, v) => s + v, 0) / 40;
      const error = mean.reduce((s, m, i) => s + (m - y[i]!) ** 2, 0);
      expect(error).toBeLessThan(0.25 * y.reduce((s, v) => s + (v - middle) ** 2, 0));
      expect(variance.every((v) => v >= 0)).toBe(true);
    });

    it.each([
      ['no observation', dataset(0, wave)],
      ['one observation', dataset(1, wave)],
      ['a constant', dataset(12, () => 3)],
      ['huge values', dataset(12, (a, b) => 1e30 * wave(a, b))],
      ['tiny values', dataset(12, (a, b) => 1e-30 * wave(a, b))],
      ['an outlier', dataset(12, (a, b, i) => (i === 3 ? 1e12 : wave(a, b)))],
      [
        'one point over and over',
        { x: matrix(30, 2), y: Float64Array.from({ length: 30 }, (_, i) => i % 3) },
      ],
    ])('believes something finite after %s', async (_, data) => {
      const posterior = await (await open()).fit(data, context());
      const { mean, variance } = await posterior.marginals(dataset(5, wave).x);
      expect(mean.every(Number.isFinite)).toBe(true);
      expect(variance.every((v) => v >= 0 && Number.isFinite(v))).toBe(true);
    });

    it('believes the same of the same data and seed, and leaves the data as it is', async () => {
      const data = dataset(15, wave);
      const before = [Float64Array.from(data.x.data), Float64Array.from(data.y)];
      const at = dataset(5, wave).x;
      const belief = async () => (await (await (await open()).fit(data, context())).marginals(at)).mean;
      expect(await belief()).toEqual(await belief());
      expect([data.x.data, data.y]).toEqual(before);
    });

    it('pulls mean and variance back to the points as central differences do (where it has a gradient)', async () => {
      const posterior = await (await open()).fit(dataset(20, wave), context());
      const at = dataset(3, wave).x;
      const [dMean, dVariance] = [Float64Array.of(1, -2, 0.5), Float64Array.of(0.3, 1, -1)];
      const told = await (await posterior.marginals(at)).gradient?.(dMean, dVariance);
      if (!told) return;
      const sum = async (data: Float64Array) => {
        const { mean, variance } = await posterior.marginals(matrix(3, 2, data));
        return mean.reduce((s, m, i) => s + dMean[i]! * m + dVariance[i]! * variance[i]!, 0);
      };
      expect(await gradientGap(sum, at.data, told.data)).toBeLessThan(1e-5);
    });

    it('has the moments of its components, which pull back as central differences do (where it has some)', async () => {
      const posterior = await (await open()).fit(dataset(20, wave), context());
      for (const belief of [posterior, posterior.latent?.posterior]) {
        const at = dataset(3, wave).x;
        const marginals = await belief?.marginals(at);
        const found = marginals?.components?.();
        if (!belief || !marginals || !found) continue;
        expectMoments(marginals, found);
        const rng = seeded('components');
        const d = [found.mean, found.variance].map(({ rows, columns, data }) =>
          matrix(
            rows,
            columns,
            data.map(() => rng.next() - 0.5),
          ),
        ) as [Matrix, Matrix];
        const told = await found.gradient?.(...d);
        if (!told) continue;
        const sum = async (data: Float64Array) => {
          const { mean, variance } = (await belief.marginals(matrix(3, 2, data))).components!();
          return mean.data.reduce((s, u, i) => s + d[0].data[i]! * u + d[1].data[i]! * variance.data[i]!, 0);
        };
        expect(await gradientGap(sum, at.data, told.data)).toBeLessThan(1e-5);
      }
    });

    it('has a joint belief whose diagonal is the marginals (where it has one)', async () => {
      const posterior = await (await open()).fit(dataset(20, wave), context());
      const at = dataset(4, wave).x;
      const joint = await posterior.joint?.(at);
      if (!joint) return;
      const { mean, variance } = await posterior.marginals(at);
      for (let i = 0; i < 4; i++) {
        expect(joint.mean[i]).toBeCloseTo(mean[i]!, 8);
        expect(joint.covariance.data[i * 5]).toBeCloseTo(variance[i]!, 8);
      }
    });

    it('pulls the joint belief back to the points as central differences do (where it has that gradient)', async () => {
      const posterior = await (await open()).fit(dataset(20, wave), context());
      const at = dataset(4, wave).x;
      for (const belief of [posterior, posterior.latent?.posterior])
        if (belief && (await belief.joint?.(at))?.gradient)
          expect(await jointGradientGap(belief, at)).toBeLessThan(1e-5);
    });
  });
}

function expectMoments(marginals: Marginals, { weights, mean, variance }: MixtureMarginals): void {
  const m = marginals.mean.length;
  expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  for (let i = 0; i < m; i++) {
    let first = 0;
    let second = 0;
    weights.forEach((w, k) => {
      const u = mean.data[k * m + i]!;
      first += w * u;
      second += w * (u * u + variance.data[k * m + i]!);
    });
    expect(first).toBeCloseTo(marginals.mean[i]!, 10);
    expect(second - first * first).toBeCloseTo(marginals.variance[i]!, 10);
  }
}
