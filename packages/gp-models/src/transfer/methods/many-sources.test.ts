/** Many sources of any shape: what is believed stays finite, and useless ones do no harm. */
import { type Column, type Dataset, matrix, type PriorTask, type Rng, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { gaussianProcess } from '../../models/gaussian-process.ts';
import { prepareSources } from '../sources/prepare-sources.ts';
import { autoTransfer } from './auto-transfer.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
];
const plain = gaussianProcess({ columns });

/** A bowl seen at points of its own: level + scale·(…). */
function task(rng: Rng, rows: number, { scale = 1, level = 0 } = {}): Dataset {
  const x = matrix(rows, 2);
  for (let i = 0; i < 2 * rows; i++) x.data[i] = rng.next();
  const centre = 0.4 + 0.2 * rng.next();
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b] = [x.data[2 * i]!, x.data[2 * i + 1]!];
    return level - scale * ((a - centre) ** 2 + (b - 0.5) ** 2);
  });
  return { x, y };
}
type Make = (k: number, rng: Rng) => Dataset;
const several = (count: number, make: Make): PriorTask[] =>
  Array.from({ length: count }, (_, k) => ({ name: `s${k}`, data: make(k, seeded(`source ${k}`)) }));

const shapes: Readonly<Record<string, readonly [number, Make]>> = {
  'points of their own': [8, (_, rng) => task(rng, 20)],
  'rows of different number, from one on': [12, (k, rng) => task(rng, 1 + 3 * k)],
  'a single row each': [30, (_, rng) => task(rng, 1)],
  'two rows each': [5, (_, rng) => task(rng, 2)],
  'one and the same point over and over': [
    6,
    (k) => ({ x: matrix(10, 2), y: Float64Array.from({ length: 10 }, (_, i) => (i + k) % 3) }),
  ],
  'each point twice, with different values': [
    6,
    (_, rng) => {
      const { x, y } = task(rng, 15);
      return {
        x: matrix(30, 2, Float64Array.of(...x.data, ...x.data)),
        y: Float64Array.of(...y, ...y.map((v) => v + 0.1)),
      };
    },
  ],
  'a constant for every second': [
    8,
    (k, rng) => {
      const data = task(rng, 20);
      return k % 2 === 0 ? data : { ...data, y: data.y.map(() => 3) };
    },
  ],
  'values of 1e12': [6, (_, rng) => task(rng, 20, { scale: 1e12 })],
  'values of 1e-12': [6, (_, rng) => task(rng, 20, { scale: 1e-12 })],
  'a spread of 1e-12 about 1e3': [6, (_, rng) => task(rng, 20, { scale: 1e-12, level: 1e3 })],
  'scales from 1e-12 to 1e12': [9, (k, rng) => task(rng, 20, { scale: 10 ** (3 * k - 12) })],
  'shares at the very ends': [
    6,
    (_, rng) => {
      const data = task(rng, 20);
      return { ...data, y: data.y.map((v) => (v > -0.1 ? 1 : 0)) };
    },
  ],
  'shares that hardly differ': [6, (_, rng) => task(rng, 20, { scale: 1e-9, level: 0.999 })],
  'rows that are not finite': [
    6,
    (k, rng) => {
      const data = task(rng, 20);
      return {
        ...data,
        y: data.y.map((v, i) => (i % 3 === 0 ? [Number.NaN, Infinity, -Infinity][k % 3]! : v)),
      };
    },
  ],
  'an outlier each': [
    6,
    (_, rng) => {
      const data = task(rng, 20);
      return { ...data, y: data.y.map((v, i) => (i === 4 ? -1e9 : v)) };
    },
  ],
};

describe.each(Object.entries(shapes))('many sources with %s', (_, [count, make]) => {
  it.each([
    ['few rows', 3],
    ['more rows', 11],
  ])('believe something finite of a task with %s', async (__, rows) => {
    const sources = several(count, make);
    const surrogate = autoTransfer(sources, { plain, columns });
    for (const options of [{}, { scale: 1e9 }, { scale: 1e-9, level: 0.5 }]) {
      const posterior = await surrogate.fit(task(seeded('target'), rows, options), { rng: seeded(0) });
      for (const belief of [posterior, posterior.latent?.posterior ?? posterior]) {
        const x = task(seeded('elsewhere'), 6).x;
        const { mean, variance, gradient } = await belief.marginals(x);
        const pulled = await gradient!(new Float64Array(6).fill(1), new Float64Array(6).fill(1));
        expect(mean.every(Number.isFinite)).toBe(true);
        expect(variance.every((v) => v >= 0 && Number.isFinite(v))).toBe(true);
        expect(pulled.data.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('have finite values at common points, or none', async () => {
    const values = await prepareSources(several(count, make), { columns }).values();
    if (!values) return;
    const { names, points, mean, taskValues } = values;
    expect([mean.length, taskValues.rows, taskValues.columns]).toEqual([
      points.rows,
      points.rows,
      names.length,
    ]);
    for (const { data } of [points, { data: mean }, taskValues])
      expect(data.every(Number.isFinite)).toBe(true);
  });
});

it.each([2, 4, 63, 64, 65, 66, 1000])('%i sources of six rows work', async (count) => {
  const surrogate = autoTransfer(
    several(count, (_, rng) => task(rng, 6)),
    { plain, columns },
  );
  const data = task(seeded('target'), 4);
  const { mean } = await (await surrogate.fit(data, { rng: seeded(0) })).marginals(data.x);
  mean.forEach((v, i) => {
    expect(Math.abs(v - data.y[i]!)).toBeLessThan(0.05);
  });
});

it('the order of the sources does not matter', async () => {
  const sources = several(7, (_, rng) => task(rng, 12));
  const data = task(seeded('target'), 5);
  const { x } = task(seeded('elsewhere'), 6);
  const believed = async (list: PriorTask[]) =>
    (await (await autoTransfer(list, { plain, columns }).fit(data, { rng: seeded(0) })).marginals(x)).mean;
  // On one grid: off it the inducing points depend on which source comes first.
  const grid = sources[0]!.data.x;
  const same = sources.map((s, k) => ({
    ...s,
    data: { x: grid, y: grid.data.filter((_, i) => i % 2 === 0).map((v) => -((v - 0.1 * k) ** 2)) },
  }));
  const [a, b] = [await believed(same), await believed([...same].reverse())];
  a.forEach((v, i) => {
    expect(v).toBeCloseTo(b[i]!, 8);
  });
});
