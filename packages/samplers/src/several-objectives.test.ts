import { logExpectedImprovement } from '@foothold/acquisitions';
import { type Sampler, seeded, type Trial } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { bayesian } from './bayesian/bayesian.ts';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';

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
      ...(made!.samplerState && { samplerState: made!.samplerState }),
    });
  }
  return trials;
}

const gp = () =>
  bayesian({ surrogate: gaussianProcess({ columns: space.columns }), acquisition: logExpectedImprovement() });

describe('bayesian with several objectives', () => {
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
});
