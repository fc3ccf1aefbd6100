import {
  type LinearAlgebra,
  type Matrix,
  matrix,
  rowOf,
  type StationaryAlgebra,
  type StationaryKernel,
  type StationaryProblem,
  seeded,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import { gradientGap } from './gradient-gap.ts';
import { randomMatrix, worstGap } from './matrices.ts';

/** f(r²) of the families that a backend may list. */
const correlations: Readonly<Record<string, (r2: number) => number>> = {
  rbf: (r2) => Math.exp(-r2 / 2),
  matern32: (r2) => (1 + Math.sqrt(3 * r2)) * Math.exp(-Math.sqrt(3 * r2)),
  matern52: (r2) => (1 + Math.sqrt(5 * r2) + (5 * r2) / 3) * Math.exp(-Math.sqrt(5 * r2)),
};
const families = Object.keys(correlations);

/** What `LinearAlgebra.stationary` must do where it is present: agree with the definition and with central differences. */
export function describeStationary(name: string, open: () => Promise<LinearAlgebra>): void {
  describe(`${name} computes with stationary kernels (where it can)`, () => {
    it('lists families that have a formula here, and refuses every other in every member', async () => {
      const { stationary } = await open();
      if (!stationary) return;
      for (const family of stationary.families) expect(families).toContain(family);
      for (const family of [...families, 'unheard of', '', 'constructor']) {
        if (stationary.families.includes(family)) continue;
        const { kernel, problem } = example(family, 5);
        await expectRefusal(stationary, kernel, problem);
      }
    });

    for (const family of families)
      it.each([0, 1, 2, 31, 32, 33, 64, 65, 130])(
        `${family} with %i observations: factor, evidence, prediction`,
        async (n) => {
          const linalg = await open();
          const { stationary } = linalg;
          if (!stationary?.families.includes(family)) return;
          const { kernel, problem } = example(family, n);
          const rounding = 1e5 * (n + 1) * linalg.epsilon;
          const k = matrix(n, n);
          for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++)
              k.data[i * n + j] = kernelAt(kernel, rowOf(problem.x, i), rowOf(problem.x, j));
          expect(worstGap(await stationary.covariance(kernel, problem.x, problem.x), k)).toBeLessThanOrEqual(
            rounding,
          );
          for (let i = 0; i < n; i++) k.data[i * n + i]! += problem.noise[i]!;
          const l = await linalg.cholesky(k);
          const y = matrix(n, 1, problem.y);
          const half = await linalg.solveTriangular(l, y);
          const alpha = (await linalg.solveTriangular(l, half, { transpose: true })).data;
          const fit = await stationary.factor(kernel, problem);
          expect(worstGap(fit.factor, l)).toBeLessThanOrEqual(rounding);
          expect(worstGap(matrix(n, 1, fit.alpha), matrix(n, 1, alpha))).toBeLessThanOrEqual(rounding);

          const evidence = await stationary.evidence(kernel, problem);
          let expected = (-n / 2) * Math.log(2 * Math.PI);
          for (let i = 0; i < n; i++) expected -= 0.5 * half.data[i]! ** 2 + Math.log(l.data[i * n + i]!);
          expect(Math.abs(evidence.value - expected)).toBeLessThanOrEqual(
            rounding * Math.max(1, Math.abs(expected)),
          );

          const points = mixedPoints(5, 77);
          const { mean, variance } = await stationary.predict(kernel, { x: problem.x, ...fit }, points);
          for (let p = 0; p < points.rows; p++) {
            const cross = matrix(n, 1);
            for (let i = 0; i < n; i++)
              cross.data[i] = kernelAt(kernel, rowOf(points, p), rowOf(problem.x, i));
            const white = (await linalg.solveTriangular(l, cross)).data;
            const m = cross.data.reduce((s, c, i) => s + c * alpha[i]!, 0);
            const v = kernel.outputScale - white.reduce((s, w) => s + w * w, 0);
            expect(Math.abs(mean[p]! - m)).toBeLessThanOrEqual(rounding * 10);
            expect(Math.abs(variance[p]! - Math.max(0, v))).toBeLessThanOrEqual(rounding * 10);
          }
        },
      );

    it.each(families)(
      '%s: every derivative of the evidence agrees with central differences',
      async (family) => {
        const linalg = await open();
        const { stationary } = linalg;
        // Differences of a float32 value have too few digits.
        if (!stationary?.families.includes(family) || linalg.epsilon > 1e-10) return;
        const { kernel, problem } = example(family, 37);
        const told = await stationary.evidence(kernel, problem, { inputs: true });
        const value = async (k: StationaryKernel, p: StationaryProblem) =>
          (await stationary.evidence(k, p)).value;
        const gaps = {
          outputScale: await gradientGap(
            ([s = 0]) => value({ ...kernel, outputScale: s }, problem),
            Float64Array.of(kernel.outputScale),
            Float64Array.of(told.dOutputScale),
          ),
          lengthscales: await gradientGap(
            (lengthscales) => value({ ...kernel, lengthscales }, problem),
            kernel.lengthscales,
            told.dLengthscales,
          ),
          noise: await gradientGap(
            (noise) => value(kernel, { ...problem, noise }),
            problem.noise,
            told.dNoise,
          ),
          y: await gradientGap(
            (y) => value(kernel, { ...problem, y }),
            problem.y,
            told.alpha.map((a) => -a),
          ),
          inputs: await inputGap(kernel, problem, { stationary, told: told.dInputs }),
        };
        for (const [part, gap] of Object.entries(gaps)) expect(gap, part).toBeLessThan(1e-6);
      },
    );

    it.each(families)('%s: pulls back to the points as central differences do', async (family) => {
      const linalg = await open();
      const { stationary } = linalg;
      if (!stationary?.families.includes(family) || linalg.epsilon > 1e-10) return;
      const { kernel, problem } = example(family, 37);
      const fit = { x: problem.x, ...(await stationary.factor(kernel, problem)) };
      const points = mixedPoints(3, 5);
      const { whitened } = await stationary.predict(kernel, fit, points);
      const dMean = Float64Array.of(1, -0.7, 0.3);
      const dVariance = Float64Array.of(0.5, 2, -1);
      const pulled = await stationary.pullback(kernel, fit, { points, whitened, dMean, dVariance });
      const sum = async (data: Float64Array) => {
        const { mean, variance } = await stationary.predict(kernel, fit, continuousOnly(points, data));
        return mean.reduce((s, m, i) => s + dMean[i]! * m + dVariance[i]! * variance[i]!, 0);
      };
      expect(await gradientGap(sum, points.data, withoutCategories(pulled))).toBeLessThan(1e-6);
    });
  });
}

/** Three ordinary columns and, last, a categorical one of three levels. */
function mixedPoints(n: number, seed: number): Matrix {
  const x = randomMatrix(n, 4, { rng: seeded(seed) });
  for (let i = 0; i < x.data.length; i++)
    x.data[i] = i % 4 === 3 ? (Math.floor(x.data[i]! * 1.5 + 1.5) + 0.5) / 3 : (x.data[i]! + 1) / 2;
  return x;
}

function example(
  family: string,
  n: number,
): { readonly kernel: StationaryKernel; readonly problem: StationaryProblem } {
  const rng = seeded(`${family} ${n}`);
  const kernel: StationaryKernel = {
    family,
    outputScale: 1.7,
    lengthscales: Float64Array.of(0.4, 0.9, 0.25, 1.3),
    categorical: Uint8Array.of(0, 0, 0, 1),
  };
  const x = mixedPoints(n, n);
  const y = Float64Array.from(
    { length: n },
    (_, i) => Math.sin(5 * x.data[i * 4]!) + x.data[i * 4 + 3]! - 0.5,
  );
  return {
    kernel,
    problem: { x, y, noise: Float64Array.from({ length: n }, () => 0.02 + 0.02 * rng.next()) },
  };
}

function kernelAt(kernel: StationaryKernel, a: Float64Array, b: Float64Array): number {
  const r2 = kernel.lengthscales.reduce((sum, length, j) => {
    const distance = kernel.categorical[j] ? Number(a[j] !== b[j]) : a[j]! - b[j]!;
    return sum + (distance / length) ** 2;
  }, 0);
  return kernel.outputScale * correlations[kernel.family]!(r2);
}

async function inputGap(
  kernel: StationaryKernel,
  problem: StationaryProblem,
  at: { readonly stationary: StationaryAlgebra; readonly told: Matrix | undefined },
): Promise<number> {
  if (!at.told) return Number.NaN;
  const value = async (data: Float64Array) =>
    (await at.stationary.evidence(kernel, { ...problem, x: continuousOnly(problem.x, data) })).value;
  return gradientGap(value, problem.x.data, withoutCategories(at.told));
}

/** x with other numbers in its ordinary columns; a category that moves by a step would be another category. */
function continuousOnly(x: Matrix, data: Float64Array): Matrix {
  return matrix(
    x.rows,
    x.columns,
    data.map((v, i) => (i % 4 === 3 ? x.data[i]! : v)),
  );
}

function withoutCategories(gradient: Matrix): Float64Array {
  return gradient.data.map((v, i) => (i % 4 === 3 ? 0 : v));
}
