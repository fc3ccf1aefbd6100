import { logExpectedImprovement } from '@foothold/acquisitions';
import { type Sampler, type SearchSpace, seeded, type Trial, UnsupportedError } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { spaceOf } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { gridNeighbours } from './acquisition-optimizer/grid-neighbours.ts';
import { bayesian } from './bayesian/bayesian.ts';
import { thompsonSampling } from './bayesian/thompson-sampling.ts';
import { trustRegion } from './bayesian/trust-region.ts';
import { cmaEs } from './cma-es/cma-es.ts';
import { extraTrees } from './forest/extra-trees.ts';
import { importance } from './forest/importance.ts';
import { grid } from './grid.ts';
import { latinHypercube } from './latin-hypercube.ts';
import { multiFidelitySampler } from './multi-fidelity/multi-fidelity-sampler.ts';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';
import { sobol } from './sobol.ts';
import { tpe } from './tpe/tpe.ts';

const acquisition = logExpectedImprovement();
const samplers: Readonly<Record<string, (space: SearchSpace) => Sampler>> = {
  random: () => random(),
  sobol: () => sobol(),
  latinHypercube: () => latinHypercube(),
  grid: () => grid(),
  tpe: () => tpe({ initialTrials: 4 }),
  nsga2: () => nsga2({ population: 4 }),
  cmaEs: () => cmaEs({ population: 4 }),
  bayesian: ({ columns }) =>
    bayesian({ surrogate: gaussianProcess({ columns }), acquisition, initialTrials: 4 }),
  trees: ({ columns }) =>
    bayesian({ surrogate: extraTrees({ columns, trees: 8 }), acquisition, initialTrials: 4 }),
  trustRegion: ({ columns }) =>
    trustRegion({ surrogate: gaussianProcess({ columns }), acquisition, initialTrials: 4 }),
  thompsonSampling: ({ columns }) =>
    thompsonSampling({ surrogate: gaussianProcess({ columns }), candidates: 64, initialTrials: 4 }),
};

const real = { type: 'real', low: 0, high: 1 };
const int = (low: number, high: number, log = false) => ({ type: 'int', low, high, log });
const texts = Array.from({ length: 100_000 }, (_, i) => `choice ${i}`);
const columnsOf = (n: number, of: object = real) =>
  Object.fromEntries(Array.from({ length: n }, (_, j) => [`x${j}`, of]));

async function asked(sampler: Sampler, space: SearchSpace, { total = 8, fixed = {} } = {}): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (let number = 0; number < total; number++) {
    const rng = seeded(number);
    const [made] = await sampler.sample({ space, fixed, direction: 'minimize', trials, count: 1, rng });
    trials.push({ number, params: made!.params, reports: [], state: 'complete', value: Math.sin(number) });
  }
  return trials;
}

async function expectDistinct(name: string, shape: object, options: { total?: number; fixed?: object } = {}) {
  const space = spaceOf(shape) as unknown as SearchSpace;
  if (name === 'cmaEs' && space.columns.some(({ kind }) => kind === 'categorical')) return;
  const trials = await asked(samplers[name]!(space), space, options);
  expect(new Set(trials.map(({ params }) => JSON.stringify(params))).size).toBe(trials.length);
}

describe('large spaces', () => {
  // A list of the levels would not fit into memory, so that passing is enough.
  it.each(Object.keys(samplers))(
    'F1: %s lists no whole-number range, alone or beside others',
    async (name) => {
      for (const shape of [
        { seed: int(0, 4294967295), lr: real },
        { n: int(0, 2 ** 53 - 2) },
        { n: int(0, 16777215) },
        { n: int(1, 2 ** 53 - 2, true), m: int(-(2 ** 52), 2 ** 52 - 1) },
        { n: int(0, 2 ** 53 - 2), c: { type: 'categorical', choices: ['a', 'b'] }, k: int(1, 3) },
        { c: { type: 'categorical', choices: ['a', 'b'] }, n: { ...int(0, 2 ** 40), when: { c: ['a'] } } },
      ])
        await expectDistinct(name, shape);
    },
  );

  it.each(Object.keys(samplers))('S2: %s asks among 100,000 categories', async (name) => {
    await expectDistinct(name, { c: { type: 'categorical', choices: texts }, x: real });
    await expectDistinct(name, { c: { type: 'ordinal', choices: texts }, n: int(0, 2 ** 40) });
  });

  it.each(['random', 'sobol', 'grid', 'tpe', 'nsga2', 'bayesian'])(
    'S2: %s asks under 1,000 nested conditions',
    async (name) => {
      const chain = Array.from({ length: 1000 }, (_, i) => [
        `p${i}`,
        { type: 'categorical', choices: [0, 1], ...(i > 0 && { when: { [`p${i - 1}`]: [1] } }) },
      ]);
      await expectDistinct(name, Object.fromEntries(chain), { total: 5 });
    },
  );

  it.each(Object.keys(samplers))(
    'K2: %s is not exhausted in thousands of columns, nor with many of them given',
    async (name) => {
      // CMA-ES decomposes a matrix of all columns.
      const n = name === 'cmaEs' ? 300 : 3000;
      await expectDistinct(name, columnsOf(n), { total: name === 'cmaEs' ? 3 : 5 });
      const fixed = Object.fromEntries(Array.from({ length: 299 }, (_, j) => [`x${j}`, 0.1 + j / 1000]));
      await expectDistinct(name, columnsOf(300), { fixed, total: name === 'cmaEs' ? 3 : 5 });
      const levels = Object.fromEntries(Array.from({ length: 299 }, (_, j) => [`x${j}`, 1]));
      await expectDistinct(name, columnsOf(300, int(0, 9)), {
        fixed: levels,
        total: name === 'cmaEs' ? 3 : 5,
      });
    },
  );

  it('F1: a column of more than 10,000 fidelities is refused, not listed', async () => {
    const space = spaceOf({ x: real, n: int(1, 2 ** 53 - 2) }) as unknown as SearchSpace;
    const costBudget = () => ({ costs: [1, 2], spent: [0, 0], remaining: 10 });
    const sampler = multiFidelitySampler({
      surrogate: gaussianProcess(space),
      acquisition: logExpectedImprovement(),
      fidelity: 'n',
      costBudget,
    });
    await expect(asked(sampler, space)).rejects.toThrow(
      'fidelity is "n", allowed is a column of 10,000 levels at most',
    );
  });

  it('K2: sobol refuses more columns than its sequence has, when a study is created', () => {
    const space = spaceOf(columnsOf(4097)) as unknown as SearchSpace;
    expect(() => sobol().check!({ space, goal: { direction: 'minimize' } })).toThrow(UnsupportedError);
  });

  it('S2: of many categories those of the incumbents and some others are neighbours; of 256 all are', () => {
    const point = Float64Array.of(0.5);
    for (const [levels, least, most] of [
      [256, 255, 255],
      [257, 20, 35],
      [100_000, 30, 35],
      [2 ** 30, 30, 35],
    ] as const) {
      const columns = [{ kind: 'categorical', name: 'c', levels }] as const;
      const incumbents = { rows: 2, columns: 1, data: Float64Array.of(0.25, 0.75) };
      const around = gridNeighbours(point, { columns, incumbents, rng: seeded(1) });
      expect(around.length).toBeGreaterThanOrEqual(least);
      expect(around.length).toBeLessThanOrEqual(most);
      const at = new Set(around.map(([u]) => Math.floor(u! * levels)));
      expect(at.size).toBe(around.length);
      for (const u of [0.25, 0.75]) expect(at.has(Math.floor(u * levels))).toBe(true);
    }
  });

  it('S2: importance among 100,000 categories is that of the category where it alone matters', () => {
    const space = spaceOf({ c: { type: 'categorical', choices: texts }, x: real, n: int(0, 2 ** 50) });
    const rng = seeded(4);
    const trials = Array.from({ length: 200 }, (_, number): Trial => {
      const c = texts[Math.floor(3 * rng.next()) * 31_415]!;
      const params = { c, x: rng.next(), n: Math.floor(2 ** 50 * rng.next()) };
      return {
        number,
        params,
        reports: [],
        state: 'complete',
        value: { 0: 0, 1: 1, 2: 5 }[texts.indexOf(c) / 31_415]!,
      };
    });
    const [first, ...others] = importance(space, trials as never, { direction: 'minimize' });
    expect(first!.share).toBeGreaterThan(0.7);
    for (const { share } of others) expect(share).toBeLessThan(0.15);
  });
});
