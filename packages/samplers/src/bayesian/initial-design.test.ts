import { positionOf } from '@foothold/core';
import { categorical, integer, logUniform, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { defaultPoint, designPoint, initialDesignSize } from './initial-design.ts';

describe('initialDesignSize', () => {
  it('grows with the columns, and takes at most a fifth of a known budget, from 3 on', () => {
    expect([1, 6, 7, 12, 30].map((columns) => initialDesignSize(columns))).toEqual([5, 5, 6, 8, 10]);
    expect([5, 10, 15, 20, 21, 30, 500].map((budget) => initialDesignSize(7, budget))).toEqual([
      3, 3, 3, 4, 5, 6, 6,
    ]);
    expect(initialDesignSize(30, 60)).toBe(10);
  });
});

describe('defaultPoint', () => {
  it("has each default, also that of a parameter which its parent's default switches off, and the middle elsewhere", () => {
    const space = searchSpace({
      lr: logUniform(1e-4, 1).default(1e-3),
      optimizer: categorical('adam', 'sgd').default('adam'),
      momentum: uniform(0, 1).default(0.9).when('optimizer', 'sgd'),
      dropout: uniform(0, 0.5),
    });
    const point = defaultPoint(space)!;
    expect(space.decode(point)).toEqual({ lr: expect.closeTo(1e-3, 12), optimizer: 'adam', dropout: 0.25 });
    expect(point[2]).toBeCloseTo(0.9, 12);
    expect(defaultPoint(searchSpace({ x: uniform(0, 1) }))).toBeUndefined();
  });
});

describe('designPoint', () => {
  const { columns } = searchSpace({ x: uniform(0, 1), n: integer(0, 15), c: categorical('a', 'b') });

  it('S2: a design of 5,000 points is one sequence: halves, levels and categories come evenly, on the grid', async () => {
    const points = await Promise.all(
      Array.from({ length: 1025 }, (_, index) => designPoint(columns, { index, size: 5000, seed: 3 })),
    );
    expect(Array.from(points[0]!)).toEqual([0.5, positionOf(columns[1]!, 7), positionOf(columns[2]!, 0)]);
    for (let level = 0; level < 16; level++) {
      const at = points.slice(1).filter((point) => point[1] === positionOf(columns[1]!, level));
      expect(at.length).toBe(64);
      expect(at.filter((point) => point[0]! < 0.5).length).toBe(32);
      expect(at.filter((point) => point[2]! < 0.5).length).toBe(32);
    }
  });

  it.each([500, 501, 5000, 2 ** 53 - 1])('has no length that takes more than a moment (%i)', async (size) => {
    const start = performance.now();
    const points = await Promise.all(
      [1, 2, 499].map((index) => designPoint(columns, { index, size, seed: 1 })),
    );
    expect(new Set(points.map((point) => point.join())).size).toBe(3);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
