import { logExpectedImprovement } from '@foothold/acquisitions';
import { InvalidArgumentError, type Sampler, SpaceExhaustedError, seeded } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { integer, linear, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { acquisitionSearch } from './acquisition-optimizer/acquisition-search.ts';
import { bayesian } from './bayesian/bayesian.ts';
import { thompsonSampling } from './bayesian/thompson-sampling.ts';
import { trustRegion } from './bayesian/trust-region.ts';
import { warmStartRegion } from './bayesian/warm-start-region.ts';
import { cmaEs } from './cma-es/cma-es.ts';
import { extraTrees } from './forest/extra-trees.ts';
import { importance } from './forest/importance.ts';
import { grid } from './grid.ts';
import { latinHypercube } from './latin-hypercube.ts';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';
import { sequence } from './sequence.ts';
import { sobol } from './sobol.ts';
import { tpe } from './tpe/tpe.ts';

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1), n: integer(1, 9) });
const { columns } = space;
const model = () => ({ surrogate: gaussianProcess({ columns }), acquisition: logExpectedImprovement() });

/** Every option that is a number, by sampler: what makes it, and values that it must refuse beside those of `never`. */
const numbers: Readonly<
  Record<string, readonly [make: (value: never) => unknown, refused: readonly unknown[]]>
> = {
  'grid levels': [(levels) => grid({ levels }), [2 ** 53]],
  'grid levels by name': [(x) => grid({ levels: { x } }), [2 ** 53]],
  'latinHypercube size': [(size) => latinHypercube({ size }), [10_001]],
  'nsga2 population': [(population) => nsga2({ population }), []],
  'tpe initialTrials': [(initialTrials) => tpe({ initialTrials }), []],
  'tpe candidates': [(candidates) => tpe({ candidates }), [1e9]],
  'cmaEs population': [(population) => cmaEs({ population }), [1]],
  'bayesian initialTrials': [(initialTrials) => bayesian({ ...model(), initialTrials }), []],
  'trustRegion initialTrials': [(initialTrials) => trustRegion({ ...model(), initialTrials }), []],
  'thompsonSampling initialTrials': [(initialTrials) => thompsonSampling({ ...model(), initialTrials }), []],
  'thompsonSampling candidates': [(candidates) => thompsonSampling({ ...model(), candidates }), [1e9]],
  'acquisitionSearch candidates': [(candidates) => acquisitionSearch({ candidates }), [1e9]],
  'acquisitionSearch starts': [(starts) => acquisitionSearch({ starts }), []],
  'acquisitionSearch evaluations': [(evaluations) => acquisitionSearch({ evaluations }), []],
  'extraTrees trees': [(trees) => extraTrees({ columns, trees }), [1e9]],
  'extraTrees leaf': [(leaf) => extraTrees({ columns, leaf }), []],
  'extraTrees features': [(features) => extraTrees({ columns, features }), []],
  'importance trees': [(trees) => importance(space, [], { direction: 'minimize', trees }), [1e9]],
  'importance leaf': [(leaf) => importance(space, [], { direction: 'minimize', leaf }), []],
};
const never = [null, 0, -1, 1.5, Number.NaN, Infinity, 'many', [5], true];
const shares: typeof numbers = {
  'tpe share': [(share) => tpe({ share }), [0, 1]],
  'cmaEs sigma': [(sigma) => cmaEs({ sigma }), [0, 1.5]],
  'nsga2 mutation': [(mutation) => nsga2({ mutation }), [-0.1, 1.1]],
  'warmStartRegion share': [(share) => warmStartRegion([], columns, { share }), [0, 2]],
  'warmStartRegion margin': [(margin) => warmStartRegion([], columns, { margin }), [-1]],
  'warmStartRegion maxTrials': [(maxTrials) => warmStartRegion([], columns, { maxTrials }), [-1]],
};

describe('options of samplers', () => {
  it.each(Object.keys(numbers))(
    'S2: %s that is no whole number in range is an InvalidArgumentError',
    (name) => {
      const [make, refused] = numbers[name]!;
      for (const value of [...never, ...refused])
        expect(() => make(value as never), `${name} ${String(value)}`).toThrow(InvalidArgumentError);
      make(2 as never);
      make(undefined as never);
    },
  );

  it.each(Object.keys(shares))('S2: %s outside its range is an InvalidArgumentError', (name) => {
    const [make, refused] = shares[name]!;
    for (const value of [Number.NaN, 'many', ...refused])
      expect(() => make(value as never), `${name} ${String(value)}`).toThrow(InvalidArgumentError);
    make(undefined as never);
  });

  it('S2: what is no option at all is refused too: seeds, lists, names', () => {
    for (const seed of [null, {}, [1], Symbol('s'), 1n]) {
      expect(() => sobol({ seed: seed as never })).toThrow(InvalidArgumentError);
      expect(() => latinHypercube({ seed: seed as never })).toThrow(InvalidArgumentError);
    }
    expect(() => sequence(null as never)).toThrow(InvalidArgumentError);
    expect(() => cmaEs({ warmStart: 'trials' as never })).toThrow(InvalidArgumentError);
    const named = grid({ levels: { x: 3, n: 4 } });
    const request = { space, direction: 'minimize', trials: [], count: 1, rng: seeded(1) } as const;
    expect(() => named.sample(request)).toThrow(
      'levels.n is 4, allowed is given for continuous parameters only: x, y',
    );
    expect(() => named.check!({ space, goal: { direction: 'minimize' } })).toThrow(InvalidArgumentError);
  });

  it.each([
    ['bayesian', () => bayesian({ ...model(), initialTrials: 5000 })],
    ['trustRegion', () => trustRegion({ ...model(), initialTrials: 1_000_000 })],
    ['thompsonSampling', () => thompsonSampling({ ...model(), initialTrials: 2 ** 53 - 1 })],
    ['tpe', () => tpe({ initialTrials: 5000 })],
    ['nsga2', () => nsga2({ population: 2 ** 53 - 1 })],
    ['cmaEs', () => cmaEs({ population: 2 ** 53 - 1 })],
    ['grid', () => grid({ levels: 1e9 })],
  ] as const)('S2: the longest designs and populations work: %s', async (_, make: () => Sampler) => {
    const request = { space, direction: 'minimize', trials: [], count: 40, rng: seeded(1) } as const;
    const made = await make().sample(request);
    expect(new Set(made.map(({ params }) => JSON.stringify(params))).size).toBe(40);
  });

  it('S2: a grid of 1e9 values a column is walked: the first ones, in order, and with one column given', async () => {
    const request = { space, direction: 'minimize', trials: [], count: 12, rng: seeded(1) } as const;
    const made = await grid({ levels: 1e9 }).sample(request);
    expect(made.map(({ params }) => params.n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3]);
    expect(made[11]!.params.y).toBeCloseTo(1e-9, 15);
    const given = { ...request, fixed: { x: 0.3, y: 0.1 }, count: 10 };
    expect(() => grid({ levels: 1e9 }).sample(given)).toThrow(SpaceExhaustedError);
  });

  it.each([
    // A slab of less than a hundredth is kept by projection: the first point of the grid is moved onto it.
    [1.9999, 300, { x: 0.99995, y: 0.99995 }],
    [1.97, 30, { x: 1, y: 1 }],
  ])('a grid finds the corner that x + y ≥ %d leaves', async (atLeast, levels, corner) => {
    const space = searchSpace(
      { x: uniform(0, 1), y: uniform(0, 1) },
      { constraints: [linear({ x: 1, y: 1 }, { atLeast })] },
    );
    const request = { space, direction: 'minimize', trials: [], count: 1, rng: seeded(1) } as const;
    const [found] = await grid({ levels }).sample(request);
    expect(found!.params.x).toBeCloseTo(corner.x, 12);
    expect(found!.params.y).toBeCloseTo(corner.y, 12);
  });
});

it.each([
  [() => random(), {}],
  [() => sobol({ seed: 'a' }), { seed: 'a' }],
  [() => latinHypercube({ size: 9 }), { seed: 0, size: 9 }],
  [() => grid(), { levels: 5 }],
  [() => grid({ levels: { x: 3 } }), { levels: { x: 3 } }],
  [() => tpe({ share: 0.2 }), { initialTrials: 10, candidates: 24, share: 0.2 }],
  [() => cmaEs({ population: 8, warmStart: [] }), { sigma: 0.3, population: 8, warmStart: 0 }],
  [() => nsga2(), { population: 24 }],
  [
    () => bayesian({ ...model(), initialTrials: 4 }),
    { acquisition: 'logExpectedImprovement', initialTrials: 4 },
  ],
  [
    () =>
      sequence([
        [sobol(), 3],
        [random(), Infinity],
      ]),
    {
      stages: [
        { name: 'sobol', options: { seed: 0 }, count: 3 },
        { name: 'random', options: {} },
      ],
    },
  ],
] as const)('a sampler states what decides its proposals: %#', (make: () => Sampler, options) => {
  expect(make().options).toEqual(options);
});
