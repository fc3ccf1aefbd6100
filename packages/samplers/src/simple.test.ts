import {
  InfeasibleSpaceError,
  InvalidArgumentError,
  type Params,
  type Sampler,
  type SearchSpace,
  SpaceExhaustedError,
  seeded,
  type Trial,
} from '@foothold/core';
import { categorical, integer, linear, logUniform, ordinal, searchSpace, uniform } from '@foothold/space';
import { describeSampler } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { cmaEs } from './cma-es/cma-es.ts';
import { grid } from './grid.ts';
import { latinHypercube } from './latin-hypercube.ts';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';
import { sequence } from './sequence.ts';
import { sobol } from './sobol.ts';
import { tpe } from './tpe/tpe.ts';

describeSampler('random', random);
describeSampler('sobol', sobol);
describeSampler('latinHypercube', latinHypercube);
describeSampler('grid', () => grid({ levels: 40 }));
describeSampler('sequence', () =>
  sequence([
    [sobol(), 3],
    [random(), Infinity],
  ]),
);

/** Asks for `total` trials one by one; each is running when the next is asked for. */
async function asked<P extends Params>(
  sampler: Sampler,
  space: SearchSpace<P>,
  total: number,
): Promise<Trial<P>[]> {
  const trials: Trial<P>[] = [];
  for (let number = 0; number < total; number++) {
    const rng = seeded(5).fork(number);
    const [proposal] = await sampler.sample({ space, direction: 'minimize', trials, count: 1, rng });
    trials.push({ number, params: proposal!.params, reports: [], state: 'running' });
  }
  return trials;
}

const plane = searchSpace({ a: uniform(0, 1), b: uniform(0, 1) });

describe('designs', () => {
  it('a Latin hypercube visits every stratum of every parameter once, also over single asks', async () => {
    const trials = await asked(latinHypercube({ size: 10 }), plane, 20);
    for (const block of [trials.slice(0, 10), trials.slice(10)])
      for (const name of ['a', 'b'] as const)
        expect(new Set(block.map((t) => Math.floor(t.params[name] * 10))).size).toBe(10);
  });

  it('Sobol asks one by one form a net, and the same in one batch', async () => {
    const single = await asked(sobol({ seed: 3 }), plane, 16);
    const cells = single.map((t) => `${Math.floor(t.params.a * 4)} ${Math.floor(t.params.b * 4)}`);
    expect(new Set(cells).size).toBe(16);
    const batch = await sobol({ seed: 3 }).sample({
      space: plane,
      direction: 'minimize',
      trials: [],
      count: 16,
      rng: seeded(1),
    });
    expect(batch.map((p) => p.params)).toEqual(single.map((t) => t.params));
  });

  it('a grid visits each combination once, in order, then says that it is exhausted', async () => {
    const space = searchSpace({
      lr: logUniform(1e-4, 1),
      n: integer(1, 3),
      act: categorical('relu', 'gelu'),
    });
    const trials = await asked(grid({ levels: { lr: 5 } }), space, 30);
    expect(new Set(trials.map((t) => JSON.stringify(t.params))).size).toBe(30);
    expect(new Set(trials.map((t) => t.params.lr.toPrecision(6))).size).toBe(5);
    expect(trials[0]!.params).toEqual({ lr: 1e-4, n: 1, act: 'relu' });
    await expect(asked(grid({ levels: { lr: 5 } }), space, 31)).rejects.toSatisfy(
      (e) => e instanceof SpaceExhaustedError && e.size === 30,
    );
  });

  it('keeps fixed values and constraints', async () => {
    const space = searchSpace(
      { a: uniform(0, 1), b: uniform(0, 1) },
      { constraints: [linear({ a: 1, b: 1 }, { atMost: 0.6 })] },
    );
    for (const sampler of [random(), sobol(), latinHypercube(), grid({ levels: 81 })]) {
      const request = { space, direction: 'minimize' as const, trials: [], count: 5, rng: seeded(2) };
      for (const { params } of await sampler.sample({ ...request, fixed: { b: 0.5 } })) {
        expect(params.b).toBe(0.5);
        expect(params.a).toBeLessThanOrEqual(0.1 + 1e-12);
      }
    }
  });
});

describe('spaces with little room', () => {
  const request = { direction: 'minimize', trials: [], count: 1 } as const;
  const impossible = [linear({ x: 1, y: 1 }, { atLeast: 3 })];
  const real = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) }, { constraints: impossible });
  const whole = searchSpace({ x: integer(0, 1), y: integer(0, 1) }, { constraints: impossible });

  it.each([
    ['random', random],
    ['sobol', sobol],
    ['grid', grid],
    ['tpe', tpe],
    ['nsga2', nsga2],
    ['cmaEs', cmaEs],
  ] as const)('%s says that none can be kept, and by what', async (_, make) => {
    for (const space of [real, whole]) {
      const asked = (async () => make().sample({ ...request, space, rng: seeded(0) }))();
      await expect(asked).rejects.toSatisfy(
        (e) => e instanceof InfeasibleSpaceError && e.tried >= 4 && e.message.includes(e.violation),
      );
      await expect(asked).rejects.toThrow(/1·x \+ 1·y is/);
    }
  });

  it('finds a band of 1/2000 of the square, and goes on beside the trials there', async () => {
    const band = searchSpace(
      { x: uniform(0, 1), y: uniform(0, 1) },
      { constraints: [linear({ x: 1, y: 1 }, { atLeast: 1.97 })] },
    );
    const [first] = await random().sample({ ...request, space: band, rng: seeded(1) });
    expect(band.violation!(first!.params)).toBeUndefined();
    const narrow = searchSpace(
      { x: uniform(0, 1), y: uniform(0, 1) },
      { constraints: [linear({ x: 1, y: 1 }, { atLeast: 1.995 })] },
    );
    const params = { x: 0.999, y: 0.999 };
    const trials = [{ number: 0, params, reports: [], state: 'failed', reason: 'test' } as const];
    const [next] = await random().sample({ ...request, trials, space: narrow, rng: seeded(1) });
    expect(narrow.violation!(next!.params)).toBeUndefined();
    expect(next!.params).not.toEqual(params);
  });

  it('proposes no point of a finite space twice, and all of them, over one ask after another', async () => {
    const finite = searchSpace({ a: integer(0, 3), b: categorical('x', 'y', 'z'), c: ordinal(1, 10) });
    for (const make of [random, sobol, latinHypercube, tpe, nsga2] as const) {
      const trials: Trial<{ a: number; b: 'x' | 'y' | 'z'; c: 1 | 10 }>[] = [];
      for (let number = 0; number < 24; number++) {
        const rng = seeded(2).fork(number);
        const [made] = await make().sample({ ...request, trials, space: finite, rng });
        const { params } = made!;
        trials.push({ number, params, reports: [], state: 'complete', value: params.a });
      }
      expect(new Set(trials.map(({ params }) => JSON.stringify(params))).size).toBe(24);
      const asked = (async () => make().sample({ ...request, trials, space: finite, rng: seeded(0) }))();
      await expect(asked).rejects.toThrow(SpaceExhaustedError);
    }
  });

  it('a space whose allowed points are all taken is exhausted, not infeasible', async () => {
    const two = searchSpace(
      { x: integer(0, 9), y: integer(0, 9) },
      { constraints: [linear({ x: 1, y: 1 }, { atLeast: 18 })] },
    );
    const trials = [{ number: 0, params: { x: 9, y: 9 }, reports: [], state: 'pruned' } as const];
    for (const make of [random, grid]) {
      const asked = (async () => make().sample({ ...request, trials, space: two, rng: seeded(0) }))();
      await expect(asked).rejects.toThrow(SpaceExhaustedError);
      if (make === random) await expect(asked).rejects.toMatchObject({ size: 1 });
    }
  });
});

describe('continuous spaces with thousands of running trials', () => {
  const line = searchSpace({ x: uniform(0, 1) });

  it.each([
    ['random', random],
    ['sobol', sobol],
    ['latinHypercube', latinHypercube],
  ] as const)('%s is never refused, at once or one by one, and repeats nothing', async (_, make) => {
    const request = { space: line, direction: 'minimize', trials: [], rng: seeded(4) } as const;
    const batch = await make().sample({ ...request, count: 2000 });
    expect(new Set(batch.map(({ params }) => params.x)).size).toBe(2000);
    const single = await asked(make(), line, 2000);
    expect(new Set(single.map(({ params }) => params.x)).size).toBe(2000);
  });

  it.each([
    ['tpe', tpe],
    ['cmaEs', cmaEs],
  ] as const)('%s puts points next to running trials where it finds no others', async (_, make) => {
    const trials = await asked(random(), line, 90);
    const request = { space: line, direction: 'minimize', trials, rng: seeded(4) } as const;
    const batch = await make().sample({ ...request, count: 300 });
    expect(new Set([...trials, ...batch].map(({ params }) => params.x)).size).toBe(390);
  });

  it('a design keeps its strata where they are narrower than what is kept free', async () => {
    const made = await latinHypercube({ size: 1000 }).sample({
      space: line,
      direction: 'minimize',
      trials: [],
      count: 1000,
      rng: seeded(4),
    });
    expect(new Set(made.map(({ params }) => Math.floor(params.x * 1000))).size).toBe(1000);
  });

  it('a narrow band beside a running trial is not refused', async () => {
    const band = searchSpace(
      { x: uniform(0, 1), y: uniform(0, 1) },
      { constraints: [linear({ x: 1, y: 1 }, { atLeast: 1.998 })] },
    );
    const trials = [{ number: 0, params: { x: 0.9995, y: 0.9995 }, reports: [], state: 'running' } as const];
    const request = { space: band, direction: 'minimize', trials, count: 5, rng: seeded(4) } as const;
    const made = await tpe().sample(request);
    expect(new Set(made.map(({ params }) => JSON.stringify(params))).size).toBe(5);
    for (const { params } of made) expect(band.violation!(params)).toBeUndefined();
  });

  it('is exhausted where fixed values leave finitely many points, with their number', async () => {
    const mixed = searchSpace({ x: uniform(0, 1), n: integer(1, 3) });
    const request = { space: mixed, fixed: { x: 0.25 }, direction: 'minimize', trials: [] } as const;
    const made = await random().sample({ ...request, count: 3, rng: seeded(4) });
    expect(new Set(made.map(({ params }) => params.n)).size).toBe(3);
    await expect(async () => random().sample({ ...request, count: 4, rng: seeded(4) })).rejects.toSatisfy(
      (e) => e instanceof SpaceExhaustedError && e.size === 3,
    );
  });
});

describe('budgets beyond any memory', () => {
  it.each([2e8, 2 ** 53])('a Latin hypercube of a budget of %d takes designs of 10,000', async (budget) => {
    const made = await latinHypercube().sample({
      space: plane,
      direction: 'minimize',
      trials: [],
      count: 10_000,
      plannedTrials: budget,
      rng: seeded(4),
    });
    for (const name of ['a', 'b'] as const)
      expect(new Set(made.map(({ params }) => Math.floor(params[name] * 10_000))).size).toBe(10_000);
    expect(() => latinHypercube({ size: 10_001 })).toThrow(InvalidArgumentError);
  });
});

describe('sequence', () => {
  it('changes the sampler where the counts say, also inside one request', async () => {
    const named = (name: string): Sampler => ({
      ...random(),
      name,
      sample: async (request) => (await random().sample(request)).map((p) => ({ ...p, why: { name } })),
    });
    const sampler = sequence([
      [named('x'), 2],
      [named('y'), 1],
      [named('z'), Infinity],
    ]);
    const made = await sampler.sample({
      space: plane,
      direction: 'minimize',
      trials: [],
      count: 5,
      rng: seeded(0),
    });
    expect(made.map((p) => p.why?.['name'])).toEqual(['x', 'x', 'y', 'z', 'z']);
    const trials = await asked(random(), plane, 2);
    const [next] = await sampler.sample({
      space: plane,
      direction: 'minimize',
      trials,
      count: 1,
      rng: seeded(0),
    });
    expect(next!.why?.['name']).toBe('y');
  });

  it('supports what all its samplers support, and refuses counts that make no sense', () => {
    expect(
      sequence([
        [random(), 2],
        [{ ...random(), supports: ['fixed'] }, Infinity],
      ]).supports,
    ).toEqual(['fixed']);
    expect(() => sequence([])).toThrow(InvalidArgumentError);
    expect(() => sequence([[random(), 5]])).toThrow(InvalidArgumentError);
    expect(() => grid({ levels: 0 })).toThrow(InvalidArgumentError);
    expect(() => latinHypercube({ size: 1.5 })).toThrow(InvalidArgumentError);
  });
});
