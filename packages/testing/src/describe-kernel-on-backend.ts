/**
 * A kernel's Gaussian process by the kernel's own members in float64, and by a backend.
 *
 * x, y   n×d inputs, n values; noise n variances
 * L      lower factor of K = k(x, x) + diag(noise); alpha = K⁻¹y; G = ααᵀ − K⁻¹
 */
import { type Awaitable, type Kernel, type LinearAlgebra, type Matrix, matrix, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import { worstGap } from './matrices.ts';
import { textbook } from './textbook.ts';

const n = 21;

/** Tests of one kernel on one backend; `points` draws m rows that the kernel takes. */
export function describeKernelOnBackend(
  name: string,
  open: () => Kernel,
  on: {
    readonly openBackend: () => Awaitable<LinearAlgebra>;
    readonly points: (m: number, seed: number) => Matrix;
  },
): void {
  const x = on.points(n, 31);
  const rng = seeded(32);
  const y = Float64Array.from({ length: n }, () => 2 * rng.next() - 1);
  const noise = Float64Array.from({ length: n }, () => 0.02 + 0.02 * rng.next());
  const problem = { x, y, noise };
  const points = on.points(4, 33);
  const dMean = Float64Array.of(1, -0.7, 0.3, 0);
  const dVariance = Float64Array.of(0.5, 2, -1, 1);

  describe(name, () => {
    it('has the same factor and solution by the three operations', async () => {
      const linalg = await on.openBackend();
      const want = reference(open(), problem);
      const factor = await linalg.cholesky(want.noisy);
      const half = await linalg.solveTriangular(factor, column(y));
      const alpha = await linalg.solveTriangular(factor, half, { transpose: true });
      const rounding = roundingOf(linalg, want.noisy);
      expect(worstGap(factor, want.factor)).toBeLessThanOrEqual(rounding);
      expect(worstGap(alpha, want.alpha)).toBeLessThanOrEqual(rounding);
    });

    it('is the same kernel in one call, or the backend does not list its family and refuses it', async () => {
      const linalg = await on.openBackend();
      const kernel = open();
      const { stationary: numbers } = kernel;
      const { stationary: fused } = linalg;
      if (!numbers || !fused) return;
      if (!fused.families.includes(numbers.family)) return expectRefusal(fused, numbers, problem);

      const want = reference(kernel, problem);
      const rounding = roundingOf(linalg, want.noisy);
      const near = (got: ArrayLike<number>, wanted: ArrayLike<number>, what: string) =>
        expect(worstGap(column(got), column(wanted)), what).toBeLessThanOrEqual(rounding);
      near(
        (await fused.covariance(numbers, x, points)).data,
        kernel.covariance(x, points).data,
        'covariance',
      );
      const fit = { x, ...(await fused.factor(numbers, problem)) };
      near(fit.factor.data, want.factor.data, 'factor');
      near(fit.alpha, want.alpha.data, 'alpha');

      const evidence = await fused.evidence(numbers, problem, { inputs: true });
      near([evidence.value], [want.value], 'evidence');
      const half = scaled(want.g, 0.5);
      near(kernel.stationaryGradient!(evidence), kernel.thetaGradient(x, half), 'gradient in theta');
      near(evidence.dInputs!.data, kernel.inputGradient(x, x, want.g).data, 'gradient in x');
      near(evidence.dNoise, diagonal(half), 'gradient in the noise');

      const predicted = await fused.predict(numbers, fit, points);
      const cross = kernel.covariance(x, points);
      const whitened = textbook.solveTriangular(want.factor, cross);
      const mean = textbook.multiply(cross, want.alpha, { transposeA: true });
      const explained = diagonal(textbook.multiply(whitened, whitened, { transposeA: true }));
      near(predicted.mean, mean.data, 'mean');
      near(
        predicted.variance,
        kernel.variance(points).map((v, i) => v - explained[i]!),
        'variance',
      );
      const solved = textbook.solveTriangular(want.factor, whitened, { transpose: true });
      const weights = matrix(
        points.rows,
        n,
        Float64Array.from({ length: points.rows * n }, (_, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          return dMean[i]! * want.alpha.data[j]! - 2 * dVariance[i]! * solved.data[j * points.rows + i]!;
        }),
      );
      const at = { points, whitened: predicted.whitened, dMean, dVariance };
      const pulled = await fused.pullback(numbers, fit, at);
      near(pulled.data, kernel.inputGradient(points, x, weights).data, 'pullback');
    });
  });
}

function reference(
  kernel: Kernel,
  { x, y, noise }: { readonly x: Matrix; readonly y: Float64Array; readonly noise: Float64Array },
) {
  const noisy = kernel.covariance(x, x);
  for (let i = 0; i < n; i++) noisy.data[i * (n + 1)]! += noise[i]!;
  const factor = textbook.cholesky(noisy);
  const half = textbook.solveTriangular(factor, column(y));
  const alpha = textbook.solveTriangular(factor, half, { transpose: true });
  const unit = matrix(n, n);
  for (let i = 0; i < n; i++) unit.data[i * (n + 1)] = 1;
  const inverse = textbook.solveTriangular(factor, textbook.solveTriangular(factor, unit), {
    transpose: true,
  });
  const g = textbook.multiply(alpha, alpha, { transposeB: true });
  for (let i = 0; i < g.data.length; i++) g.data[i]! -= inverse.data[i]!;
  const logs = diagonal(factor).reduce((sum, l) => sum + Math.log(l), 0);
  const fit = half.data.reduce((sum, z) => sum + z * z, 0);
  return { noisy, factor, alpha, g, value: -0.5 * (fit + n * Math.log(2 * Math.PI)) - logs };
}

/** Relative error that a backward stable solution may have: the condition of K, at most its trace over the least noise, times n roundoffs. */
function roundingOf({ epsilon }: LinearAlgebra, noisy: Matrix): number {
  const trace = diagonal(noisy).reduce((sum, v) => sum + v, 0);
  return (trace / 0.02) * n * epsilon;
}

const column = (values: ArrayLike<number>) => matrix(values.length, 1, Float64Array.from(values));
const scaled = (a: Matrix, factor: number) =>
  matrix(
    a.rows,
    a.columns,
    a.data.map((v) => v * factor),
  );
const diagonal = (a: Matrix) => Float64Array.from({ length: a.rows }, (_, i) => a.data[i * (a.columns + 1)]!);
