import { type JointUtility, matrix, matrixOf, type Posterior, seeded } from '@foothold/core';
import { normalCdf, normalPdf, standardNormal } from '@foothold/numerics';
import { linearPosterior } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { logInformationAbout, logMaxValueEntropySearch } from './log-max-value-entropy-search.ts';
import { qLowerBoundMaxValueEntropy } from './q-lower-bound-max-value-entropy.ts';
import { gumbelMaxima, sampledMaxima } from './sampled-maxima.ts';

const x = matrixOf([
  [0.1, 0.2],
  [0.5, 0.9],
  [0.8, 0.4],
]);
const data = { x, y: Float64Array.of(0.2, 1, 0.4) };
const posterior = linearPosterior(data);
const belief = { posterior, data, rng: seeded(3) };

/** −∫ p log p by the trapezoidal rule. */
function entropyOf(density: (u: number) => number, low: number, high: number): number {
  const n = 40_000;
  const h = (high - low) / n;
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    const p = density(low + k * h);
    if (p > 0) sum -= p * Math.log(p) * h * (k === 0 || k === n ? 0.5 : 1);
  }
  return sum;
}

describe('logMaxValueEntropySearch', () => {
  it.each([
    [0.2, 0.5, 1],
    [1.5, 0.4, 1],
    [-0.6, 0.8, 1.2],
    [1, 1, 1],
  ])(
    'is the entropy that the value loses below the maximum: mean %d, standard deviation %d, maximum %d',
    (mean, s, maximum) => {
      const { value } = logInformationAbout(Float64Array.of(maximum))(
        { mean: Float64Array.of(mean), variance: Float64Array.of(s * s) },
        matrix(1, 1),
      );
      const share = normalCdf((maximum - mean) / s);
      const whole = 0.5 * Math.log(2 * Math.PI * Math.E * s * s);
      const below = entropyOf((u) => normalPdf((u - mean) / s) / (s * share), mean - 10 * s, maximum);
      expect(Math.exp(value[0]!)).toBeCloseTo(whole - below, 6);
    },
  );

  it('keeps its order and a slope far from the maximum, where the information underflows', () => {
    const utility = logInformationAbout(Float64Array.of(0));
    const at = (mean: number) =>
      utility({ mean: Float64Array.of(mean), variance: Float64Array.of(1) }, matrix(1, 1));
    expect(at(-60).value[0]).toBeCloseTo(
      -0.5 * 3600 - 0.5 * Math.log(2 * Math.PI) + Math.log(30 + 1 / 60),
      4,
    );
    expect(at(-60).dMean[0]).toBeGreaterThan(59);
    expect(at(-60).value[0]).toBeGreaterThan(at(-61).value[0]!);
  });

  it('does not ask for a known point again', async () => {
    const utility = await logMaxValueEntropySearch().prepare(belief);
    const { mean, variance } = await posterior.marginals(x);
    const known = { mean, variance: variance.map((v) => 1e-8 * v) };
    const best = Math.max(...utility(known, x).value);
    const open = utility({ mean: Float64Array.of(0.8), variance: Float64Array.of(0.25) }, matrix(1, 2));
    expect(open.value[0]).toBeGreaterThan(best);
  });

  it('names the options that it cannot take', () => {
    expect(() => logMaxValueEntropySearch({ maxima: 0 })).toThrow('maxima is 0');
    expect(() => logMaxValueEntropySearch({ sampling: 'exact' as 'joint' })).toThrow('sampling is "exact"');
  });
});

describe('the sampled maxima', () => {
  it('have the quartiles of the largest of independent values', () => {
    const mean = Float64Array.of(0, 0.3, -1, 0.5);
    const variance = Float64Array.of(1, 0.25, 4, 0.09);
    const maxima = gumbelMaxima({ mean, variance }, 1000, 0.5).sort();
    for (const p of [0.25, 0.5, 0.75]) {
      const z = maxima[Math.floor(1000 * p)]!;
      const share = mean.reduce((product, m, i) => product * normalCdf((z - m) / Math.sqrt(variance[i]!)), 1);
      // A Gumbel distribution has two parameters for three quartiles.
      expect(Math.abs(share - p)).toBeLessThan(p === 0.5 ? 0.002 : 0.03);
    }
  });

  it('of joint draws are distributed as the largest value of the posterior', async () => {
    const candidates = matrixOf([
      [0.2, 0.4],
      [0.6, 0.1],
      [0.9, 0.9],
    ]);
    const all = matrixOf([
      [0.1, 0.2],
      [0.5, 0.9],
      [0.8, 0.4],
      [0.2, 0.4],
      [0.6, 0.1],
      [0.9, 0.9],
    ]);
    const drawn = await sampledMaxima({ ...belief, candidates }, { maxima: 1024, sampling: 'joint' });
    const { mean, covariance } = await posterior.joint!(all);
    const rng = seeded('other draws');
    const root = plainCholesky(covariance.data, 6);
    const largest = Array.from({ length: 4000 }, () => {
      const z = Array.from({ length: 6 }, () => standardNormal(rng));
      return Math.max(...mean.map((m, i) => m + z.reduce((sum, u, k) => sum + root[i * 6 + k]! * u, 0)));
    });
    const of = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
    const middle = of(largest);
    const spread = Math.sqrt(of(largest.map((v) => (v - middle) ** 2)));
    expect(Math.abs(of(drawn) - middle)).toBeLessThan((4 * spread) / Math.sqrt(1024));
  });

  it('need a joint belief to be drawn jointly', async () => {
    const marginal: Posterior = { marginals: posterior.marginals };
    await expect(async () =>
      logMaxValueEntropySearch({ sampling: 'joint' }).prepare({ ...belief, posterior: marginal }),
    ).rejects.toThrow('a joint belief over points');
  });
});

describe('qLowerBoundMaxValueEntropy', () => {
  const prepared = async (noise: number, pending = matrix(0, 2)) =>
    (await qLowerBoundMaxValueEntropy({ maxima: 1 }).prepare({
      ...belief,
      pending,
      posterior: { ...posterior, noise },
    })) as JointUtility;
  const one = (mean: number, variance: number) => ({
    mean: Float64Array.of(mean),
    covariance: matrix(1, 1, Float64Array.of(variance)),
  });
  /** The draw that `prepared` uses. */
  const maximum = async () => (await sampledMaxima(belief, { maxima: 1, sampling: 'gumbel' }))[0]!;

  it.each([
    [0.6, 0.4, 0.1],
    [1.1, 0.2, 0.5],
    [0, 1, 0.01],
  ])(
    'is a lower bound of the entropy that an observation loses: mean %d, variance %d, noise %d',
    async (mean, v, noise) => {
      const at = await maximum();
      const s = Math.sqrt(v + noise);
      const share = normalCdf((at - mean) / Math.sqrt(v));
      // y given f ≤ y*: extended skew normal, since f given y is normal with mean μ + (y − μ)v/s² and variance v·ν/s².
      const density = (y: number) =>
        (normalPdf((y - mean) / s) / s) *
        (normalCdf((at - mean - ((y - mean) * v) / (s * s)) / Math.sqrt((v * noise) / (s * s))) / share);
      const lost =
        0.5 * Math.log(2 * Math.PI * Math.E * s * s) - entropyOf(density, mean - 10 * s, mean + 10 * s);
      const value = (await prepared(noise)).value(one(mean, v), new Float64Array(2));
      expect(value).toBeLessThan(lost + 1e-9);
      // The bound is that of a normal distribution with the same variance.
      const middle = varianceOf(density, mean - 10 * s, mean + 10 * s);
      expect(value).toBeCloseTo(0.5 * Math.log((s * s) / middle), 5);
    },
  );

  it('counts what two points tell twice only once', async () => {
    const alone = (await prepared(0.1)).value(one(0.6, 0.4), new Float64Array(2));
    const utility = await prepared(0.1, matrix(1, 2));
    const both = (r: number) =>
      utility.value(
        {
          mean: Float64Array.of(0.6, 0.6),
          covariance: matrix(2, 2, Float64Array.of(0.4, 0.4 * r, 0.4 * r, 0.4)),
        },
        new Float64Array(2),
      );
    expect(both(0)).toBeCloseTo(2 * alone, 9);
    const rho = (0.4 * 0.9) / 0.5;
    expect(both(0.9)).toBeCloseTo(2 * alone + 0.5 * Math.log(1 - rho * rho), 8);
  });

  it('tells of the target fidelity what the observation is correlated with it', async () => {
    const project = (at: { readonly rows: number; readonly columns: number; readonly data: Float64Array }) =>
      matrix(
        at.rows,
        at.columns,
        at.data.map((u, k) => (k % 2 === 1 ? 1 : u)),
      );
    const utility = (await qLowerBoundMaxValueEntropy({ maxima: 4 }).prepare({
      ...belief,
      projectToTargetFidelity: project,
    })) as JointUtility;
    const value = (r: number) =>
      utility.value(
        {
          mean: Float64Array.of(0.6, 5),
          covariance: matrix(2, 2, Float64Array.of(0.4, 0.4 * r, 0.4 * r, 0.4)),
        },
        new Float64Array(2),
      );
    expect(value(0)).toBeCloseTo(0, 12);
    expect(value(0.5)).toBeGreaterThan(0);
    expect(value(0.9)).toBeGreaterThan(value(0.5));
    expect(value(-0.9)).toBeCloseTo(value(0.9), 12);
  });
});

/** Variance of a density by the trapezoidal rule. */
function varianceOf(density: (u: number) => number, low: number, high: number): number {
  const n = 40_000;
  const h = (high - low) / n;
  const moments = [0, 0, 0];
  for (let k = 0; k <= n; k++) {
    const u = low + k * h;
    for (const power of [0, 1, 2]) moments[power]! += density(u) * u ** power * h;
  }
  return moments[2]! - moments[1]! ** 2;
}

function plainCholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let rest = a[i * n + j]! + (i === j ? 1e-12 : 0);
      for (let k = 0; k < j; k++) rest -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(rest) : rest / l[j * n + j]!;
    }
  return l;
}
