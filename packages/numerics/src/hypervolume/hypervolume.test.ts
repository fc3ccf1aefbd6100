import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { hypervolume } from './hypervolume.ts';
import { nonDominatedBoxes } from './non-dominated-boxes.ts';

/** Random points; on a coarse grid, so that they share coordinates, where `levels` is given. */
function randomPoints(n: number, m: number, { seed = 1, levels = 0 } = {}): Float64Array[] {
  const rng = seeded(seed).fork(`${n} ${m}`);
  return Array.from({ length: n }, () =>
    Float64Array.from({ length: m }, () => {
      const u = rng.next();
      return levels ? Math.floor(u * levels) / levels : u;
    }),
  );
}

/** The volume by slices along the last objective, recursively: an independent slow path. */
function bySlices(points: readonly Float64Array[], reference: Float64Array): number {
  const m = reference.length;
  const above = points.filter((p) => p.every((v, j) => v > reference[j]!));
  if (above.length === 0) return 0;
  if (m === 1) return Math.max(...above.map((p) => p[0]!)) - reference[0]!;
  const levels = [...new Set(above.map((p) => p[m - 1]!))].sort((a, b) => a - b);
  let low = reference[m - 1]!;
  let sum = 0;
  for (const level of levels) {
    const there = above.filter((p) => p[m - 1]! >= level).map((p) => p.slice(0, m - 1));
    sum += (level - low) * bySlices(there, reference.slice(0, m - 1));
    low = level;
  }
  return sum;
}

const cases = [1, 2, 3, 4].flatMap((m) =>
  [0, 1, 2, 7, 12].flatMap((n) => [0, 3].map((levels) => ({ m, n, levels }))),
);

describe('hypervolume', () => {
  it('is the area of two overlapping rectangles', () => {
    const points = [Float64Array.of(2, 1), Float64Array.of(1, 3)];
    expect(hypervolume(points, Float64Array.of(0, 0))).toBe(4);
  });

  it.each(cases)('is that of slices for $n points in $m objectives ($levels levels)', ({ m, n, levels }) => {
    for (const seed of [1, 2, 3]) {
      const points = randomPoints(n, m, { seed, levels });
      const reference = new Float64Array(m).fill(0.1);
      expect(hypervolume(points, reference)).toBeCloseTo(bySlices(points, reference), 12);
    }
  });

  it('passes over points that are not finite or not above the reference point', () => {
    const points = [
      Float64Array.of(Number.NaN, 1),
      Float64Array.of(Infinity, 1),
      Float64Array.of(-1, 5),
      Float64Array.of(1, 1),
    ];
    expect(hypervolume(points, Float64Array.of(0, 0))).toBe(1);
    expect(hypervolume([], Float64Array.of(0, 0))).toBe(0);
  });

  it('keeps small volumes beside a large box around all points', () => {
    const cyclic = [
      Float64Array.of(1e6, 1, 1e-6),
      Float64Array.of(1e-6, 1e6, 1),
      Float64Array.of(1, 1e-6, 1e6),
    ];
    for (const points of [
      cyclic,
      [Float64Array.of(1e9, 1e-8, 1), Float64Array.of(1e-8, 1e9, 1)],
      [Float64Array.of(1e8, 1e-8), Float64Array.of(1e-8, 1e8)],
    ]) {
      const slices = bySlices(points, new Float64Array(points[0]!.length));
      expect(hypervolume(points, new Float64Array(points[0]!.length)) / slices).toBeCloseTo(1, 12);
    }
    expect(hypervolume(cyclic, new Float64Array(3))).toBeCloseTo(3, 5);
  });

  it('keeps its digits at scales of 1e±100', () => {
    const points = randomPoints(9, 3);
    const reference = new Float64Array(3);
    for (const scale of [1e-100, 1e100])
      expect(
        hypervolume(
          points.map((p) => p.map((v) => v * scale)),
          reference,
        ) /
          scale ** 2 /
          scale,
      ).toBeCloseTo(hypervolume(points, reference), 12);
  });
});

describe('nonDominatedBoxes', () => {
  it.each(cases)(
    'covers each non-dominated point once, and no dominated one: $n points, $m objectives, $levels levels',
    ({ m, n, levels }) => {
      const points = randomPoints(n, m, { seed: 4, levels });
      const reference = new Float64Array(m);
      const boxes = nonDominatedBoxes(points, reference);
      for (const at of randomPoints(200, m, { seed: 5 })) {
        let within = 0;
        for (let k = 0; k < boxes.count; k++)
          if (at.every((v, j) => v >= boxes.lower[k * m + j]! && v < boxes.upper[k * m + j]!)) within++;
        expect(within).toBe(points.some((p) => p.every((v, j) => v >= at[j]!)) ? 0 : 1);
      }
    },
  );

  it('has n + 1 boxes for two objectives and at most 2n + 1 for three', () => {
    const two = Array.from({ length: 20 }, (_, i) => Float64Array.of(i + 1, 20 - i));
    expect(nonDominatedBoxes(two, new Float64Array(2)).count).toBe(21);
    const three = randomPoints(60, 3);
    expect(nonDominatedBoxes(three, new Float64Array(3)).count).toBeLessThanOrEqual(121);
  });

  it('refuses points of another length', () => {
    expect(() => nonDominatedBoxes([Float64Array.of(1, 2)], new Float64Array(3))).toThrow('2 objectives');
  });
});
