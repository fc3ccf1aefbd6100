import {
  matrix,
  matrixOf,
  type Params,
  type Sampler,
  type SearchSpace,
  seeded,
  type Trial,
  UnsupportedError,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { jointDraw, semidefiniteRoot } from '@foothold/numerics';
import { categorical, integer, searchSpace, uniform } from '@foothold/space';
import { describeSampler } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { extraTrees } from '../forest/extra-trees.ts';
import { random } from '../random.ts';
import { thompsonSampling } from './thompson-sampling.ts';

const samplerOf = ({ columns }: Pick<SearchSpace, 'columns'>) =>
  thompsonSampling({ surrogate: gaussianProcess({ columns }), candidates: 256 });

const three = ['a', 'b', 'c'].map((name) => ({ kind: 'continuous' as const, name }));
describeSampler('thompsonSampling', () => samplerOf({ columns: three }));

describe('joint draws', () => {
  it('a root rebuilds its covariance, of any rank', () => {
    const rng = seeded('root');
    for (const [m, rank] of [
      [1, 1],
      [5, 5],
      [8, 3],
      [20, 7],
      [4, 0],
    ] as const) {
      const a = Float64Array.from({ length: m * rank }, () => rng.next() - 0.5);
      const covariance = matrix(m, m);
      for (let i = 0; i < m; i++)
        for (let j = 0; j < m; j++)
          for (let k = 0; k < rank; k++)
            covariance.data[i * m + j] = covariance.data[i * m + j]! + a[i * rank + k]! * a[j * rank + k]!;
      const l = semidefiniteRoot(covariance);
      expect(l.columns).toBe(rank);
      for (let i = 0; i < m; i++)
        for (let j = 0; j < m; j++) {
          let sum = 0;
          for (let k = 0; k < rank; k++) sum += l.data[i * rank + k]! * l.data[j * rank + k]!;
          expect(Math.abs(sum - covariance.data[i * m + j]!)).toBeLessThan(1e-11);
        }
    }
  });

  it('draws have the mean and the covariance of the posterior', async () => {
    const columns = [{ kind: 'continuous' as const, name: 'x' }];
    const data = { x: matrixOf([[0.1], [0.4], [0.9]]), y: Float64Array.of(0, 1, -1) };
    const posterior = await gaussianProcess({ columns, outputWarping: 'none' }).fit(data, { rng: seeded(0) });
    // The third point is the second again: a singular covariance.
    const { mean, covariance } = await posterior.joint!(matrixOf([[0.2], [0.6], [0.6], [0.95]]));
    const root = semidefiniteRoot(covariance);
    const rng = seeded('draws');
    const count = 20_000;
    const draws = Array.from({ length: count }, () => jointDraw(mean, root, rng));
    for (const draw of draws) expect(Math.abs(draw[1]! - draw[2]!)).toBeLessThan(1e-5);
    for (let i = 0; i < 4; i++)
      for (let j = 0; j <= i; j++) {
        const about = draws.reduce((s, f) => s + (f[i]! - mean[i]!) * (f[j]! - mean[j]!), 0) / count;
        const [vi, vj, c] = [i * 5, j * 5, i * 4 + j].map((at) => covariance.data[at]!) as [
          number,
          number,
          number,
        ];
        // The standard error of a sample covariance is √((vᵢvⱼ + c²)/count).
        expect(Math.abs(about - c)).toBeLessThan(5 * Math.sqrt((vi * vj + c * c) / count));
        const first = draws.reduce((s, f) => s + f[i]!, 0) / count;
        expect(Math.abs(first - mean[i]!)).toBeLessThan(5 * Math.sqrt(vi / count));
      }
  });
});

type Values = Params;
async function best<P extends Params>(
  sampler: Sampler,
  {
    space,
    f,
    count,
    seed,
  }: { space: SearchSpace<P>; f: (params: Values) => number; count: number; seed: number },
): Promise<number> {
  const trials: Trial<P>[] = [];
  while (trials.length < count) {
    // Four workers at a time.
    const made = await sampler.sample<P>({
      space,
      direction: 'minimize',
      trials,
      count: 4,
      rng: seeded(seed).fork(trials.length),
    });
    for (const { params, samplerState } of made)
      trials.push({
        number: trials.length,
        params,
        reports: [],
        state: 'complete',
        value: f(params as Values),
        ...(samplerState && { samplerState }),
      });
  }
  return Math.min(...trials.map(({ params }) => f(params as Values)));
}

const problems = {
  branin: {
    space: searchSpace({ a: uniform(-5, 10), b: uniform(0, 15) }),
    f: ({ a, b }: Values) => {
      const t = +b! - (5.1 / (4 * Math.PI ** 2)) * (+a!) ** 2 + (5 / Math.PI) * +a! - 6;
      return t * t + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(+a!) + 10 - 0.397887357;
    },
  },
  bowl: {
    space: searchSpace({ a: uniform(0, 1), b: uniform(0, 1), c: uniform(0, 1), d: uniform(0, 1) }),
    f: (p: Values) => ['a', 'b', 'c', 'd'].reduce((sum, key, i) => sum + (+p[key]! - 0.2 * i - 0.1) ** 2, 0),
  },
  mixed: {
    space: searchSpace({ a: uniform(0, 1), n: integer(1, 30), c: categorical('x', 'y', 'z', 'w') }),
    f: ({ a, n, c }: Values) => (+a! - 0.7) ** 2 + ((+n! - 21) / 30) ** 2 + (c === 'z' ? 0 : 0.2),
  },
};

describe('thompsonSampling', () => {
  it.each(Object.keys(problems))(
    'beats random search on %s by a factor of three, four workers',
    async (key) => {
      const { space, f } = problems[key as 'branin'];
      let gap = 0;
      for (const seed of [0, 1, 2]) {
        const sampler = samplerOf(space);
        const found = await best(sampler, { space, f, count: 32, seed });
        const blind = await best(random(), { space, f, count: 32, seed });
        gap += Math.log(Math.max(blind, 1e-9) / Math.max(found, 1e-9)) / 3;
      }
      expect(gap).toBeGreaterThan(Math.log(3));
    },
  );

  it('gives every proposal of a batch a function of its own', async () => {
    const { space, f } = problems.branin;
    const first = await random().sample({
      space,
      direction: 'minimize',
      trials: [],
      count: 12,
      rng: seeded(3),
    });
    const trials = first.map(({ params }, number) => ({
      number,
      params,
      reports: [],
      state: 'complete' as const,
      value: f(params),
    }));
    const made = await samplerOf(space).sample({
      space,
      direction: 'minimize',
      trials,
      count: 16,
      rng: seeded(4),
    });
    expect(new Set(made.map(({ params }) => JSON.stringify(params))).size).toBe(16);
    // The largest mean would be proposed every time: draws are not the mean.
    const means = made.map(({ why }) => (why!.prediction as { mean: number }).mean);
    expect(means).not.toEqual([...means].sort((a, b) => a - b));
  });

  it('names what the surrogate lacks', async () => {
    const { space } = problems.branin;
    const trials = Array.from({ length: 8 }, (_, number) => ({
      number,
      params: { a: number, b: number },
      reports: [],
      state: 'complete' as const,
      value: number,
    }));
    const sampler = thompsonSampling({ surrogate: extraTrees({ columns: space.columns }) });
    const asked = sampler.sample({ space, direction: 'minimize', trials, count: 1, rng: seeded(0) });
    await expect(asked).rejects.toThrow(UnsupportedError);
    await expect(asked).rejects.toThrow(/Posterior.joint/);
    expect(() => thompsonSampling({ surrogate: extraTrees({ columns: [] }), candidates: 0 })).toThrow(
      /candidates is 0/,
    );
  });
});
