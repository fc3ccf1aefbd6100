import { type Dataset, matrix, seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { recentAndBestRows } from './recent-and-best-rows.ts';

function dataset(n: number): Dataset {
  const rng = seeded('thinned');
  const x = matrix(
    n,
    1,
    Float64Array.from({ length: n }, (_, i) => i),
  );
  return { x, y: x.data.map(() => rng.next()), noise: x.data.map((i) => i / 10) };
}

it('leaves a short history as it is', () => {
  const data = dataset(119);
  expect(recentAndBestRows(data, 100)).toBe(data);
});

it('keeps the best value and rows in order, whatever the length', () => {
  for (const n of [120, 139, 140, 555, 1000]) {
    const data = dataset(n);
    const part = recentAndBestRows(data, 100);
    expect(part.y.length).toBeGreaterThanOrEqual(100);
    expect(part.y.length).toBeLessThan(120);
    expect(Math.max(...part.y)).toBe(Math.max(...data.y));
    part.x.data.forEach((row, i) => {
      expect(part.y[i]).toBe(data.y[row]);
      expect(part.noise![i]).toBe(row / 10);
      if (i > 0) expect(row).toBeGreaterThan(part.x.data[i - 1]!);
    });
  }
});

it('grows by one row a row between two marks', () => {
  const before = recentAndBestRows(dataset(305), 100);
  const after = recentAndBestRows(dataset(306), 100);
  expect(after.x.data.slice(0, before.y.length)).toEqual(before.x.data);
  expect(after.y.length).toBe(before.y.length + 1);
});
