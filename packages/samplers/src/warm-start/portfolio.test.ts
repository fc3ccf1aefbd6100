import { matrix, type Rng, rowOf, type SourceValues, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { portfolio, promisingPoints } from './portfolio.ts';

/** Values of `s` sources at `m` points of the square, a source's value being that of `value`. */
function sourceValues(
  m: number,
  s: number,
  { rng, value }: { readonly rng: Rng; readonly value: (i: number, j: number) => number },
): SourceValues {
  const points = matrix(m, 2);
  for (let k = 0; k < 2 * m; k++) points.data[k] = rng.next();
  const taskValues = matrix(m, s);
  for (let k = 0; k < m * s; k++) taskValues.data[k] = value(Math.floor(k / s), k % s);
  const mean = Float64Array.from(
    { length: m },
    (_, i) => rowOf(taskValues, i).reduce((sum, v) => sum + v, 0) / s,
  );
  return {
    names: Array.from({ length: s }, (_, j) => `s${j}`),
    weights: undefined,
    points,
    mean,
    taskValues,
  };
}

const shapes: Readonly<Record<string, (rng: Rng) => SourceValues>> = {
  'one source': (rng) => sourceValues(20, 1, { rng, value: () => rng.next() }),
  'one point': (rng) => sourceValues(1, 5, { rng, value: () => rng.next() }),
  'values of 1e12': (rng) => sourceValues(20, 6, { rng, value: () => 1e12 * rng.next() }),
  'scales from 1e-12 to 1e12': (rng) =>
    sourceValues(20, 9, { rng, value: (_, j) => 10 ** (3 * j - 12) * rng.next() }),
  'a constant for every second': (rng) =>
    sourceValues(20, 8, { rng, value: (_, j) => (j % 2 === 0 ? rng.next() : 3) }),
  'constants alone': (rng) => sourceValues(20, 4, { rng, value: () => 5 }),
  'one and the same point over and over': (rng) => {
    const values = sourceValues(10, 6, { rng, value: () => rng.next() });
    return { ...values, points: matrix(10, 2) };
  },
  'each point twice': (rng) => {
    const values = sourceValues(10, 6, { rng, value: () => rng.next() });
    for (let i = 1; i < 10; i += 2) rowOf(values.points, i).set(rowOf(values.points, i - 1));
    return values;
  },
  'points outside the cube': (rng) => {
    const values = sourceValues(20, 6, { rng, value: () => rng.next() });
    return { ...values, points: { ...values.points, data: values.points.data.map((u) => 1.4 * u - 0.2) } };
  },
};

describe.each(Object.entries(shapes))('the portfolio of %s', (_, make) => {
  it('is of different points of the cube, as many as there are', () => {
    for (let seed = 0; seed < 10; seed++) {
      const values = make(seeded(seed));
      const inside = new Set<string>();
      for (let i = 0; i < values.points.rows; i++) {
        const row = rowOf(values.points, i);
        if (row.every((u) => u >= 0 && u <= 1)) inside.add(row.join());
      }
      const points = promisingPoints(values, 5);
      expect(points).toHaveLength(Math.min(5, inside.size));
      expect(new Set(points.map((point) => point.join())).size).toBe(points.length);
      for (const point of points) expect(inside).toContain(point.join());
    }
  });
});

describe('portfolio', () => {
  it('begins at the best mean, and then is best beside what it has for the weighted sources', () => {
    const weights = [0.2, 1, 0.6, 0.4];
    const total = weights.reduce((a, b) => a + b);
    for (let seed = 0; seed < 20; seed++) {
      const rng = seeded(`order ${seed}`);
      const values = { ...sourceValues(12, 4, { rng, value: () => rng.next() }), weights };
      const { points, mean, taskValues } = values;
      const order = portfolio(values, 3).map(
        ({ point }) =>
          Array.from({ length: 12 }, (_, i) => i).find((i) => rowOf(points, i).join() === point.join())!,
      );
      expect(mean[order[0]!]).toBe(Math.max(...mean));
      const column = (j: number) => Array.from({ length: 12 }, (_, i) => taskValues.data[4 * i + j]!);
      const regretOf = (chosen: readonly number[]) =>
        weights.reduce((sum, w, j) => {
          const all = column(j);
          const [low, high] = [Math.min(...all), Math.max(...all)];
          return sum + ((w / total) * (high - Math.max(...chosen.map((i) => all[i]!)))) / (high - low);
        }, 0);
      for (let k = 1; k < 3; k++) {
        const before = order.slice(0, k);
        const found = regretOf(order.slice(0, k + 1));
        for (let i = 0; i < 12; i++)
          // Up to the part of the loss that decides ties.
          if (!before.includes(i)) expect(found).toBeLessThanOrEqual(regretOf([...before, i]) + 1e-6);
      }
    }
  });

  it('does not depend on the units of a source', () => {
    const rng = seeded('units');
    const values = sourceValues(15, 3, { rng, value: () => rng.next() });
    const scaled = values.taskValues.data.map((v, k) => (k % 3 === 1 ? 1024 * v : v));
    const other = { ...values, taskValues: { ...values.taskValues, data: scaled } };
    expect(promisingPoints(other, 6)).toEqual(promisingPoints(values, 6));
  });
});
