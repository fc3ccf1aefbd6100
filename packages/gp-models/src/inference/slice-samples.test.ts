import { seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { sliceSamples } from './slice-samples.ts';

const options = { width: 1, burnIn: 10, rng: seeded('slices') };
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

it('has the moments of a skewed density inside bounds', async () => {
  // The Gamma(3, 1) density of v cut at 6, as a density of u = log v.
  const logDensity = async ([u]: Float64Array) => 3 * u! - Math.exp(u!);
  const bounds = { lower: Float64Array.of(-8), upper: Float64Array.of(Math.log(6)) };
  const drawn = await sliceSamples(logDensity, {
    ...options,
    ...bounds,
    start: Float64Array.of(0),
    count: 8000,
  });
  const steps = 20_000;
  const [low, high] = [-8, Math.log(6)];
  const weights = Array.from({ length: steps }, (_, k) => {
    const u = low + ((k + 0.5) / steps) * (high - low);
    return [u, Math.exp(3 * u - Math.exp(u))] as const;
  });
  const total = weights.reduce((sum, [, w]) => sum + w, 0);
  for (const power of [1, 2]) {
    const exact = weights.reduce((sum, [u, w]) => sum + w * u ** power, 0) / total;
    expect(Math.abs(mean(drawn.map(([u]) => u! ** power)) - exact)).toBeLessThan(0.06);
  }
  expect(drawn.every(([u]) => u! >= low && u! <= high)).toBe(true);
});

it('has the covariance of two coordinates, and leaves one without room', async () => {
  const r = 0.7;
  const logDensity = async ([a, b]: Float64Array) =>
    -(a! * a! - 2 * r * a! * b! + b! * b!) / (2 * (1 - r * r));
  const start = Float64Array.of(0, 0, 5);
  const bounds = { lower: Float64Array.of(-9, -9, 5), upper: Float64Array.of(9, 9, 5) };
  const drawn = await sliceSamples(logDensity, { ...options, ...bounds, start, count: 8000 });
  expect(Math.abs(mean(drawn.map(([a, b]) => a! * b!)) - r)).toBeLessThan(0.1);
  expect(Math.abs(mean(drawn.map(([a]) => a! * a!)) - 1)).toBeLessThan(0.1);
  expect(drawn.every((u) => u[2] === 5)).toBe(true);
});

it('draws the same from the same stream, and nothing where the density is 0', async () => {
  const bounds = {
    lower: Float64Array.of(-1),
    upper: Float64Array.of(1),
    start: Float64Array.of(0),
    count: 5,
  };
  const flat = async () => 0;
  const again = () => sliceSamples(flat, { ...options, ...bounds, rng: seeded(4) });
  expect(await again()).toEqual(await again());
  expect(await sliceSamples(async () => -Infinity, { ...options, ...bounds })).toEqual([]);
});
