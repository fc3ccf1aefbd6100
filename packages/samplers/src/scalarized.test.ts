import { logExpectedImprovement } from '@foothold/acquisitions';
import { type Sampler, seeded, type Trial } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { searchSpace, uniform } from '@foothold/space';
import { describeSampler } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { bayesian } from './bayesian.ts';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';
import { scalarized } from './scalarized.ts';

const space = searchSpace({ a: uniform(0, 1), b: uniform(0, 1), c: uniform(0, 1) });
type P = ReturnType<typeof space.decode>;
const objectives = [
  { metric: 'value', direction: 'minimize' },
  { metric: 'gain', direction: 'maximize' },
] as const;

/** ZDT2 of three variables (Zitzler, Deb, Thiele 2000): a concave front, its second objective turned to be maximized. */
function evaluate({ a, b, c }: P) {
  const g = 1 + 4.5 * (b + c);
  return { value: a, gain: -g * (1 - (a / g) ** 2) };
}

/** Area that the trials dominate up to the reference point (1.1, −11), by the sorted front. */
function dominatedArea(trials: readonly Trial<P>[]): number {
  const points = trials
    .map(({ params }) => evaluate(params))
    .sort((p, q) => p.value - q.value || q.gain - p.gain);
  let area = 0;
  let top = -11;
  let left = 1.1;
  for (const { value, gain } of points) {
    if (gain <= top || value >= 1.1) continue;
    area += (1.1 - value) * (gain - top);
    top = gain;
    left = value;
  }
  return left < 1.1 ? area : 0;
}

async function run(sampler: Sampler, seed: number, count: number): Promise<readonly Trial<P>[]> {
  const trials: Trial<P>[] = [];
  for (let i = 0; i < count; i++) {
    const request = {
      space,
      direction: 'minimize',
      objectives,
      trials,
      count: 1,
      rng: seeded(seed).fork(i),
    } as const;
    const [made] = await sampler.sample<P>(request);
    const { value, gain } = evaluate(made!.params);
    trials.push({
      number: i,
      params: made!.params,
      reports: [],
      state: 'complete',
      value,
      metrics: { gain },
      ...(made!.why && { why: made!.why }),
    });
  }
  return trials;
}

const gp = () =>
  scalarized(
    bayesian({
      surrogate: gaussianProcess({ columns: space.columns }),
      acquisition: logExpectedImprovement(),
    }),
  );
describeSampler('scalarized random', () => scalarized(random()));

describe('scalarized', () => {
  it('dominates more than NSGA-II and random search on a concave front, seed by seed', async () => {
    for (const seed of [0, 1, 2]) {
      const area = dominatedArea(await run(gp(), seed, 30));
      expect(area).toBeGreaterThan(dominatedArea(await run(nsga2({ population: 10 }), seed, 30)));
      expect(area).toBeGreaterThan(dominatedArea(await run(random(), seed, 30)));
    }
  });
  it('reaches both ends and the middle of the front', async () => {
    const trials = await run(gp(), 5, 40);
    const front = trials.filter(({ params }) => params.b + params.c < 0.05).map(({ params }) => params.a);
    expect(Math.min(...front)).toBeLessThan(0.1);
    expect(Math.max(...front)).toBeGreaterThan(0.6);
  });
  it('proposes different points at once and records its weights', async () => {
    const trials = await run(gp(), 1, 12);
    const request = { space, direction: 'minimize', objectives, trials, count: 4, rng: seeded(9) } as const;
    const made = await gp().sample<P>(request);
    expect(new Set(made.map(({ params }) => JSON.stringify(params))).size).toBe(4);
    for (const { why } of made) {
      const weights = why!['weights'] as readonly number[];
      expect(weights.reduce((s, w) => s + w, 0)).toBeCloseTo(1, 12);
    }
  });
  it('passes a single objective on', async () => {
    const request = () => ({ space, direction: 'minimize', trials: [], count: 3, rng: seeded(2) }) as const;
    expect(await scalarized(random()).sample(request())).toEqual(await random().sample(request()));
  });
});
