import { seeded, type Trial } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { expect, it } from 'vitest';
import { autoSampler } from './auto-sampler.ts';

type P = Record<string, number>;
const value = ({ x0, x1 }: P, shift = 0) => (x0! - 0.4 - shift) ** 2 + (x1! - 0.6) ** 2;

/** Whose turn the ask is after this many trials, the last of which a model with sources proposed. */
async function turnAfter(rows: number, sources: number, constants = 0): Promise<unknown> {
  const space = searchSpace({ x0: uniform(0, 1), x1: uniform(0, 1) });
  const points = (name: string, count: number) => {
    const rng = seeded(name);
    return Array.from({ length: count }, () => space.decode(Float64Array.of(rng.next(), rng.next())));
  };
  const transfer = Array.from({ length: sources + constants }, (_, k) => ({
    name: `study ${k}`,
    trials: points(`study ${k}`, 80).map((params) => ({
      params,
      value: k < sources ? value(params, k / 50) : 3,
    })),
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

it('gives the plain model turns from ten rows on, where sources are few', async () => {
  expect(await turnAfter(9, 3)).toBeUndefined();
  expect(await turnAfter(10, 3)).toBe('plain');
});

it('gives it none where sources are many, whose hypotheses draw by the evidence', async () => {
  for (const rows of [5, 10, 11]) expect(await turnAfter(rows, 4)).toBeUndefined();
});

it('does not count sources that are left out', async () => {
  expect(await turnAfter(9, 3, 2)).toBeUndefined();
  expect(await turnAfter(10, 3, 2)).toBe('plain');
});
