import { type Dataset, matrix, seeded, selectMatrixRows } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { expect, it } from 'vitest';
import { gaussianProcess } from './gaussian-process.ts';
import { leaveOneOut } from './leave-one-out.ts';

const columns = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
] as const;

function skewed(n: number): Dataset {
  const rng = seeded('leave one out');
  const x = matrix(n, 2);
  for (let i = 0; i < 2 * n; i++) x.data[i] = rng.next();
  return {
    x,
    y: Float64Array.from(
      { length: n },
      (_, i) => -Math.exp(3 * x.data[2 * i]! + x.data[2 * i + 1]!) + rng.next(),
    ),
  };
}

it('predicts each row as the same model built without it does', async () => {
  const data = skewed(33);
  const gp = gaussianProcess({ columns, linalg: cpu });
  const posterior = await gp.fit(data, { rng: seeded(0) });
  const { mean, variance, observed, logDensity } = await leaveOneOut(posterior);
  const previousState = {
    gaussianProcess: { ...(posterior.state!['gaussianProcess'] as object), fitted: 32 },
  };
  for (const i of [0, 7, 32]) {
    const others = Array.from({ length: 33 }, (_, k) => k).filter((k) => k !== i);
    const rest: Dataset = {
      x: selectMatrixRows(data.x, others),
      y: Float64Array.from(others, (k) => data.y[k]!),
    };
    const without = await gp.fit(rest, { rng: seeded(0), previousState });
    const at = selectMatrixRows(data.x, [i]);
    const latent = without.latent!.posterior;
    const there = await latent.marginals(at);
    expect(mean[i]).toBeCloseTo(there.mean[0]!, 8);
    expect(variance[i]).toBeCloseTo(there.variance[0]! + latent.noise!, 8);
    // The density in y is the density in z times dz/dy, by a difference quotient of the warp.
    const near = await posterior.condition!({ x: at, y: Float64Array.of(data.y[i]! + 1e-6) });
    const slope = (near.latent!.data.y.at(-1)! - observed[i]!) / 1e-6;
    const z = (observed[i]! - mean[i]!) / Math.sqrt(variance[i]!);
    const expected = Math.log(slope) - 0.5 * z * z - 0.5 * Math.log(2 * Math.PI * variance[i]!);
    expect(logDensity[i]).toBeCloseTo(expected, 4);
  }
});

it('refuses a posterior of another kind', async () => {
  await expect(
    leaveOneOut({ marginals: () => ({ mean: new Float64Array(0), variance: new Float64Array(0) }) }),
  ).rejects.toThrow(/leave-one-out/);
});
