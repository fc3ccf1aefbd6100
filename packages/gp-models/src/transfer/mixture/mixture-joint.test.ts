import { type Column, type Dataset, type Matrix, matrix, type PriorTask, seeded } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { jointGradientGap } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { matern52 } from '../../kernels/matern52.ts';
import { gaussianProcess } from '../../models/gaussian-process.ts';
import { autoTransfer } from '../methods/auto-transfer.ts';
import { mixturePosterior } from './mixture-posterior.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
];
const plain = gaussianProcess({ columns });

function bowl(seed: string, n: number): Dataset {
  const rng = seeded(seed);
  const centre = [0.5 + 0.2 * rng.next(), 0.2 + 0.2 * rng.next()] as const;
  const x = matrix(n, 2);
  for (let i = 0; i < 2 * n; i++) x.data[i] = rng.next();
  const square = (i: number) => (x.data[2 * i]! - centre[0]) ** 2 + (x.data[2 * i + 1]! - centre[1]) ** 2;
  return { x, y: Float64Array.from({ length: n }, (_, i) => 2 - 3 * square(i)) };
}
const sources = (count: number): PriorTask[] =>
  Array.from({ length: count }, (_, k) => ({ name: `s${k}`, data: bowl(`source ${k}`, 15) }));

describe.each([1, 6])('the joint belief of autoTransfer from %i sources', (count) => {
  const fitted = async () => {
    const surrogate = autoTransfer(sources(count), { plain, columns });
    const posterior = await surrogate.fit(bowl('target', 4), { rng: seeded(0) });
    return { posterior, latent: posterior.latent!.posterior };
  };

  it('has the marginals on its diagonal, in both scales', async () => {
    const { posterior, latent } = await fitted();
    const { x } = bowl('elsewhere', 7);
    for (const [belief, digits] of [[latent, 10] as const, [posterior, 8] as const]) {
      const { mean, covariance } = await belief.joint!(x);
      const marginals = await belief.marginals(x);
      marginals.mean.forEach((v, i) => {
        expect(mean[i]).toBeCloseTo(v, digits);
        expect(covariance.data[i * 8]).toBeCloseTo(marginals.variance[i]!, digits);
      });
    }
  });

  it('has the gradient of central differences, in both scales', async () => {
    const { posterior, latent } = await fitted();
    const { x } = bowl('elsewhere', 4);
    for (const belief of [latent, posterior]) expect(await jointGradientGap(belief, x)).toBeLessThan(1e-6);
  });

  it('is symmetric and positive semidefinite, also where points coincide or are observed', async () => {
    const { latent } = await fitted();
    const { x } = bowl('target', 4);
    const points = matrix(6, 2, Float64Array.of(...x.data, 0.3, 0.3, 0.3, 0.3));
    const { covariance } = await latent.joint!(points);
    const rng = seeded('directions');
    for (let k = 0; k < 100; k++) {
      const v = Array.from({ length: 6 }, () => rng.next() - 0.5);
      let form = 0;
      for (let i = 0; i < 6; i++)
        for (let j = 0; j < 6; j++) {
          expect(covariance.data[i * 6 + j]).toBe(covariance.data[j * 6 + i]);
          form += v[i]! * v[j]! * covariance.data[i * 6 + j]!;
        }
      expect(form).toBeGreaterThan(-1e-9);
    }
    expect(covariance.data[4 * 6 + 5]).toBeCloseTo(covariance.data[4 * 6 + 4]!, 10);
  });
});

it('of a single hypothesis says how one more value moves the mean elsewhere, as conditioning on it does', async () => {
  const kernel = matern52(columns).withTheta(Float64Array.of(0, Math.log(0.4), Math.log(0.7)));
  const basis = {
    // μ = x₀, φ = (sin 3x₀, x₁²).
    features: (x: Matrix) =>
      matrix(
        x.rows,
        3,
        Float64Array.from({ length: 3 * x.rows }, (_, k) => {
          const [a, b] = [x.data[2 * Math.floor(k / 3)]!, x.data[2 * Math.floor(k / 3) + 1]!];
          return [a, Math.sin(3 * a), b * b][k % 3]!;
        }),
      ),
    pullback: (x: Matrix) => matrix(x.rows, 2),
  };
  const noise = 0.01;
  const scale = 1.7;
  const { posterior } = await mixturePosterior(
    {
      hypotheses: [{ name: 'one', mean: 1, lowRank: 0.6, residual: 0.5, kernel, basis, noise, logPrior: 0 }],
      scales: [{ value: scale, logPrior: 0 }],
      offset: { mean: 0.3, variance: 2 },
      hasComponents: false,
      linalg: cpu,
    },
    bowl('target', 4),
  );
  const at = matrix(2, 2, Float64Array.of(0.35, 0.4, 0.45, 0.3));
  const { mean, covariance } = await posterior.joint!(at);
  const after = async (y: number) => {
    const next = await posterior.condition!({ x: matrix(1, 2, at.data.slice(0, 2)), y: Float64Array.of(y) });
    return (await next.marginals(at)).mean[1]!;
  };
  const moved = (await after(mean[0]! + 1)) - mean[1]!;
  expect(moved).toBeCloseTo(covariance.data[1]! / (covariance.data[0]! + scale * scale * noise), 10);
  expect(Math.abs(moved)).toBeGreaterThan(0.1);
});
