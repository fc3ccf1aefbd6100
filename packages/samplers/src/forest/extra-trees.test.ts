import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Column,
  type Dataset,
  InvalidArgumentError,
  type Matrix,
  matrix,
  matrixOf,
  type Params,
  type Posterior,
  positionOf,
  type Sampler,
  type SearchSpace,
  ShapeError,
  seeded,
  type Trial,
} from '@foothold/core';
import { categorical, integer, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { bayesian } from '../bayesian/bayesian.ts';
import { random } from '../random.ts';
import { type ExtraTreesOptions, extraTrees } from './extra-trees.ts';

const columns: readonly Column[] = [
  { kind: 'continuous', name: 'u' },
  { kind: 'ordinal', name: 'n', levels: 9 },
  { kind: 'ordinal', name: 'batch', levels: 500, logFrom: 1 },
  { kind: 'categorical', name: 'c', levels: 5 },
];

function sample(n: number, key: string): Matrix {
  const rng = seeded(key);
  const rows = Array.from({ length: n }, () =>
    columns.map((column) =>
      column.kind === 'continuous' ? rng.next() : positionOf(column, Math.floor(rng.next() * column.levels)),
    ),
  );
  return matrixOf(rows, columns.length);
}

const smooth = (x: Matrix) =>
  Float64Array.from({ length: x.rows }, (_, i) => {
    const [u, n, batch, c] = x.data.subarray(4 * i, 4 * i + 4);
    return Math.sin(3 * u!) + n! * n! - 0.5 * batch! + [0, 1, 0.3, -1, 0.5][Math.floor(5 * c!)]!;
  });

const data = (n: number, key = 'data'): Dataset => {
  const x = sample(n, key);
  return { x, y: smooth(x) };
};

async function fitted(of: Dataset, options: Partial<ExtraTreesOptions> = {}): Promise<Posterior> {
  return extraTrees({ columns, ...options }).fit(of, { rng: seeded(4) });
}

describe('extraTrees', () => {
  it('passes through every observation, and is sure there', async () => {
    const of = data(60);
    const { mean, variance } = await (await fitted(of)).marginals(of.x);
    for (let i = 0; i < 60; i++) {
      expect(mean[i]).toBeCloseTo(of.y[i]!, 12);
      expect(variance[i]).toBeLessThan(1e-7);
    }
  });

  it('explains most of the variance of points that it has not seen', async () => {
    const posterior = await fitted(data(300));
    const rest = data(500, 'rest');
    const { mean, variance } = await posterior.marginals(rest.x);
    const average = rest.y.reduce((s, v) => s + v, 0) / 500;
    const error = rest.y.reduce((s, v, i) => s + (v - mean[i]!) ** 2, 0);
    const total = rest.y.reduce((s, v) => s + (v - average) ** 2, 0);
    expect(error / total).toBeLessThan(0.15);
    // Standard deviations say where it errs: 90 % intervals hold most points.
    const inside = rest.y.filter((v, i) => Math.abs(v - mean[i]!) < 1.645 * Math.sqrt(variance[i]!));
    expect(inside.length / 500).toBeGreaterThan(0.8);
  });

  it('believes mean and variance of the groups where leaves are as large as the groups', async () => {
    const c: readonly Column[] = [{ kind: 'categorical', name: 'c', levels: 2 }];
    const x = matrix(6, 1, Float64Array.of(0.25, 0.25, 0.25, 0.75, 0.75, 0.75));
    const posterior = await extraTrees({ columns: c, leaf: 3 }).fit(
      { x, y: Float64Array.of(1, 2, 6, 10, 10, 13) },
      { rng: seeded(0) },
    );
    const { mean, variance } = await posterior.marginals(matrix(2, 1, Float64Array.of(0.25, 0.75)));
    expect(mean[0]).toBeCloseTo(3, 12);
    expect(mean[1]).toBeCloseTo(11, 12);
    expect(variance[0]).toBeCloseTo(14 / 3, 12);
    expect(variance[1]).toBeCloseTo(2, 12);
  });

  it('adds variance within leaves and between trees', async () => {
    // One split between 0.2 and 0.8, uniformly: at u the share of trees that cut above u is (0.8 − u) / 0.6.
    const c: readonly Column[] = [{ kind: 'continuous', name: 'u' }];
    const posterior = await extraTrees({ columns: c, trees: 20_000 }).fit(
      { x: matrix(2, 1, Float64Array.of(0.2, 0.8)), y: Float64Array.of(-1, 3) },
      { rng: seeded(1) },
    );
    const { mean, variance } = await posterior.marginals(matrix(1, 1, Float64Array.of(0.65)));
    expect(mean[0]).toBeCloseTo(-1 * 0.25 + 3 * 0.75, 1);
    expect(variance[0]).toBeCloseTo(16 * 0.25 * 0.75, 1);
  });

  it('scales with its data, from 1e-300 to 1e300', async () => {
    const of = data(40);
    const at = sample(30, 'at');
    const plain = await (await fitted(of)).marginals(at);
    for (const factor of [2 ** -400, 2 ** 400]) {
      const scaled = await (await fitted({ ...of, y: of.y.map((v) => v * factor) })).marginals(at);
      scaled.mean.forEach((m, i) => {
        expect(m / factor).toBeCloseTo(plain.mean[i]!, 9);
        expect(scaled.variance[i]! / factor / factor).toBeCloseTo(plain.variance[i]!, 9);
      });
    }
    for (const factor of [1e-300, 1e300]) {
      const { mean, variance } = await (await fitted({ ...of, y: of.y.map((v) => v * factor) })).marginals(
        at,
      );
      expect(mean.every(Number.isFinite)).toBe(true);
      expect(variance.every((v) => v > 0 && v < Infinity)).toBe(true);
    }
  });

  it('knows conditioned points and leaves far beliefs as they were', async () => {
    const posterior = await fitted(data(50));
    const x = sample(3, 'more');
    const { mean: before } = await posterior.marginals(x);
    const y = before.map((m) => m + 2);
    const after = await posterior.condition!({ x, y });
    const at = await after.marginals(x);
    for (let i = 0; i < 3; i++) {
      expect(at.mean[i]).toBeCloseTo(y[i]!, 12);
      expect(at.variance[i]).toBeLessThan(1e-7);
    }
    const rest = sample(400, 'elsewhere');
    const [old, now] = [await posterior.marginals(rest), await after.marginals(rest)];
    const same = old.mean.filter((m, i) => m === now.mean[i]);
    expect(same.length).toBeGreaterThan(150);
    // The first belief did not change.
    expect((await posterior.marginals(x)).mean).toEqual(before);
  });

  it('is the same for the same stream and survives equal points, equal values and no data', async () => {
    const at = sample(20, 'at');
    const of = data(30);
    expect((await (await fitted(of)).marginals(at)).mean).toEqual(
      (await (await fitted(of)).marginals(at)).mean,
    );
    const x = matrixOf(Array.from({ length: 20 }, () => [0.5, 0.5, 0.5, 0.5]));
    const noisy = await (
      await fitted({ x, y: Float64Array.from({ length: 20 }, (_, i) => i % 2) })
    ).marginals(at);
    expect(noisy.mean[0]).toBeCloseTo(0.5, 12);
    expect(noisy.variance[0]).toBeCloseTo(0.25, 12);
    const equal = await (await fitted({ x: of.x, y: new Float64Array(30).fill(7) })).marginals(at);
    expect(equal.mean[0]).toBeCloseTo(7, 12);
    const nothing = await (await fitted({ x: matrixOf([], 4), y: new Float64Array(0) })).marginals(at);
    expect([nothing.mean[0], nothing.variance[0]]).toEqual([0, 1]);
  });

  it('refuses sizes and options that make no sense', async () => {
    expect(() => extraTrees({ columns, trees: 0 })).toThrow(InvalidArgumentError);
    expect(() => extraTrees({ columns, leaf: 1.5 })).toThrow(InvalidArgumentError);
    await expect(fitted({ x: matrix(2, 3), y: new Float64Array(2) })).rejects.toBeInstanceOf(ShapeError);
  });
});

/** A Bayesian sampler on trees for spaces of four columns at most. */
const onTrees = (of: readonly Column[]): Sampler =>
  bayesian({ surrogate: extraTrees({ columns: of, trees: 16 }), acquisition: logExpectedImprovement() });

describe('bayesian on trees', () => {
  it('beats random search where all is categories and integers, over five seeds', async () => {
    const letters = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
    const space = searchSpace({
      p: categorical(...letters),
      q: categorical(...letters),
      r: categorical(...letters),
      s: integer(0, 20),
      t: uniform(0, 1),
    });
    const f = ({ p, q, r, s, t }: ReturnType<typeof space.decode>) =>
      letters.indexOf(p) * 0.3 +
      ((letters.indexOf(q) * 5) % 6) * 0.2 +
      (r === 'c' ? 0 : 1) +
      ((s - 13) / 10) ** 2 +
      (t - 0.4) ** 2;
    const trees = await Promise.all(
      [0, 1, 2, 3, 4].map((seed) => bestOf(onTrees(space.columns), { space, f }, seed)),
    );
    const blind = await Promise.all([0, 1, 2, 3, 4].map((seed) => bestOf(random(), { space, f }, seed)));
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(sum(trees)).toBeLessThan(0.5 * sum(blind));
  });
});

async function bestOf<P extends Params>(
  sampler: Sampler,
  { space, f }: { readonly space: SearchSpace<P>; readonly f: (params: P) => number },
  seed: number,
): Promise<number> {
  const trials: Trial<P>[] = [];
  let best = Infinity;
  for (let number = 0; number < 50; number++) {
    const rng = seeded(seed).fork(number);
    const [made] = await sampler.sample({ space, direction: 'minimize', trials, count: 1, rng });
    const value = f(made!.params);
    best = Math.min(best, value);
    trials.push({ number, params: made!.params, reports: [], state: 'complete', value });
  }
  return best;
}
