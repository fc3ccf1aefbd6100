import { type JointBelief, type JointUtility, type Matrix, matrix, matrixOf, seeded } from '@foothold/core';
import { logH, normalPdf, standardNormal } from '@foothold/numerics';
import { linearPosterior } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { logKnowledgeGradient } from './log-knowledge-gradient.ts';
import { qLogExpectedImprovement } from './q-log-expected-improvement.ts';

const x = matrixOf([
  [0.1, 0.2],
  [0.5, 0.9],
  [0.8, 0.4],
]);
const data = { x, y: Float64Array.of(0.2, 1, 0.4) };
const posterior = linearPosterior(data);
const belief = { posterior, data, rng: seeded(3) };
const at = new Float64Array(2);

async function prepared(pending?: Matrix, samples = 2 ** 14): Promise<JointUtility> {
  const acquisition = qLogExpectedImprovement({ samples, incumbent: 'observed' });
  return (await acquisition.prepare({ ...belief, pending })) as JointUtility;
}
/** The incumbent of these data. */
const best = 1;

describe('qLogExpectedImprovement', () => {
  it.each([
    [0.2, 0.3],
    [1, 1],
    [2.5, 0.4],
    [1.02, 0.01],
    [-30, 25],
  ])('of one point is log expected improvement: mean %d, standard deviation %d', async (mean, s) => {
    const utility = await prepared();
    const value = utility.value(
      { mean: Float64Array.of(mean), covariance: matrix(1, 1, Float64Array.of(s * s)) },
      at,
    );
    expect(Math.abs(value - (logH((mean - best) / s) + Math.log(s)))).toBeLessThan(5e-3);
  });

  it.each([
    [0.9, 0.7, 0.5, 0.3, 0.8],
    [1.2, 1.1, 0.2, 0.4, -0.6],
    [0, 0.5, 1, 1, 0],
    [1, 1, 0.5, 0.5, 0.999],
  ])(
    'of two points is the integral over both: means %d, %d, standard deviations %d, %d, correlation %d',
    async (a, b, s, t, r) => {
      const utility = await prepared(matrix(1, 2));
      const joint: JointBelief = {
        mean: Float64Array.of(a, b),
        covariance: matrix(2, 2, Float64Array.of(s * s, r * s * t, r * s * t, t * t)),
      };
      // The trapezoidal rule over both standard normals; the smooth maximum lies up to 1 % · log 2 above.
      const h = 0.02;
      let sum = 0;
      for (let u = -8; u <= 8; u += h)
        for (let v = -8; v <= 8; v += h) {
          const gain = Math.max(a + s * u, b + t * (r * u + Math.sqrt(1 - r * r) * v)) - best;
          if (gain > 0) sum += gain * normalPdf(u) * normalPdf(v) * h * h;
        }
      expect(Math.abs(utility.value(joint, at) - Math.log(sum))).toBeLessThan(1.5e-2);
    },
  );

  it('has the slope of the integral: a larger mean gains as much as it is likely to be the largest', async () => {
    const utility = await prepared();
    const value = (mean: number) =>
      utility.value({ mean: Float64Array.of(mean), covariance: matrix(1, 1, Float64Array.of(0.25)) }, at);
    for (const mean of [0.3, 0.5, 1, 2]) {
      const h = 0.05;
      const exact = (m: number) => logH((m - best) / 0.5);
      const [slope, wanted] = [value(mean + h) - value(mean - h), exact(mean + h) - exact(mean - h)];
      expect(Math.abs(slope - wanted)).toBeLessThan(0.02 * Math.abs(wanted));
    }
  });

  it('gains from an independent point, and hardly from a copy of a pending one', async () => {
    const utility = await prepared(matrix(1, 2));
    const value = (r: number) =>
      utility.value(
        { mean: Float64Array.of(1, 1), covariance: matrix(2, 2, Float64Array.of(1, r, r, 1)) },
        at,
      );
    const alone = (await prepared()).value(
      { mean: Float64Array.of(1), covariance: matrix(1, 1, Float64Array.of(1)) },
      at,
    );
    expect(value(1) - alone).toBeLessThan(0.012);
    expect(value(0) - alone).toBeGreaterThan(0.4);
  });

  it('names the options and posteriors that it cannot take', async () => {
    expect(() => qLogExpectedImprovement({ samples: 0 })).toThrow('samples is 0');
    const marginal = { marginals: posterior.marginals };
    await expect(async () =>
      qLogExpectedImprovement().prepare({ ...belief, posterior: marginal }),
    ).rejects.toThrow('a joint belief over points');
  });
});

describe('logKnowledgeGradient', () => {
  it('of a candidate alone with one known target is the expected excess of one observation', async () => {
    const utility = (await logKnowledgeGradient({ targets: 1 }).prepare(belief)) as JointUtility;
    // The target is certain; with noise ν the candidate's mean moves by v/√(v + ν).
    const [target, mean, v] = [0.4, 0.3, 0.5];
    const joint = {
      mean: Float64Array.of(target, mean),
      covariance: matrix(2, 2, Float64Array.of(0, 0, 0, v)),
    };
    const s = v / Math.sqrt(v + posterior.noise!);
    expect(utility.value(joint, at)).toBeCloseTo(logH((mean - target) / s) + Math.log(s), 8);
  });

  it('is what conditioning on one observation raises the largest mean by, on average', async () => {
    const acquisition = logKnowledgeGradient({ targets: 6 });
    const utility = (await acquisition.prepare(belief)) as JointUtility;
    const candidate = Float64Array.of(0.3, 0.6);
    const points = matrixOf([
      ...Array.from({ length: utility.beside.rows }, (_, i) =>
        utility.beside.data.subarray(2 * i, 2 * i + 2),
      ),
      candidate,
    ]);
    const value = utility.value(await posterior.joint!(points), candidate);
    const largest = (of: typeof posterior) =>
      Math.max(...(of.marginals(points) as { mean: Float64Array }).mean);
    const one = matrixOf([candidate]);
    const { mean, variance } = await posterior.marginals(one);
    const rng = seeded('draws');
    let sum = 0;
    const draws = 4000;
    for (let i = 0; i < draws / 2; i++) {
      const move = Math.sqrt(variance[0]! + posterior.noise!) * standardNormal(rng);
      // Antithetic pairs: the mean of the largest moves least.
      for (const y of [mean[0]! + move, mean[0]! - move])
        sum += largest((await posterior.condition!({ x: one, y: Float64Array.of(y) })) as typeof posterior);
    }
    const exact = sum / draws - largest(posterior);
    expect(Math.abs(Math.exp(value) - exact)).toBeLessThan(0.05 * exact);
  });

  it('draws its targets from the domain: on the grid, in the region, as repair gives them', async () => {
    const domain = {
      columns: [
        { kind: 'ordinal', name: 'k', levels: 4 },
        { kind: 'continuous', name: 'u' },
      ] as const,
      region: { lower: Float64Array.of(0, 0.5), upper: Float64Array.of(1, 0.75) },
      repair: (point: Float64Array) => (point[0]! < 0.5 ? undefined : point),
    };
    const empty = { x: matrix(0, 2), y: new Float64Array(0) };
    const acquisition = logKnowledgeGradient({ targets: 12 });
    const { beside } = (await acquisition.prepare({ ...belief, data: empty, domain })) as JointUtility;
    expect(beside.rows).toBe(12);
    for (let i = 0; i < beside.rows; i++) {
      expect([0.625, 0.875]).toContain(beside.data[2 * i]);
      expect(beside.data[2 * i + 1]).toBeGreaterThanOrEqual(0.5);
      expect(beside.data[2 * i + 1]).toBeLessThanOrEqual(0.75);
    }
  });

  it('names the options that it cannot take', () => {
    expect(() => logKnowledgeGradient({ targets: 0.5 })).toThrow('targets is 0.5');
  });
});
