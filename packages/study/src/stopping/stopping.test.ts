import { InvalidArgumentError, type Surrogate, type Trial } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { noImprovement, regretBound } from '../index.ts';

const trial = (number: number, value: number, x = 0.5): Trial<{ x: number }> => ({
  number,
  params: { x },
  reports: [],
  state: 'complete',
  value,
});

describe('noImprovement', () => {
  it('counts finished trials after the best feasible one', () => {
    const rule = noImprovement({ goal: { direction: 'maximize' }, trials: 2 });
    const trials = [1, 3, 2, 2].map((v, i) => trial(i, v));
    expect([1, 2, 3, 4].map((n) => rule.done(trials.slice(0, n)))).toEqual([false, false, false, true]);
    expect(rule.done([])).toBe(false);
    expect(() => noImprovement({ goal: { direction: 'maximize' }, trials: 0 })).toThrow(InvalidArgumentError);
  });
});

describe('regretBound', () => {
  const space = searchSpace({ x: uniform(0, 1) });
  const trials = [0, 0.25, 0.5, 0.75, 1].map((x, i) => trial(i, -x, x));
  /** Believes that the value to be maximized is x, with one standard deviation everywhere. */
  const belief = (standardDeviation: number): Surrogate => ({
    fit: () => ({
      marginals: ({ data }) => ({
        mean: data.slice(),
        variance: new Float64Array(data.length).fill(standardDeviation ** 2),
      }),
    }),
  });
  const rule = (standardDeviation: number, threshold: number) =>
    regretBound({ space, surrogate: belief(standardDeviation), direction: 'minimize', threshold });

  it('equals twice the scaled standard deviation where the best observed point is the best of all', async () => {
    // β = 2 ln(1 · 25 · π² / 0.6) / 5; both edges lie at x = 1.
    const bound = 2 * 0.1 * Math.sqrt((2 * Math.log((25 * Math.PI ** 2) / 0.6)) / 5);
    expect(await rule(0.1, bound * 1.001).done(trials)).toBe(true);
    expect(await rule(0.1, bound * 0.999).done(trials)).toBe(false);
  });

  it('sees what is left to gain where nothing was observed', async () => {
    const low = trials.map((t) => ({ ...t, params: { x: t.params.x / 2 } }));
    expect(await rule(1e-9, 0.55).done(low)).toBe(true); // max over the space is just below 1, observed 0.5
    expect(await rule(1e-9, 0.49).done(low)).toBe(false);
  });

  it('waits for five observations, and takes a threshold above 0', async () => {
    expect(await rule(1e-9, 10).done(trials.slice(0, 4))).toBe(false);
    for (const wrong of [{ threshold: 0 }, { threshold: 1, delta: 1 }])
      expect(() => regretBound({ space, surrogate: belief(1), direction: 'minimize', ...wrong })).toThrow(
        InvalidArgumentError,
      );
  });
});
