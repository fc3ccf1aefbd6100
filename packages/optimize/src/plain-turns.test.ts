import { seeded, type Trial } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { expect, it } from 'vitest';
import { autoSampler } from './auto-sampler.ts';

type P = Record<string, number>;
const value = ({ x0, x1 }: P, shift = 0) => (x0! - 0.4 - shift) ** 2 + (x1! - 0.6) ** 2;

/** Whose turn the ask is after this many trials, the last of which a model with sources proposed. */
async function turnAfter(rows: number, sources: number, columns = 2): Promise<unknown> {
  const space = searchSpace(
    Object.fromEntries(Array.from({ length: columns }, (_, j) => [`x${j}`, uniform(0, 1)])),
  );
  const points = (name: string, count: number) => {
    const rng = seeded(name);
    return Array.from({ length: count }, () =>
      space.decode(Float64Array.from({ length: columns }, () => rng.next())),
    );
  };
  const transfer = Array.from({ length: sources }, (_, k) => ({
    name: `study ${k}`,
    trials: points(`study ${k}`, 6).map((params) => ({ params, value: value(params, k / 50) })),
  }));
  const trials = points('new', rows).map(
    (params, number): Trial<P> => ({
      number,
      params,
      reports: [],
      ...(number === rows - 1 && { samplerState: { model: { transfer: { gate: 1, turn: 'sources' } } } }),
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
  expect(await turnAfter(5, 4)).toBe('plain');
});

it('gives it turns from ten rows at the latest, however many columns there are', async () => {
  expect(await turnAfter(9, 4, 12)).toBeUndefined();
  expect(await turnAfter(10, 4, 12)).toBe('plain');
});

it('gives it turns from ten rows, where sources are few', async () => {
  expect(await turnAfter(9, 3)).toBeUndefined();
  expect(await turnAfter(10, 3)).toBe('plain');
});
