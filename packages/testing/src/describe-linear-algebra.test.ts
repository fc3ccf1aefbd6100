import { type LinearAlgebra, matrix, NotPositiveDefiniteError, ShapeError, seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { describeLinearAlgebra } from './describe-linear-algebra.ts';
import { gradientGap } from './gradient-gap.ts';
import { product, randomPositiveDefinite } from './matrices.ts';

/** The three operations by their definitions: what the suite accepts. */
const textbook: LinearAlgebra = {
  name: 'textbook',
  epsilon: 2 ** -53,
  multiply(a, b, options = {}) {
    const inner = options.transposeA ? a.rows : a.columns;
    if (inner !== (options.transposeB ? b.columns : b.rows)) throw new ShapeError('inner sizes differ');
    return product(a, b, options);
  },
  cholesky(a) {
    if (a.rows !== a.columns) throw new ShapeError('not square');
    const n = a.rows;
    const l = matrix(n, n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let sum = a.data[i * n + j]!;
        for (let k = 0; k < j; k++) sum -= l.data[i * n + k]! * l.data[j * n + k]!;
        if (i === j && !(sum > 0)) throw new NotPositiveDefiniteError(i, sum);
        l.data[i * n + j] = i === j ? Math.sqrt(sum) : sum / l.data[j * n + j]!;
      }
    return l;
  },
  solveTriangular(l, b, { transpose = false } = {}) {
    if (l.rows !== l.columns || l.rows !== b.rows) throw new ShapeError('sizes differ');
    const n = l.rows;
    const x = matrix(n, b.columns, Float64Array.from(b.data));
    for (let c = 0; c < b.columns; c++)
      for (let step = 0; step < n; step++) {
        const i = transpose ? n - 1 - step : step;
        let sum = x.data[i * b.columns + c]!;
        for (let k = transpose ? i + 1 : 0; k < (transpose ? n : i); k++)
          sum -= (transpose ? l.data[k * n + i]! : l.data[i * n + k]!) * x.data[k * b.columns + c]!;
        x.data[i * b.columns + c] = sum / l.data[i * n + i]!;
      }
    return x;
  },
};

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
  const l = textbook.cholesky(a) as ReturnType<typeof matrix>;
  expect((l.data[0]! * l.data[4]! * l.data[8]!) ** 2 / 1e-9).toBeCloseTo(1, 6);
});
