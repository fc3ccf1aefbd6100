import { seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { describeLinearAlgebra } from './describe-linear-algebra.ts';
import { gradientGap } from './gradient-gap.ts';
import { randomPositiveDefinite } from './matrices.ts';
import { textbook } from './textbook.ts';

describeLinearAlgebra('textbook', () => textbook);

it('gradientGap tells a right gradient from a slightly wrong one', async () => {
  const f = (x: Float64Array) => Math.sin(x[0]!) * Math.exp(x[1]!);
  const x = Float64Array.of(0.3, -2);
  const right = Float64Array.of(Math.cos(0.3) * Math.exp(-2), Math.sin(0.3) * Math.exp(-2));
  expect(await gradientGap(f, x, right)).toBeLessThan(1e-9);
  expect(
    await gradientGap(
      f,
      x,
      right.map((g) => g * 1.0001),
    ),
  ).toBeGreaterThan(5e-5);
  expect(await gradientGap(f, x, Float64Array.of(Number.NaN, 0))).toBeNaN();
  expect(await gradientGap(f, x, new Float64Array(1))).toBeNaN();
});

it('randomPositiveDefinite has the condition that was asked for', () => {
  // Trace and determinant of eigenvalues 1, 10^-3, 10^-6.
  const a = randomPositiveDefinite(3, { rng: seeded(1), condition: 1e6 });
  expect(a.data[0]! + a.data[4]! + a.data[8]!).toBeCloseTo(1.001001, 12);
  const l = textbook.cholesky(a);
  expect((l.data[0]! * l.data[4]! * l.data[8]!) ** 2 / 1e-9).toBeCloseTo(1, 6);
});
