import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Params,
  positionOf,
  type Sampler,
  type SearchSpace,
  SpaceExhaustedError,
  seeded,
  type Trial,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { spaceOf } from '@foothold/space';
import { describeSearchSpace } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { bayesian } from './bayesian/bayesian.ts';
import { thompsonSampling } from './bayesian/thompson-sampling.ts';
import { trustRegion } from './bayesian/trust-region.ts';
import { cmaEs } from './cma-es/cma-es.ts';
import { grid } from './grid.ts';
import { latinHypercube } from './latin-hypercube.ts';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';
import { sobol } from './sobol.ts';
import { tpe } from './tpe/tpe.ts';

const model = ({ columns }: SearchSpace) => ({
  surrogate: gaussianProcess({ columns }),
  acquisition: logExpectedImprovement(),
});
const fast: Readonly<Record<string, (space: SearchSpace) => Sampler>> = {
  random: () => random(),
  sobol: () => sobol(),
  latinHypercube: () => latinHypercube(),
  grid: () => grid(),
  tpe: () => tpe({ candidates: 4 }),
  nsga2: () => nsga2({ population: 6 }),
  cmaEs: () => cmaEs(),
};
const slow: typeof fast = {
  bayesian: (space) => bayesian(model(space)),
  trustRegion: (space) => trustRegion(model(space)),
  thompsonSampling: ({ columns }) =>
    thompsonSampling({ surrogate: gaussianProcess({ columns }), candidates: 32 }),
};

type Shape = Record<string, unknown>;
const cube = (levels: number, d: number, type = 'int'): Shape =>
  Object.fromEntries(
    Array.from({ length: d }, (_, j) => [
      `p${j}`,
      type === 'int'
        ? { type, low: -1, high: levels - 2 }
        : { type, choices: Array.from({ length: levels }, (_, i) => i) },
    ]),
  );
/** All points of a finite space as texts, by decoding every combination of levels. */
function pointsOf(space: SearchSpace): ReadonlySet<string> {
  const levels = space.columns.map((column) => ('levels' in column ? column.levels : 1));
  const found = new Set<string>();
  for (let index = 0; index < levels.reduce((product, n) => product * n, 1); index++) {
    let rest = index;
    const point = Float64Array.from(space.columns, (column, j) => {
      const level = rest % levels[j]!;
      rest = Math.floor(rest / levels[j]!);
      return positionOf(column, level);
    });
    const params = space.decode(point);
    if (space.violation?.(params) === undefined) found.add(textOf(params));
  }
  return found;
}

const textOf = (params: Params) =>
  JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Asks until the space is exhausted, in batches; texts of what was given. */
async function allGiven(sampler: Sampler, space: SearchSpace, batch: number): Promise<readonly string[]> {
  const trials: Trial[] = [];
  try {
    for (let i = 0; trials.length < 5000; i++) {
      const request = { space, direction: 'minimize' as const, trials, rng: seeded(8).fork(i) };
      for (const { params } of await sampler.sample({ ...request, count: batch })) {
        const value = textOf(params).length + Math.sin(trials.length);
        const outcome =
          trials.length % 5 === 4 ? { state: 'running' as const } : { state: 'complete' as const, value };
        trials.push({ number: trials.length, params, reports: [], ...outcome });
      }
    }
  } catch (error) {
    if (!(error instanceof SpaceExhaustedError)) throw error;
  }
  return trials.map(({ params }) => textOf(params));
}

async function expectAll(sampler: Sampler, space: SearchSpace): Promise<void> {
  const given = await allGiven(sampler, space, 1);
  const all = pointsOf(space);
  const missing = [...all].filter((text) => !given.includes(text));
  const wrong = given.filter((text, i) => !all.has(text) || given.indexOf(text) < i);
  expect({ missing: missing.slice(0, 3), wrong: wrong.slice(0, 3) }).toEqual({ missing: [], wrong: [] });
}

/** A space of up to 300 points, 1 to 12 columns of all kinds; some with conditions, some with a constraint. */
function smallSpace(seed: number, categories = true): SearchSpace {
  const rng = seeded(`small ${seed}`);
  const below = (n: number) => Math.floor(n * rng.next());
  for (;;) {
    const d = 1 + below(12);
    const sizes = Array.from({ length: d }, () => 1 + below(d > 6 ? 3 : 7));
    const shape: Shape = {};
    const hasConditions = rng.next() < 0.4;
    sizes.forEach((size, j) => {
      const parent = j === 0 ? 0 : below(j);
      const when = hasConditions && j > 0 && rng.next() < 0.7 ? { when: { [`p${parent}`]: [0] } } : {};
      const choices = Array.from({ length: size }, (_, i) => i);
      const kind = below(categories ? 4 : 3);
      if (kind === 0 && size > 1) shape[`p${j}`] = { type: 'int', low: 0, high: size - 1, ...when };
      else if (kind === 1 && size > 1 && Object.keys(when).length === 0 && !hasConditions)
        shape[`p${j}`] = { type: 'int', low: 1, high: size, log: true };
      else shape[`p${j}`] = { type: kind === 3 ? 'categorical' : 'ordinal', choices, ...when };
    });
    const constraints =
      rng.next() < 0.3 ? [{ type: 'linear', terms: { p0: 1, [`p${d - 1}`]: 1 }, atMost: 3 }] : [];
    // Children before their parents, now and then.
    const entries = Object.entries(shape);
    const all = Object.fromEntries(rng.next() < 0.3 ? entries.reverse() : entries);
    const space = spaceOf({ ...all, $constraints: constraints }) as unknown as SearchSpace;
    const product = sizes.reduce((a, b) => a * b, 1);
    if (space.size! <= 300 && product <= 20_000 && pointsOf(space).size > 0) return space;
  }
}

for (const seed of [0, 1, 2, 3, 4, 5]) describeSearchSpace(`small space ${seed}`, () => smallSpace(seed));

describe('finite spaces', () => {
  it.each([
    ['4^4', cube(4, 4)],
    ['2^6', cube(2, 6)],
    ['3^5', cube(3, 5, 'categorical')],
    ['2^8', cube(2, 8, 'ordinal')],
    ['7^2', cube(7, 2)],
    ['300', cube(300, 1)],
    ['299 categories', cube(299, 1, 'categorical')],
  ])('K1: every point of %s is given once, and then all are', async (_, shape) => {
    const space = spaceOf(shape) as unknown as SearchSpace;
    for (const [name, make] of Object.entries(fast)) {
      const sampler = make(space);
      if (name === 'cmaEs' && space.columns.some(({ kind }) => kind === 'categorical')) continue;
      await expectAll(sampler, space);
    }
  });

  it.each([
    ['2^12', cube(2, 12)],
    ['3^7', cube(3, 7)],
  ])('K1: also in one request and in batches, %s', async (_, shape) => {
    const space = spaceOf(shape) as unknown as SearchSpace;
    const size = pointsOf(space).size;
    for (const sampler of [random(), sobol(), grid()]) {
      const request = { space, direction: 'minimize' as const, trials: [], rng: seeded(2) };
      const given = (await sampler.sample({ ...request, count: size })).map(({ params }) => textOf(params));
      expect(new Set(given).size).toBe(size);
      await expect((async () => sampler.sample({ ...request, count: size + 1 }))()).rejects.toSatisfy(
        (e) => e instanceof SpaceExhaustedError && e.size === size,
      );
    }
  });

  it.each(Object.keys(fast))('K1: %s gives every point of random small spaces once', async (name) => {
    const spaces = ['random', 'grid'].includes(name) ? 60 : 16;
    for (let seed = 0; seed < spaces; seed++) {
      const space = smallSpace(seed, name !== 'cmaEs');
      await expectAll(fast[name]!(space), space);
    }
  });

  it.each(Object.keys(slow))('K1: %s gives every point of some small spaces once', async (name) => {
    const shapes = [cube(2, 5), cube(4, 2), cube(3, 3, 'categorical')];
    for (const shape of shapes) {
      const space = spaceOf(shape) as unknown as SearchSpace;
      await expectAll(slow[name]!(space), space);
    }
    for (let seed = 0, found = 0; found < 4; seed++) {
      const space = smallSpace(seed);
      if (space.size! > 40 || space.size! < 4) continue;
      found++;
      await expectAll(slow[name]!(space), space);
    }
  });

  it('K1: deep conditions hide no point: 24 levels of nesting, 10 points each, and no way there by chance', async () => {
    const shape: Shape = { leaf: { type: 'int', low: 0, high: 9, when: { p23: [1] } } };
    for (let i = 0; i < 24; i++)
      shape[`p${i}`] = {
        type: 'categorical',
        choices: [0, 1],
        ...(i > 0 && { when: { [`p${i - 1}`]: [1] } }),
      };
    const space = spaceOf(shape) as unknown as SearchSpace;
    expect(space.size).toBe(24 + 10);
    for (const sampler of [random(), grid(), tpe()]) {
      const given = await allGiven(sampler, space, 1);
      expect([given.length, new Set(given).size]).toEqual([34, 34]);
    }
  });

  it('K1: of more points than are ever listed, those left are found: 300,000 but three', async () => {
    const space = spaceOf({ a: { type: 'int', low: 1, high: 600 }, b: { type: 'int', low: 1, high: 500 } });
    const left = new Set(['1 1', '300 77', '600 500']);
    const trials: Trial[] = [];
    for (let a = 1; a <= 600; a++)
      for (let b = 1; b <= 500; b++)
        if (!left.has(`${a} ${b}`))
          trials.push({
            number: trials.length,
            params: { a, b },
            reports: [],
            state: 'failed',
            reason: 'test',
          });
    const request = { space, direction: 'minimize' as const, trials, rng: seeded(1) };
    const given = await random().sample({ ...request, count: 3 });
    expect(new Set(given.map(({ params }) => `${params.a} ${params.b}`))).toEqual(left);
  });

  it('K1: a fixed real value is one value, though its coordinate is rounded on the way', async () => {
    const space = spaceOf({
      x: { type: 'real', low: 1e-7, high: 3, log: true },
      y: { type: 'real', low: -0.7, high: 1.9 },
      n: { type: 'int', low: 0, high: 2 },
    }) as unknown as SearchSpace;
    const rng = seeded(4);
    for (let i = 0; i < 300; i++) {
      const drawn = space.decode(Float64Array.of(rng.next(), rng.next(), 0));
      const fixed = { x: drawn['x']!, y: drawn['y']! };
      const trials: Trial[] = [];
      for (let k = 0; k < 3; k++) {
        const request = { space, fixed, direction: 'minimize' as const, trials, rng: seeded(k) };
        const [made] = await random().sample({ ...request, count: 1 });
        trials.push({ number: k, params: made!.params, reports: [], state: 'pruned' });
      }
      expect(new Set(trials.map(({ params }) => params['n'])).size).toBe(3);
      const more = { space, fixed, direction: 'minimize' as const, trials, count: 1, rng: seeded(9) };
      await expect((async () => random().sample(more))()).rejects.toThrow(SpaceExhaustedError);
    }
  });

  it('K1: a grid of many values gives each once, on scales where coordinates are rounded', async () => {
    const space = spaceOf({ x: { type: 'real', low: 1e-9, high: 7, log: true } }) as unknown as SearchSpace;
    const trials: Trial[] = [];
    for (let number = 0; number < 1500; number++) {
      const request = { space, direction: 'minimize' as const, trials, count: 1, rng: seeded(number) };
      const [made] = await grid({ levels: 1500 }).sample(request);
      trials.push({ number, params: made!.params, reports: [], state: 'pruned' });
    }
    const coordinates = trials.map(({ params }) => Math.round(1499 * space.encode(params)[0]!));
    expect(coordinates).toEqual(Array.from({ length: 1500 }, (_, i) => i));
    const request = { space, direction: 'minimize' as const, trials, count: 1, rng: seeded(0) };
    expect(() => grid({ levels: 1500 }).sample(request)).toThrow(SpaceExhaustedError);
  });
});
