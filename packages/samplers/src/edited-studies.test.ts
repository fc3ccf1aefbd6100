import { logExpectedImprovement, logMultiFidelityKnowledgeGradient } from '@foothold/acquisitions';
import {
  type Column,
  matrixOf,
  type Params,
  type Sampler,
  SpaceExhaustedError,
  seeded,
} from '@foothold/core';
import { gaussianProcess, learningCurves, multiFidelity } from '@foothold/gp-models';
import {
  categorical,
  integer,
  logUniform,
  ordinal,
  type ParameterSpace,
  searchSpace,
  spaceOf,
  uniform,
} from '@foothold/space';
import { createStudy, memoryStorage, replaySuggestions, studyRecord } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import * as exported from './index.ts';

const x = uniform(0, 1);
const rate = logUniform(1e-3, 1);
const n = integer(0, 7);
const k = ordinal(1, 3, 9);
const c = categorical('a', 'b', 'c');
const spaceIn = (shape: object) => searchSpace(shape as never) as unknown as ParameterSpace;
const first = spaceIn({ x, rate, n, k });
const mixed = spaceIn({ x, rate, n, k, c });
type Edit = { readonly to: ParameterSpace; readonly values?: Params };
const edits: Readonly<Record<string, Edit>> = {
  widen: { to: spaceIn({ x: uniform(-1, 3), rate: logUniform(1e-5, 10), n: integer(-4, 20), k }) },
  narrow: { to: spaceIn({ x: uniform(0.6, 0.9), rate: logUniform(1e-2, 1e-1), n: integer(3, 5), k }) },
  add: { to: spaceIn({ x, rate, n, m: integer(1, 4), z: uniform(0, 1), k }), values: { m: 2, z: 0.5 } },
  remove: { to: spaceIn({ x, n, k }) },
};
const mixedEdits: Readonly<Record<string, Edit>> = {
  'fewer choices': { to: spaceIn({ x, rate, n, k, c: categorical('b', 'c') }) },
  'other choices and a condition': {
    to: spaceIn({ x, rate: rate.when('c', 'd'), n, k, c: categorical('d', 'b') }),
  },
};

const acquisition = logExpectedImprovement();
const gp = (columns: readonly Column[]) => gaussianProcess({ columns });
const model = (columns: readonly Column[]) =>
  exported.bayesian({ surrogate: gp(columns), acquisition, initialTrials: 3 });
/** One source, whose two points are known. */
const sourceOf = (columns: readonly Column[]) => ({
  names: ['earlier'],
  weights: undefined,
  points: matrixOf([columns.map(() => 0.5), columns.map(() => 0.9)]),
  mean: Float64Array.of(0.3, 0.2),
  taskValues: matrixOf([[0.3], [0.2]]),
});
type Make = (space: ParameterSpace) => Sampler;
const samplers: Readonly<Record<string, Make>> = {
  alternate: ({ columns }) => exported.alternate(model(columns), exported.tpe()),
  bayesian: ({ columns }) => model(columns),
  'bayesian with extra trees': ({ columns }) =>
    exported.bayesian({
      surrogate: exported.extraTrees({ columns, trees: 16 }),
      acquisition,
      initialTrials: 3,
    }),
  cmaEs: () => exported.cmaEs({ population: 4 }),
  freezeThaw: ({ columns }) => {
    const fidelityColumn = columns.findIndex(({ name }) => name === 'k');
    return exported.freezeThaw({
      surrogate: learningCurves({ columns, fidelityColumn, resources: [1 / 9, 3 / 9, 1] }),
      ...{ acquisition, fidelity: { name: 'k', max: 9 }, targetSampler: model(columns) },
    });
  },
  grid: () => exported.grid(),
  latinHypercube: () => exported.latinHypercube(),
  multiFidelitySampler: ({ columns }) =>
    exported.multiFidelitySampler({
      surrogate: multiFidelity({ columns, fidelityColumn: columns.findIndex(({ name }) => name === 'k') }),
      acquisition: logMultiFidelityKnowledgeGradient(),
      fidelity: 'k',
      costBudget(trials) {
        const spent = [1, 3, 9].map(
          (cost) => cost * trials.filter(({ params }) => params['k'] === cost).length,
        );
        return { costs: [1, 3, 9], spent, remaining: spent.reduce((left, s) => left - s, 400) };
      },
      targetSampler: model(columns),
      initialTrials: 3,
    }),
  nsga2: () => exported.nsga2({ population: 4 }),
  random: () => exported.random(),
  sequence: ({ columns }) =>
    exported.sequence([
      [exported.sobol(), 4],
      [model(columns), Infinity],
    ]),
  sobol: () => exported.sobol(),
  successiveHalving: () => exported.successiveHalving({ fidelity: { name: 'k', max: 9 } }),
  thompsonSampling: ({ columns }) =>
    exported.thompsonSampling({ surrogate: gp(columns), candidates: 64, initialTrials: 3 }),
  tpe: () => exported.tpe({ initialTrials: 5 }),
  trustRegion: ({ columns }) =>
    exported.trustRegion({ surrogate: gp(columns), acquisition, initialTrials: 3 }),
  warmStart: ({ columns }) =>
    exported.warmStart({ values: () => sourceOf(columns) }, { sampler: model(columns), points: 12 }),
  warmStartRegion: ({ columns }) =>
    exported.bayesian({
      ...{ surrogate: gp(columns), acquisition, initialTrials: 3 },
      searchRegion: exported.warmStartRegion(
        [{ x: matrixOf([columns.map(() => 0.5)]), y: Float64Array.of(1) }],
        columns,
        { maxTrials: 100 },
      ),
    }),
};

const lossOf = (params: Params) =>
  (Number(params['x'] ?? 0) - 0.3) ** 2 + Number(params['n']) / 9 + (params['c'] === 'b' ? 0 : 0.5);

async function told(
  make: Make,
  of: { readonly space: ParameterSpace; readonly storage: never; readonly count: number },
) {
  const { space, storage, count } = of;
  const study = createStudy<Params>({ space, storage, sampler: make(space), direction: 'minimize', seed: 5 });
  for (let i = 0; i < count; i++) {
    const { number, params } = await study.ask();
    if (i === 2) continue; // still runs
    if (i === 3) await study.tell(number, { state: 'failed', reason: 'diverged' });
    else await study.tell(number, { state: 'complete', value: lossOf(params) });
  }
  return study;
}

async function edited(make: Make, from: ParameterSpace, { to, values }: Edit) {
  const storage = memoryStorage() as never;
  await told(make, { space: from, storage, count: 12 });
  await studyRecord(storage, 'study').edit({ space: to.description, values });
  const study = await told(make, { space: to, storage, count: 8 });
  const trials = await study.trials();
  const fresh = trials.slice(12).map(({ params }) => params);
  for (const params of fresh) expect(() => to.encode(params)).not.toThrow();
  const texts = fresh.map((params) => JSON.stringify(params));
  expect(new Set(texts).size).toBe(texts.length);
  const before = trials.slice(0, 12).filter(({ outside }) => outside === undefined);
  for (const { params } of before) {
    const { c: choice, rate: value, ...rest } = { ...values, ...own(params, to) };
    const isActive = value !== undefined && (!to.features?.includes('conditional') || choice === 'd');
    const now = { ...rest, ...(choice !== undefined && { c: choice }), ...(isActive && { rate: value }) };
    expect(texts).not.toContain(JSON.stringify(to.decode(to.encode(now))));
  }
  const log = await study.log();
  const replayed = replaySuggestions({
    events: log,
    space: spaceOf,
    sampler: () => forEach(make),
  });
  for await (const { cause } of replayed) expect(cause).toBeUndefined();
}

const own = (params: Params, { description }: ParameterSpace) =>
  Object.fromEntries(Object.entries(params).filter(([name]) => name in description!));

/** A sampler that is made again for each space. */
function forEach(make: Make): Sampler {
  const made = new Map<string, Sampler>();
  return {
    ...make(first),
    sample(request) {
      const { description } = request.space;
      const text = JSON.stringify(description);
      const sampler = made.get(text) ?? make(spaceOf(description));
      made.set(text, sampler);
      return sampler.sample(request);
    },
  };
}

it('every sampler of the package is in the table', () => {
  const others = [
    ...[
      'averagedUtility',
      'maxModelledObjectives',
      'trustRegionBox',
      'multiObjectiveModel',
      'objectiveData',
      'acquisitionSearch',
      'extraTrees',
      'importance',
      'jointDraw',
      'promisingPoints',
      'proposals',
      'transferStates',
    ],
    'semidefiniteRoot',
  ];
  const names = Object.keys(samplers).filter((name) => !name.includes(' '));
  expect([...names, ...others].sort()).toEqual(Object.keys(exported).sort());
});

describe.each(Object.entries(samplers))('after an edit, %s', (name, make) => {
  const all = Object.entries(edits);
  it.each(all)('proposes inside, nothing twice, and the same in a replay: %s', async (_, edit) => {
    await edited(make, first, edit);
  });
  if (name === 'cmaEs') return; // no categories
  it.each(Object.entries(mixedEdits))('does so with %s', async (_, edit) => {
    await edited(make, mixed, edit);
  });
});

describe.each(Object.entries(samplers))('after trials were deleted and restored, %s', (_, make) => {
  it('proposes nothing twice that counts, and the same in a replay', async () => {
    const storage = memoryStorage() as never;
    const study = await told(make, { space: first, storage, count: 9 });
    for (const number of [0, 2, 3, 5, 8]) await study.deleteTrial(number);
    await told(make, { space: first, storage, count: 6 });
    for (const number of [2, 5, 11]) await study.restoreTrial(number);
    await told(make, { space: first, storage, count: 3 });
    const trials = await study.trials();
    for (const { number } of trials) expect([0, 3, 8]).not.toContain(number);
    expect(trials.length).toBeGreaterThan(12);
    // What was proposed while a trial was deleted may be the trial again.
    const others = trials.filter(({ number }) => ![2, 5, 11].includes(number));
    const texts = others.map(({ params }) => JSON.stringify(params));
    expect(new Set(texts).size).toBe(texts.length);
    const replayed = replaySuggestions({
      events: await study.log(),
      space: spaceOf,
      sampler: () => make(first),
    });
    for await (const { cause } of replayed) expect(cause).toBeUndefined();
  });
});

const { alternate: _, ...single } = samplers;
/** Samplers that need a continuous column, or that of a fidelity. */
const notFinite = ['cmaEs', 'freezeThaw', 'multiFidelitySampler', 'successiveHalving'];
const finite = Object.entries(single).filter(([name]) => !notFinite.includes(name));
describe.each(finite)('in a finite space, %s', (_name, make) => {
  it('proposes after an edit each point that is left once, and says when none is', async () => {
    const storage = memoryStorage() as never;
    const old = spaceIn({ n: integer(0, 3), c: categorical('a', 'b', 'c') });
    const now = spaceIn({ n: integer(1, 3), c: categorical('a', 'b') });
    const study = createStudy<Params>({
      space: old,
      storage,
      sampler: exported.random(),
      direction: 'minimize',
    });
    await study.load(
      [
        { n: 0, c: 'a' },
        { n: 1, c: 'c' },
        { n: 2, c: 'a' },
        { n: 3, c: 'c' },
      ].map((params) => ({ params, value: lossOf(params) })),
    );
    await studyRecord(storage, 'study').edit({ space: now.description });
    const again = createStudy<Params>({ space: now, storage, sampler: make(now), direction: 'minimize' });
    const asked = new Set<string>();
    for (let i = 0; i < 5; i++) {
      const { number, params } = await again.ask();
      asked.add(`${params['n']}${params['c']}`);
      await again.tell(number, { state: 'complete', value: lossOf(params) });
    }
    expect([...asked].sort()).toEqual(['1a', '1b', '2b', '3a', '3b']);
    await expect(again.ask()).rejects.toThrow(SpaceExhaustedError);
  });
});

describe('trials outside of the space', () => {
  const wide = spaceIn({ x: uniform(0, 1), y: uniform(0, 1) });
  const narrow = spaceIn({ x: uniform(0.5, 1), y: uniform(0, 1) });
  const slope = ({ x: u, y }: Params) => Number(u) + 3 * (Number(y) - 0.8) ** 2;
  it.each(['bayesian', 'trustRegion', 'tpe', 'nsga2', 'cmaEs', 'thompsonSampling'])(
    'teach %s: its next proposals are better than without them',
    async (name) => {
      const make = samplers[name]!;
      const mean = async (isTaught: boolean) => {
        let sum = 0;
        for (let seed = 0; seed < 8; seed++) {
          const storage = memoryStorage() as never;
          const rng = seeded(seed);
          const past = Array.from({ length: 24 }, () => ({ x: 0.49 * rng.next(), y: rng.next() }));
          const old = createStudy<Params>({
            space: wide,
            storage,
            sampler: exported.random(),
            direction: 'minimize',
          });
          if (isTaught) await old.load(past.map((params) => ({ params, value: slope(params) })));
          else await old.trials();
          await studyRecord(storage, 'study').edit({ space: narrow.description });
          const of = { space: narrow, storage, direction: 'minimize' as const };
          const study = createStudy<Params>({ ...of, sampler: make(narrow) });
          expect((await study.trials()).every(({ outside }) => outside !== undefined)).toBe(true);
          for (let i = 0; i < 4; i++) {
            const { number, params } = await study.ask();
            expect(Number(params['x'])).toBeGreaterThanOrEqual(0.5);
            await study.tell(number, { state: 'complete', value: slope(params) });
            sum += slope(params);
          }
        }
        return sum / 32;
      };
      expect(await mean(true)).toBeLessThan(await mean(false));
    },
  );
});
