import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { attainmentSurface, type ObjectivePair } from './attainment-surface.ts';
import { complete, drawn } from './drawn.fixture.ts';
import * as viz from './index.ts';

describe('attainmentSurface', () => {
  const runs: readonly (readonly ObjectivePair[])[] = [
    [
      [0, 2],
      [1, 1],
    ],
    [
      [1, 3],
      [2, 0],
    ],
  ];
  it('is the front of all runs together at the smallest share, and what all attain at 1', () => {
    expect(attainmentSurface(runs, 0.5)).toEqual([
      [0, 2],
      [1, 1],
      [2, 0],
    ]);
    expect(attainmentSurface(runs, 1)).toEqual([
      [1, 3],
      [2, 1],
    ]);
    expect(attainmentSurface([[], []], 0.5)).toEqual([]);
    expect(attainmentSurface([[[0, 0]], []], 1)).toEqual([]);
  });

  it.each([0.25, 0.5, 0.8, 1])('bounds what a share of %d of the runs dominates, point by point', (share) => {
    const rng = seeded(2);
    const level = () => Math.floor(8 * rng.next());
    const random = Array.from({ length: 5 }, () =>
      Array.from({ length: 7 }, (): ObjectivePair => [level(), level()]),
    );
    const surface = attainmentSurface(random, share);
    for (let x = 0; x < 8; x++)
      for (let y = 0; y < 8; y++) {
        const count = random.filter((run) => run.some(([a, b]) => a <= x && b <= y)).length;
        expect(surface.some(([a, b]) => a <= x && b <= y)).toBe(count >= share * 5);
      }
  });
});

describe('attainment', () => {
  it('draws a line a group, whatever the directions, and without runs', async () => {
    for (const direction of ['minimize', 'maximize'] as const) {
      const trial = (i: number) => ({ ...complete(i, i), metrics: { b: direction === 'minimize' ? -i : i } });
      const spec = viz.attainment({
        groups: [
          { name: 'one', runs: [[trial(1), trial(2)], [trial(3)]] },
          { name: 'none', runs: [] },
        ],
        objectives: [
          { metric: 'value', direction: 'minimize' },
          { metric: 'b', direction },
        ],
        share: 1,
      });
      expect((await drawn(spec)).querySelectorAll('path').length).toBeGreaterThan(0);
    }
  });

  it.each(['minimize', 'maximize'] as const)(
    'steps along what is attained, to %s the first',
    async (direction) => {
      const sign = direction === 'minimize' ? 1 : -1;
      const trial = (i: number, x: number, y: number) => ({ ...complete(i, sign * x), metrics: { b: y } });
      const spec = viz.attainment({
        groups: [{ name: 'one', runs: [[trial(0, 1, 5), trial(1, 3, 2)]] }],
        objectives: [
          { metric: 'value', direction },
          { metric: 'b', direction: 'minimize' },
        ],
      });
      const path = (await drawn(spec)).querySelector('.mark-line path')!.getAttribute('d')!;
      const [first, corner, second] = [...path.matchAll(/[ML]([-\d.e]+),([-\d.e]+)/g)].map(([, x, y]) => [
        x,
        y,
      ]);
      // With a first objective between the two, only the second objective of the first trial is attained.
      expect(corner).toEqual([second![0], first![1]]);
      expect(corner).not.toEqual(first);
      expect(corner).not.toEqual(second);
    },
  );

  it('says what its axes are, in a text of its own where there is one', async () => {
    const trial = { ...complete(0, 1), metrics: { b: 2 } };
    const spec = viz.attainment({
      groups: [{ name: 'one', runs: [[trial]] }],
      objectives: [
        { metric: 'value', direction: 'minimize', title: 'error' },
        { metric: 'b', direction: 'maximize' },
      ],
    });
    const texts = (await drawn(spec)).documentElement.textContent;
    expect(texts).toContain('error (minimize)');
    expect(texts).toContain('b (maximize)');
    expect(texts).not.toContain('value (');
  });

  it.each([50, 0, -1, Number.NaN])('names the share that it cannot take: %d', (share) => {
    const objectives = [
      { metric: 'value', direction: 'minimize' },
      { metric: 'b', direction: 'minimize' },
    ] as const;
    expect(() => viz.attainment({ groups: [], objectives, share })).toThrow(`share is ${share}`);
  });
});
