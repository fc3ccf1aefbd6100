import { type Outcome, seeded, type Trial } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { armsOf, isAdviserDrawn, type Turn, turnState } from './adviser-share.ts';

function trial(number: number, outcome: Outcome | { readonly state: 'running' }, turn?: Turn): Trial {
  const samplerState = turn && turnState(turn);
  return { number, params: {}, reports: [], ...(samplerState && { samplerState }), ...outcome };
}
const value = (v: number) => ({ state: 'complete', value: v }) as const;
const own = { asked: false, followed: false };
const ignored = { asked: true, followed: false };
const followed = { asked: true, followed: true };

describe('the arms of the bandit', () => {
  it('count what improved on all trials before, by whose point it was', () => {
    const trials = [
      trial(0, value(5)),
      trial(1, value(4), own),
      trial(2, value(3), followed),
      trial(3, value(3), followed),
      trial(4, value(6), ignored),
      trial(5, { state: 'failed', reason: 'test' }, followed),
      trial(6, { state: 'pruned' }, own),
      trial(7, { state: 'running' }, followed),
      trial(8, { state: 'running' }, ignored),
      trial(9, value(Number.NaN), followed),
      // In an initial design nobody decided; what was followed there counts.
      trial(10, value(7), { ...ignored, initial: true }),
      trial(11, value(8), { ...followed, initial: true }),
    ];
    expect(armsOf(trials, 'minimize')).toEqual({
      adviser: { successes: 1, failures: 6 },
      own: { successes: 1, failures: 2 },
    });
    expect(armsOf(trials, 'maximize')).toEqual({
      adviser: { successes: 1, failures: 6 },
      own: { successes: 1, failures: 2 },
    });
  });

  it('reads nothing from states that are not its own', () => {
    const odd = { ...trial(0, value(1)), samplerState: { advised: 'yes', design: 3 } };
    expect(armsOf([odd], 'minimize')).toEqual({
      adviser: { successes: 0, failures: 0 },
      own: { successes: 0, failures: 0 },
    });
  });
});

describe('the share of the adviser', () => {
  const none = { successes: 0, failures: 0 };
  const share = (adviser: typeof none, sampler: typeof none, draws = 4000) => {
    let asked = 0;
    for (let k = 0; k < draws; k++) if (isAdviserDrawn({ adviser, own: sampler }, seeded(k))) asked++;
    return asked / draws;
  };

  // Of two independent Beta variables, four standard errors of the share: 2/√4000.
  it.each([
    ['even without evidence', none, none, 1 / 2],
    ['a third after one failure: P(Beta(1, 2) > Beta(1, 1))', { successes: 0, failures: 1 }, none, 1 / 3],
    ['two thirds after one success', { successes: 1, failures: 0 }, none, 2 / 3],
    ['1/(n + 2) after n failures', { successes: 0, failures: 18 }, none, 1 / 20],
  ])('is %s', (_, adviser, sampler, expected) => {
    expect(Math.abs(share(adviser, sampler) - expected)).toBeLessThan(2 / Math.sqrt(4000));
  });

  it('has no floor', () => {
    expect(share({ successes: 0, failures: 200 }, { successes: 100, failures: 100 })).toBe(0);
  });
});
