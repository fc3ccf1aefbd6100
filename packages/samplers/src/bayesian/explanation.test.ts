import { type Goal, rankedTrials, seeded, type Trial } from '@foothold/core';
import { expect, it } from 'vitest';
import { incumbentWhy } from './explanation.ts';

it('names the first of the ranked trials as the incumbent, among equals, violations and figures that are missing', () => {
  const rng = seeded('incumbents');
  const seen = new Set<string>();
  for (let k = 0; k < 300; k++) {
    const trials = Array.from({ length: 1 + (k % 7) }, (_, number): Trial => {
      const figure = () => Math.floor(4 * rng.next());
      const value = rng.next() < 0.1 ? Number.NaN : figure();
      const metrics = rng.next() < 0.2 ? {} : { m: figure() };
      const trial = { number, params: {}, reports: [] };
      return rng.next() < 0.1
        ? { ...trial, state: 'failed', reason: 'it broke' }
        : { ...trial, state: 'complete', value, metrics };
    });
    const direction = k % 2 === 0 ? 'minimize' : 'maximize';
    const constraints = k % 3 === 0 ? [] : [{ metric: 'm', atMost: k % 5 === 0 ? -1 : 1 }];
    const goal: Goal = {
      ...{ direction, constraints },
      ...(k % 4 === 0 && { objectives: [{ metric: 'm', direction }] }),
    };
    const first = rankedTrials(trials, goal)[0];
    const { incumbent } = incumbentWhy({ ...goal, trials }) as {
      readonly incumbent?: { readonly trial: number };
    };
    expect(incumbent?.trial).toBe(first?.trial.number);
    seen.add(first === undefined ? 'none' : first.violation > 0 ? 'violated' : 'kept');
  }
  expect([...seen].sort()).toEqual(['kept', 'none', 'violated']);
});
