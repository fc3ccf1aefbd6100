import { seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { projectNumbers, type Slab } from './project-numbers.ts';
import type { Quantity } from './quantity.ts';

const unit: Quantity = { low: 0, high: 1, log: false, count: Infinity, step: undefined, ranked: () => 0 };
const weighted = (weights: readonly number[], bounds: Partial<Slab>): Slab => ({
  weights: Float64Array.from(weights),
  lower: -Infinity,
  upper: Infinity,
  scale: 1,
  ...bounds,
});

it('gives the corner that alone keeps a sum, and nothing where the whole box is below or above it', () => {
  const box = [unit, unit];
  const from = Float64Array.of(0.2, 0.7);
  const corner = projectNumbers(box, from, [weighted([1, 1], { lower: 2 })]);
  expect([...corner!].map((value) => Math.abs(value - 1) < 1e-9)).toEqual([true, true]);
  expect(projectNumbers(box, from, [weighted([1, 1], { lower: 2 + 1e-6 })])).toBeUndefined();
  expect(projectNumbers(box, from, [weighted([1, -1], { upper: -1 - 1e-6 })])).toBeUndefined();
});

it('finds values for every sum that some point of the box has', () => {
  const rng = seeded('sums of a box');
  for (let repeat = 0; repeat < 200; repeat++) {
    const draw = () => Float64Array.from({ length: 3 }, () => rng.next());
    const [inside, from, weights] = [draw(), draw(), draw().map((w) => 2 * w - 1)];
    const sumOf = (x: Float64Array) => x.reduce((sum, value, i) => sum + weights[i]! * value, 0);
    const sum = sumOf(inside);
    const found = projectNumbers([unit, unit, unit], from, [
      weighted([...weights], { lower: sum, upper: sum }),
    ]);
    expect(Math.abs(sumOf(found!) - sum)).toBeLessThan(1e-10);
  }
});
