import { seeded, type Trial } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { expect, it } from 'vitest';
import { autoSampler } from './auto-sampler.ts';

it('comes closer with 6 of 100 columns that count after 60 trials than 20,000 random points do', async () => {
  const names = Array.from({ length: 100 }, (_, j) => `x${j}`);
  const space = searchSpace(Object.fromEntries(names.map((name) => [name, uniform(0, 1)])));
  // Each active column counts for another share, with its best value off the middle.
  const active = [7, 23, 41, 58, 76, 94].map((j, k) => ({
    name: `x${j}`,
    best: 0.15 + 0.13 * k,
    weight: 1 + k,
  }));
  const f = (params: Readonly<Record<string, unknown>>) =>
    active.reduce((sum, { name, best, weight }) => sum + weight * (Number(params[name]) - best) ** 2, 0);
  const sampler = autoSampler();
  const trials: Trial<Record<string, number>>[] = [];
  for (let number = 0; number < 60; number++) {
    const [proposal] = await sampler.sample<Record<string, number>>({
      space,
      direction: 'minimize',
      trials,
      count: 1,
      rng: seeded(3).fork(number),
    });
    const { params } = proposal!;
    trials.push({ number, ...proposal!, reports: [], state: 'complete', value: f(params) });
  }
  const rng = seeded('random');
  let random = Infinity;
  for (let i = 0; i < 20_000; i++) {
    const point = Object.fromEntries(active.map(({ name }) => [name, rng.next()]));
    random = Math.min(random, f(point));
  }
  const best = Math.min(...trials.map(({ params }) => f(params)));
  expect(best).toBeLessThan(random / 2);
});
