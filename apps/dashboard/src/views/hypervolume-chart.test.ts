import type { Trial } from '@foothold/core';
import { expect, it } from 'vitest';
import { hypervolumes } from './hypervolume-chart.ts';

it('is the area between the front and the worst values, and never falls', () => {
  const trial = ([value, size]: readonly [number, number], number: number): Trial => ({
    number,
    params: {},
    reports: [],
    state: 'complete',
    value,
    metrics: { size },
  });
  const points = [
    [4, 4],
    [2, 3],
    [3, 1],
    [3, 3],
    [1, 4],
  ] as const;
  const trials = [
    ...points.map(trial),
    { number: 5, params: {}, reports: [], state: 'failed', reason: '' } as Trial,
  ];
  const found = hypervolumes(trials, [
    { metric: 'value', direction: 'minimize' },
    { metric: 'size', direction: 'minimize' },
  ]);
  // Rectangles up to (4, 4): 2×1 of (2, 3); with (3, 1) also 1×3 less their common 1×1; the others add nothing.
  expect(found).toEqual([0, 2, 4, 4, 4, 4]);
  const upward = trials.map((t) =>
    t.state === 'complete' ? { ...t, metrics: { size: -t.metrics!['size']! } } : t,
  );
  expect(
    hypervolumes(upward, [
      { metric: 'value', direction: 'minimize' },
      { metric: 'size', direction: 'maximize' },
    ]),
  ).toEqual(found);
});
