import { logExpectedImprovement, upperConfidenceBound } from '@foothold/acquisitions';
import {
  type Column,
  matrix,
  matrixOf,
  type OptimumPrior,
  type Posterior,
  seeded,
  type Trial,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { bayesian } from './bayesian.ts';
import { optimumDensity } from './optimum-density.ts';
import { priorOnColumns } from './optimum-prior.ts';

const columns: readonly Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'ordinal', name: 'n', levels: 5 },
  { kind: 'categorical', name: 'c', levels: 3 },
];
const around = [
  Float64Array.of(0.4, 0.5, 0.5),
  Float64Array.of(0.45, 0.3, 0.5),
  Float64Array.of(0.6, 0.5, 1 / 6),
];
const middle = Float64Array.of(0.43, 0.42, 0.5);

describe('the density of an optimum prior', () => {
  it('has mass one over the unit cube, where no kernel reaches its edge', () => {
    const { log } = optimumDensity(
      columns.filter(({ kind }) => kind !== 'ordinal'),
      {
        around: around.map(([a, , c]) => Float64Array.of(a!, c!)),
        weight: 0.6,
      },
    );
    const cells = 2000;
    let mass = 0;
    for (let i = 0; i < cells; i++)
      for (let level = 0; level < 3; level++) {
        const x = matrixOf([Float64Array.of((i + 0.5) / cells, (level + 0.5) / 3)]);
        mass += Math.exp(log(x).value[0]!) / cells / 3;
      }
    expect(mass).toBeCloseTo(1, 6);
  });

  it('is the uniform share far from all configurations, and largest among them', () => {
    const { log, relative } = optimumDensity(columns.slice(0, 1), {
      around: [Float64Array.of(0.2)],
      weight: 0.3,
    });
    expect(log(matrixOf([Float64Array.of(1)])).value[0]).toBeCloseTo(Math.log(0.7), 12);
    // One configuration: a Gaussian of the smallest bandwidth, 0.01.
    const top = 0.7 + 0.3 / (0.01 * Math.sqrt(2 * Math.PI));
    expect(log(matrixOf([Float64Array.of(0.2)])).value[0]).toBeCloseTo(Math.log(top), 12);
    expect([...relative(matrixOf([Float64Array.of(0.2), Float64Array.of(0.21)])).value]).toEqual([
      1,
      expect.closeTo(Math.exp(-0.5), 12),
    ]);
  });

  it('has the gradient of its central differences', () => {
    const density = optimumDensity(columns, { around, weight: 0.7 });
    for (const of of [density.log, density.relative])
      for (const j of [0, 1]) {
        const h = 1e-6;
        const at = (step: number) => of(matrixOf([middle.map((u, k) => (k === j ? u + step : u))])).value[0]!;
        const slope = (at(h) - at(-h)) / (2 * h);
        expect(of(matrixOf([middle])).gradient.data[j]).toBeCloseTo(slope, 5);
      }
    expect(density.log(matrixOf([middle])).gradient.data[2]).toBe(0);
  });
});

const space = searchSpace({ a: uniform(0, 1) });
type P = { readonly a: number };
const trials: readonly Trial<P>[] = [0, 0.25, 0.5, 0.75, 1].map((a, number) => ({
  ...{ number, params: { a }, reports: [], state: 'complete', value: Math.sin(9 * a) },
}));
const prior = (over: Partial<OptimumPrior<P>>): OptimumPrior<P> => ({
  ...{ around: [{ a: 0.1 }, { a: 0.12 }], weight: 0.9, influence: 'prior', strength: 50, ...over },
});

describe('a prior on the columns of a space', () => {
  it('adds β/n of its logarithm to a score, with the gradient', async () => {
    const { onScore, strength } = priorOnColumns({ space, trials }, prior({}))!;
    expect(strength).toBe(10);
    const score = onScore(async (x) => ({
      value: x.data.map((u) => 3 * u),
      gradient: matrix(
        x.rows,
        1,
        x.data.map(() => 3),
      ),
    }));
    const at = async (a: number) => score(matrixOf([Float64Array.of(a)]));
    const slope = ((await at(0.11 + 1e-6)).value[0]! - (await at(0.11 - 1e-6)).value[0]!) / 2e-6;
    expect((await at(0.11)).gradient!.data[0]).toBeCloseTo(slope, 4);
    expect((await at(0.9)).value[0]).toBeCloseTo(2.7 + 10 * Math.log(0.1), 9);
  });

  it('shifts marginal and joint means by β/n standard deviations at its densest, with the gradient', async () => {
    const { onPosterior } = priorOnColumns({ space, trials }, prior({ influence: 'mean-shift' }))!;
    const plain: Posterior = {
      marginals: (x) => ({
        mean: x.data.map((u) => u * u),
        variance: x.data.map(() => 1),
        gradient: (dMean) =>
          matrix(
            x.rows,
            1,
            x.data.map((u, i) => 2 * u * dMean[i]!),
          ),
      }),
      joint: (x) => ({ mean: x.data.map((u) => u * u), covariance: matrix(x.rows, x.rows) }),
    };
    const shifted = onPosterior(plain, { x: matrix(2, 1), y: Float64Array.of(-3, 3) });
    const x = matrixOf([Float64Array.of(0.1), Float64Array.of(0.9)]);
    const { mean } = await shifted.marginals(x);
    expect(mean[0]).toBeCloseTo(0.01 + 10 * 3, 9);
    expect(mean[1]).toBeCloseTo(0.81, 9);
    expect([...(await shifted.joint!(x)).mean]).toEqual([...mean]);
    const at = async (a: number) => shifted.marginals(matrixOf([Float64Array.of(a)]));
    const slope = ((await at(0.11 + 1e-6)).mean[0]! - (await at(0.11 - 1e-6)).mean[0]!) / 2e-6;
    const pulled = await (await at(0.11)).gradient!(Float64Array.of(1), Float64Array.of(0));
    expect(pulled.data[0]! / slope).toBeCloseTo(1, 6);
  });

  it('is undefined without strength, weight or configurations', () => {
    for (const over of [{ strength: 0 }, { weight: 0 }, { around: [] }])
      expect(priorOnColumns({ space, trials }, prior(over))).toBeUndefined();
  });
});

describe('bayesian with a prior', () => {
  const ask = async (
    strength: number,
    over: Partial<OptimumPrior<P>> & { readonly isLog?: boolean } = {},
  ) => {
    const { isLog = true, ...rest } = over;
    const acquisition = isLog ? logExpectedImprovement() : upperConfidenceBound();
    const sampler = bayesian({ surrogate: gaussianProcess({ columns: space.columns }), acquisition });
    const advice = () => ({ candidates: [], prior: prior({ ...rest, strength }) });
    const [made] = await sampler.sample<P>({
      space,
      direction: 'minimize',
      trials,
      count: 1,
      rng: seeded(3),
      advice,
    });
    return made!;
  };

  it.each([
    { influence: 'prior' },
    { influence: 'prior', isLog: false },
    { influence: 'mean-shift' },
  ] as const)(
    'looks where the prior says, and where it would look without one as its strength goes to 0: %j',
    async (over) => {
      const far = await ask(0, over);
      expect(Math.abs(far.params.a - 0.11)).toBeGreaterThan(0.2);
      expect(Math.abs((await ask(100, over)).params.a - 0.11)).toBeLessThan(0.05);
      expect((await ask(1e-9, over)).params.a).toBeCloseTo(far.params.a, 1);
      expect((await ask(100, over)).why!['prior']).toEqual({ influence: over.influence, strength: 20 });
      expect(far.why).not.toHaveProperty('prior');
    },
  );
});
