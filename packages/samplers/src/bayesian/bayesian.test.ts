import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Outcome,
  type Params,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
  SpaceExhaustedError,
  seeded,
  type Trial,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { categorical, integer, linear, ordinal, searchSpace, uniform } from '@foothold/space';
import { describeSampler } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { type BayesianOptions, bayesian } from './bayesian.ts';

function samplerOf(space: Pick<SearchSpace, 'columns'>, options: Partial<BayesianOptions> = {}): Sampler {
  return bayesian({
    surrogate: gaussianProcess({ columns: space.columns }),
    acquisition: logExpectedImprovement(),
    ...options,
  });
}

function trial<P extends Params>(
  number: number,
  params: P,
  rest: { readonly samplerState?: Trial['samplerState'] } & (Outcome | { readonly state: 'running' }),
): Trial<P> {
  const { samplerState, ...outcome } = rest;
  return { number, params, reports: [], ...(samplerState && { samplerState }), ...outcome };
}

const three = ['a', 'b', 'c'].map((name) => ({ kind: 'continuous' as const, name }));
describeSampler('bayesian', () => samplerOf({ columns: three }));

const box = searchSpace({ a: uniform(-5, 10), b: uniform(0, 15) });
type Box = { readonly a: number; readonly b: number };
function branin({ a, b }: Box): number {
  const t = b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6;
  return t * t + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
}

/** `count` trials one after another, each told before the next is asked. */
async function run<P extends Params>(
  sampler: () => Sampler,
  problem: Omit<SampleRequest<P>, 'trials' | 'count' | 'rng' | 'direction'> & {
    readonly f: (params: P) => number;
  },
  { count, seed = 0 }: { readonly count: number; readonly seed?: number },
): Promise<Trial<P>[]> {
  const { f, ...rest } = problem;
  const trials: Trial<P>[] = [];
  for (let k = 0; k < count; k++) {
    const [proposal] = await sampler().sample<P>({
      ...rest,
      direction: 'minimize',
      trials,
      count: 1,
      rng: seeded(seed).fork(k),
    });
    const { params, samplerState } = proposal!;
    trials.push(
      trial(k, params, { state: 'complete', value: f(params), ...(samplerState && { samplerState }) }),
    );
  }
  return trials;
}

const values = (trials: readonly Trial[]) =>
  trials.map((t) => (t.state === 'complete' ? t.value : Number.NaN));

describe('bayesian', () => {
  it('comes to the minimum of Branin within 1e-2 in 30 trials, over three seeds', async () => {
    for (const seed of [0, 1, 2]) {
      const sampler = samplerOf(box);
      const trials = await run<Box>(() => sampler, { space: box, f: branin }, { count: 30, seed });
      expect(Math.min(...values(trials)) - 0.39788735772973816).toBeLessThan(1e-2);
    }
  });

  it.each([0, 2.5, Number.NaN, Infinity])('refuses a design of %s trials', (initialTrials) => {
    expect(() =>
      bayesian({
        surrogate: gaussianProcess({ columns: three }),
        acquisition: logExpectedImprovement(),
        initialTrials,
      }),
    ).toThrow(`initialTrials is ${initialTrials}, allowed is a whole number from 1`);
  });
  it('proposes from the record alone what it proposes from its memory', async () => {
    const kept = samplerOf(box);
    const withMemory = await run<Box>(() => kept, { space: box, f: branin }, { count: 38 });
    const withoutMemory = await run<Box>(() => samplerOf(box), { space: box, f: branin }, { count: 38 });
    expect(withoutMemory).toEqual(withMemory);
  });

  it.each([1, 4, 16])('spreads %i proposals of one request', async (count) => {
    const sampler = samplerOf(box);
    const trials = await run<Box>(() => sampler, { space: box, f: branin }, { count: 12 });
    const proposals = await sampler.sample<Box>({
      space: box,
      direction: 'minimize',
      trials,
      count,
      rng: seeded('batch'),
    });
    expect(proposals).toHaveLength(count);
    const points = [...trials, ...proposals].map(({ params }) => box.encode(params as Box));
    for (let i = 12; i < points.length; i++)
      for (let j = 0; j < i; j++) {
        const distance = Math.hypot(points[i]![0]! - points[j]![0]!, points[i]![1]! - points[j]![1]!);
        expect(distance).toBeGreaterThan(j < 12 ? 1e-6 : 3e-3);
      }
  });

  it.each([1, 4, 16])(
    'comes to the minimum of Branin within 1e-2 in 64 trials, %i workers',
    async (workers) => {
      for (const seed of [0, 1]) {
        const sampler = samplerOf(box);
        const trials: Trial<Box>[] = [];
        // Every worker asks on its own; the oldest running trial is told when all are busy.
        for (let number = 0; number < 64; number++) {
          if (number >= workers) {
            const { state: _, ...oldest } = trials[number - workers]!;
            trials[number - workers] = { ...oldest, state: 'complete', value: branin(oldest.params) };
          }
          const rng = seeded(seed).fork(number);
          const [made] = await sampler.sample<Box>({
            space: box,
            direction: 'minimize',
            trials,
            count: 1,
            rng,
          });
          const point = box.encode(made!.params);
          for (const other of trials
            .slice(Math.max(0, number + 1 - workers))
            .map(({ params }) => box.encode(params)))
            expect(Math.hypot(point[0]! - other[0]!, point[1]! - other[1]!)).toBeGreaterThan(3e-3);
          trials.push(
            trial(number, made!.params, {
              state: 'running',
              ...(made!.samplerState && { samplerState: made!.samplerState }),
            }),
          );
        }
        const best = Math.min(...trials.map(({ params }) => branin(params)));
        expect(best - 0.39788735772973816).toBeLessThan(1e-2);
      }
    },
  );

  it('does not propose what is running', async () => {
    const sampler = samplerOf(box);
    const done = await run<Box>(() => sampler, { space: box, f: branin }, { count: 12 });
    const ask = async (trials: readonly Trial<Box>[]) =>
      (
        await sampler.sample<Box>({ space: box, direction: 'minimize', trials, count: 1, rng: seeded('ask') })
      )[0]!;
    const first = await ask(done);
    const second = await ask([...done, trial(12, first.params, { state: 'running' })]);
    const [p, q] = [box.encode(first.params), box.encode(second.params)];
    expect(Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!)).toBeGreaterThan(1e-2);
  });

  it('is never refused on an interval full of running trials, at once or one by one, and repeats nothing', async () => {
    const line = searchSpace({ x: uniform(0, 1) });
    const sampler = samplerOf(line);
    const request = { space: line, direction: 'minimize', rng: seeded(4) } as const;
    const before = await sampler.sample({ ...request, trials: [], count: 300 });
    const trials: Trial<{ x: number }>[] = before.map(({ params }, i) =>
      trial(i, params, i < 6 ? { state: 'complete', value: (params.x - 0.3) ** 2 } : { state: 'running' }),
    );
    for (const count of [...Array.from({ length: 10 }, () => 1), 20])
      for (const { params } of await sampler.sample({ ...request, trials, count }))
        trials.push(trial(trials.length, params, { state: 'running' }));
    expect(new Set(trials.map(({ params }) => params.x)).size).toBe(330);
  });

  it('visits every point of a finite space once and then says that it is exhausted', async () => {
    const space = searchSpace({ a: categorical('x', 'y', 'z'), b: integer(1, 4), c: ordinal(1, 10) });
    type P = { a: 'x' | 'y' | 'z'; b: number; c: number };
    const sampler = samplerOf(space);
    const problem = { space, f: ({ a, b, c }: P) => b * c + (a === 'y' ? 0 : 3) };
    const trials = await run<P>(() => sampler, problem, { count: 24 });
    expect(new Set(trials.map(({ params }) => JSON.stringify(params))).size).toBe(24);
    const request = { ...problem, direction: 'minimize' as const, trials, count: 1, rng: seeded(1) };
    await expect(async () => sampler.sample<P>(request)).rejects.toSatisfy(
      (e) => e instanceof SpaceExhaustedError,
    );
    expect(await sampler.sample<P>({ ...request, repeat: true })).toHaveLength(1);
  });

  it('keeps fixed parameters and linear constraints', async () => {
    const space = searchSpace(
      { a: uniform(0, 1), b: uniform(0, 1), c: categorical('p', 'q') },
      { constraints: [linear({ a: 1, b: 1 }, { atMost: 0.8 })] },
    );
    type P = { a: number; b: number; c: 'p' | 'q' };
    const sampler = samplerOf(space);
    const trials = await run<P>(
      () => sampler,
      { space, fixed: { c: 'q' }, f: ({ a, b }) => -a - 2 * b },
      { count: 16 },
    );
    for (const { params } of trials) {
      expect(params.c).toBe('q');
      expect(params.a + params.b).toBeLessThanOrEqual(0.8 + 1e-12);
    }
    expect(Math.min(...values(trials))).toBeLessThan(-1.5);
  });

  it('avoids where trials fail', async () => {
    const space = searchSpace({ a: uniform(0, 1) });
    type P = { a: number };
    const sampler = samplerOf(space);
    const trials: Trial<P>[] = [];
    for (let k = 0; k < 20; k++) {
      const [{ params, samplerState } = { params: { a: 0 } }] = await sampler.sample<P>({
        space,
        direction: 'maximize',
        trials,
        count: 1,
        rng: seeded(3).fork(k),
      });
      const outcome: Outcome =
        params.a > 0.6
          ? { state: 'failed', reason: 'out of memory' }
          : { state: 'complete', value: params.a };
      trials.push(trial(k, params, { ...outcome, ...(samplerState && { samplerState }) }));
    }
    expect(Math.max(...values(trials).filter(Number.isFinite))).toBeGreaterThan(0.55);
    expect(trials.slice(8).filter(({ state }) => state === 'failed').length).toBeLessThan(9);
  });
});

describe('beside one value', () => {
  const space = searchSpace({ a: uniform(0, 1), b: uniform(0, 1) });
  type P = { a: number; b: number };
  const runGoal = async (
    goal: Partial<SampleRequest<P>>,
    { metrics, value }: { metrics: (p: P) => Record<string, number>; value: (p: P) => number },
  ) => {
    const sampler = samplerOf(space);
    const trials: Trial<P>[] = [];
    for (let k = 0; k < 24; k++) {
      const [proposal] = await sampler.sample<P>({
        space,
        direction: 'maximize',
        ...goal,
        trials,
        count: 1,
        rng: seeded(5).fork(k),
      });
      const { params, samplerState } = proposal!;
      const outcome: Outcome = { state: 'complete', value: value(params), metrics: metrics(params) };
      trials.push(trial(k, params, { ...outcome, ...(samplerState && { samplerState }) }));
    }
    return trials;
  };

  it('keeps a limit on a metric while it maximizes', async () => {
    const trials = await runGoal(
      { constraints: [{ metric: 'memory', atMost: 0.5 }] },
      { value: ({ a, b }) => a + b, metrics: ({ a, b }) => ({ memory: a * a + b * b }) },
    );
    const kept = trials.filter(({ params: { a, b } }) => a * a + b * b <= 0.5);
    // The best on the circle of radius √½ is a = b = ½.
    expect(Math.max(...kept.map(({ params: { a, b } }) => a + b))).toBeGreaterThan(0.97);
    // The optimum lies on the limit: later proposals fall on either side of it, close.
    const late = trials.slice(12).filter(({ params: { a, b } }) => Math.abs(a * a + b * b - 0.5) < 0.05);
    expect(late.length).toBeGreaterThan(8);
  });

  it('finds cheap points first when cost counts', async () => {
    const problem = {
      value: ({ a, b }: P) => Math.sin(6 * a) + b,
      metrics: ({ b }: P) => ({ seconds: Math.exp(4 * b) }),
    };
    const spent = async (goal: Partial<SampleRequest<P>>) =>
      (await runGoal(goal, problem))
        .slice(5, 12)
        .reduce((sum, { params }) => sum + Math.exp(4 * params.b), 0);
    expect(await spent({ cost: 'seconds' })).toBeLessThan(0.7 * (await spent({})));
  });

  it('spreads along the front of two objectives', async () => {
    const trials = await runGoal(
      {
        objectives: [
          { metric: 'value', direction: 'maximize' },
          { metric: 'size', direction: 'minimize' },
        ],
      },
      { value: ({ a, b }) => a - b * b, metrics: ({ a, b }) => ({ size: a * a + b * b }) },
    );
    // On the front b is 0, and a trades one objective for the other.
    const late = trials.slice(10).filter(({ params }) => params.b < 0.1);
    expect(late.length).toBeGreaterThan(8);
    const along = late.map(({ params }) => params.a);
    expect(Math.max(...along) - Math.min(...along)).toBeGreaterThan(0.5);
  });
});

describe('nasty histories', () => {
  const space = searchSpace({ a: uniform(0, 1), b: integer(0, 3), c: categorical('x', 'y') });
  type P = { a: number; b: number; c: 'x' | 'y' };

  it('200 of them: a valid new proposal each time, no exception', async () => {
    for (let h = 0; h < 200; h++) {
      const rng = seeded('nasty').fork(h);
      const n = Math.floor(rng.next() * 14);
      const scale = 10 ** (60 * rng.next() - 30);
      const kind = Math.floor(rng.next() * 6);
      const trials = Array.from({ length: n }, (_, k): Trial<P> => {
        const same = kind === 0 || rng.next() < 0.2;
        const params: P = same
          ? { a: 0.5, b: 1, c: 'x' }
          : { a: rng.next(), b: Math.floor(rng.next() * 4), c: rng.next() < 0.5 ? 'x' : 'y' };
        if (kind === 1 || rng.next() < 0.1) return trial(k, params, { state: 'failed', reason: 'no' });
        if (rng.next() < 0.1) return trial(k, params, { state: 'running' });
        const value = kind === 2 ? scale : [Number.NaN, Infinity, -Infinity, 0][Math.floor(rng.next() * 30)];
        return trial(k, params, { state: 'complete', value: value ?? (rng.next() - 0.5) * scale });
      });
      const proposals = await samplerOf(space).sample<P>({
        space,
        direction: h % 2 ? 'minimize' : 'maximize',
        trials,
        count: 1 + (h % 3),
        rng: rng.fork('ask'),
      });
      const seen = new Set(trials.map(({ params }) => space.encode(params).join()));
      for (const { params } of proposals) {
        const point = space.encode(params).join();
        expect(seen.has(point)).toBe(false);
        seen.add(point);
      }
    }
  });
});
