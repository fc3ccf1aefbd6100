import {
  type CompleteTrial,
  type Goal,
  minimizedValues,
  seeded,
  type Trial,
  violationOf,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { paretoFront } from './pareto-front.ts';

const objectives = (['value', 'a', 'b'] as const).map((metric, i) => ({
  metric,
  direction: i === 1 ? ('maximize' as const) : ('minimize' as const),
}));

/** Small whole numbers, so that many are equal, with failed, infinite and infeasible ones between. */
function someTrials(seed: number): readonly Trial[] {
  const draw = seeded(seed);
  const figure = () => Math.floor(draw.next() * 5);
  return Array.from({ length: 60 }, (_, number): Trial => {
    const value = draw.next() < 0.05 ? Infinity : figure();
    const trial = { number, params: {}, reports: [], metrics: { a: figure(), b: figure(), size: figure() } };
    return draw.next() < 0.1
      ? { ...trial, state: 'failed', reason: 'none' }
      : { ...trial, state: 'complete', value };
  });
}

/** By the definition: each trial beside each other one. */
function frontByDefinition(trials: readonly Trial[], goal: Goal): readonly number[] {
  const whole = trials
    .filter((t): t is CompleteTrial => t.state === 'complete')
    .filter((t) => minimizedValues(goal, t).every(Number.isFinite) && violationOf(goal, t) === 0);
  const valuesOf = (trial: CompleteTrial) => [...minimizedValues(goal, trial)];
  const beats = (a: CompleteTrial, b: CompleteTrial) => {
    const [x, y] = [valuesOf(a), valuesOf(b)];
    if (!x.every((value, k) => value <= y[k]!)) return false;
    return x.some((value, k) => value < y[k]!) || a.number < b.number;
  };
  return whole.filter((t) => !whole.some((other) => beats(other, t))).map(({ number }) => number);
}

describe('paretoFront', () => {
  it.each([1, 2, 3])(
    'is that of the definition with %i objectives, equal, failed and infeasible trials among them',
    (count) => {
      const goal: Goal = {
        direction: 'minimize',
        objectives: objectives.slice(0, count),
        constraints: [{ metric: 'size', atMost: 3 }],
      };
      for (let seed = 0; seed < 40; seed++) {
        const trials = someTrials(seed);
        const expected = frontByDefinition(trials, goal);
        expect(paretoFront(trials, goal).map(({ number }) => number)).toEqual(expected);
        expect(expected.length).toBeGreaterThan(0);
      }
    },
  );
});
