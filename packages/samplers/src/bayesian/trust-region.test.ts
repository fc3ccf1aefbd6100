import { logExpectedImprovement } from '@foothold/acquisitions';
import { seeded, type Trial } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { searchSpace, uniform } from '@foothold/space';
import { expect, it } from 'vitest';
import { trustRegion } from './trust-region.ts';
import { trustRegionState } from './trust-region-box.ts';

it('halves the box after max(4, d) failures in a row and doubles it after three successes', () => {
  const rise = (n: number) => Array.from({ length: n }, (_, i) => 1 + i);
  const y = (values: number[]) => Float64Array.from(values);
  expect(trustRegionState(y([]), 2).side).toBe(0.8);
  expect(trustRegionState(y(rise(4 + 3)), 2).side).toBe(1.6);
  expect(trustRegionState(y(rise(4 + 9)), 2).side).toBe(1.6);
  expect(trustRegionState(y([...rise(4), 0, 0, 0]), 2).side).toBe(0.8);
  expect(trustRegionState(y([...rise(4), 0, 0, 0, 0]), 2).side).toBe(0.4);
  expect(trustRegionState(y([...rise(4), 0, 0, 0, 9, 0]), 2).side).toBe(0.8);
});

it('restarts when the box has become tiny', () => {
  // 0.8 → below 2⁻⁷ takes seven halvings of four failures each, after the four trials of the beginning.
  const state = trustRegionState(
    Float64Array.from({ length: 4 + 7 * 4 }, (_, i) => -i),
    2,
  );
  expect(state).toEqual({ side: 0.8, from: 32 });
});

it('halves the best of 60 first points on 20 columns in 25 proposals from its box', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `x${i}`);
  const space = searchSpace(Object.fromEntries(names.map((name) => [name, uniform(-5, 5)])));
  const f = (params: Readonly<Record<string, unknown>>) =>
    names.reduce((sum, name, i) => sum + (Number(params[name]) - 2 * Math.sin(i)) ** 2, 0);
  const rng = seeded('history');
  const trials: Trial<Record<string, number>>[] = Array.from({ length: 60 }, (_, number) => {
    const params = space.decode(Float64Array.from(names, () => rng.next())) as Record<string, number>;
    return { number, params, reports: [], state: 'complete', value: f(params) };
  });
  const before = Math.min(...trials.map(({ params }) => f(params)));
  const sampler = trustRegion({
    surrogate: gaussianProcess({ columns: space.columns }),
    acquisition: logExpectedImprovement(),
  });
  for (let number = 60; number < 85; number++) {
    const [proposal] = await sampler.sample<Record<string, number>>({
      space,
      direction: 'minimize',
      trials,
      count: 1,
      rng: seeded(1).fork(number),
    });
    const { params, why, samplerState } = proposal!;
    expect((why!.searchRegion as { stage: string }).stage).toBe('box');
    trials.push({
      number,
      params,
      reports: [],
      state: 'complete',
      value: f(params),
      ...(samplerState && { samplerState }),
    });
  }
  expect(Math.min(...trials.map(({ params }) => f(params)))).toBeLessThan(before / 2);
});
