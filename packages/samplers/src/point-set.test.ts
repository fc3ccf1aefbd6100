import { type Column, levelOf, positionOf, seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { pointSet } from './point-set.ts';

const columns: readonly Column[] = [
  { kind: 'ordinal', name: 'n', levels: 5 },
  { kind: 'ordinal', name: 'wide', levels: 2 ** 53 - 1 },
  { kind: 'ordinal', name: 'log', levels: 900, logFrom: 3 },
  { kind: 'categorical', name: 'c', levels: 3 },
  { kind: 'continuous', name: 'u' },
];

it('K1: holds what a set of texts of cells holds, over 30,000 points of which many are equal', () => {
  const rng = seeded(6);
  const set = pointSet(columns);
  const texts = new Set<string>();
  for (let i = 0; i < 30_000; i++) {
    const point = Float64Array.from(columns, (column) => {
      // Few of the levels, and neighbours among them.
      const level = Math.floor(4 * rng.next());
      return column.kind === 'continuous' ? level * 2 ** -44 : positionOf(column, level);
    });
    point[1] = Math.floor(6 * rng.next()) * 2 ** -53;
    const text = columns
      .map((column, j) =>
        column.kind === 'continuous' ? Math.round(point[j]! * 2 ** 44) : levelOf(column, point[j]!),
      )
      .join();
    expect(set.has(point)).toBe(texts.has(text));
    expect(set.add(point)).toBe(!texts.has(text));
    texts.add(text);
    expect(set.size).toBe(texts.size);
  }
  expect(set.size).toBeGreaterThan(900);
});

it('takes a coordinate next to an anchor for the anchor, on both sides of a cell border', () => {
  const [u] = columns.slice(4);
  const border = 0.5 + 2 ** -45;
  const anchored = pointSet([u!], () => border);
  anchored.add(Float64Array.of(border));
  for (const shift of [-(2 ** -53), 0, 2 ** -52])
    expect(anchored.has(Float64Array.of(border + shift))).toBe(true);
  expect(anchored.has(Float64Array.of(border + 2 ** -42))).toBe(false);
});
