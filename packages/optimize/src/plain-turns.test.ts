import { seeded, type Trial } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { expect, it } from 'vitest';
import { autoSampler } from './auto-sampler.ts';

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
type P = ReturnType<typeof space.decode>;
const value = ({ x, y }: P, shift = 0) => (x - 0.4 - shift) ** 2 + (y - 0.6) ** 2;
const points = (name: string, count: number) => {
  const rng = seeded(name);
  return Array.from({ length: count }, () => space.decode(Float64Array.of(rng.next(), rng.next())));
};

/** Whose turn the ask after this many loaded trials is. */
async function turnAfter(rows: number, sources: number): Promise<unknown> {
  const transfer = Array.from({ length: sources }, (_, k) => ({
    name: `study ${k}`,
    trials: points(`study ${k}`, 6).map((params) => ({ params, value: value(params, k / 50) })),
  }));
  const trials = points('new', rows).map(
    (params, number): Trial<P> => ({
      number,
      params,
      reports: [],
      loaded: true,
      state: 'complete',
      value: value(params),
    }),
  );
  const request = { space, direction: 'minimize', trials, count: 1, rng: seeded(rows) } as const;
  return (await autoSampler({ transfer }).sample(request))[0]!.samplerState?.['turn'];
}

it('gives the plain model turns from as many rows as it has hyperparameters, where sources are many', async () => {
  // Two lengthscales, output scale, noise and mean: five.
  expect(await turnAfter(4, 4)).toBeUndefined();
  expect(await turnAfter(6, 4)).toBe('plain');
});

it('gives it turns from ten rows, where sources are few', async () => {
  expect(await turnAfter(8, 3)).toBeUndefined();
  expect(await turnAfter(10, 3)).toBe('plain');
});
