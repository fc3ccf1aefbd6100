import { categorical, logUniform, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { designSize, guessedPoint } from './bayesian-design.ts';

describe('designSize', () => {
  it('grows with the columns, and takes at most a fifth of a known budget, from 3 on', () => {
    expect([1, 6, 7, 12, 30].map((columns) => designSize(columns))).toEqual([5, 5, 6, 8, 10]);
    expect([5, 10, 15, 20, 21, 30, 500].map((budget) => designSize(7, budget))).toEqual([
      3, 3, 3, 4, 5, 6, 6,
    ]);
    expect(designSize(30, 60)).toBe(10);
  });
});

describe('guessedPoint', () => {
  it("has each default, also that of a parameter which its parent's default switches off, and the middle elsewhere", () => {
    const space = searchSpace({
      lr: logUniform(1e-4, 1).default(1e-3),
      optimizer: categorical('adam', 'sgd').default('adam'),
      momentum: uniform(0, 1).default(0.9).when('optimizer', 'sgd'),
      dropout: uniform(0, 0.5),
    });
    const point = guessedPoint(space)!;
    expect(space.decode(point)).toEqual({ lr: expect.closeTo(1e-3, 12), optimizer: 'adam', dropout: 0.25 });
    expect(point[2]).toBeCloseTo(0.9, 12);
    expect(guessedPoint(searchSpace({ x: uniform(0, 1) }))).toBeUndefined();
  });
});
