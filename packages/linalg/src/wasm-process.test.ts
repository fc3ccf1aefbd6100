import { matrix, type StationaryKernel } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { matern52, rbf } from './profiles.generated.ts';
import { wasm } from './wasm.ts';
import { wasmSync } from './wasm-sync.ts';

const kernelOf = (family: StationaryKernel['family']): StationaryKernel => ({
  family,
  outputScale: 1,
  lengthscales: Float64Array.of(1),
  categorical: new Uint8Array(1),
});

describe.each(['simd', 'relaxed-simd'] as const)('wasm with %s in a process', (flavour) => {
  it.each([
    ['rbf', rbf, (r: number) => (r * r) / 2],
    ['matern52', matern52, (r: number) => Math.sqrt(5) * r],
  ] as const)('has the %s profile to a few ulps', async (family, recorded, exponent) => {
    const { stationary } = wasmSync({ flavours: [flavour] });
    const points = matrix(
      recorded.length,
      1,
      Float64Array.from(recorded, ([r]) => r),
    );
    const got = await stationary!.covariance(kernelOf(family), matrix(1, 1), points);
    recorded.forEach(([r, want], i) => {
      // The exponent t is rounded to t·epsilon before exp sees it; the rest costs at most 4 epsilon.
      const tolerance = (4 + 2 * exponent(r)) * 2 ** -53;
      expect(Math.abs(got.data[i]! / want - 1)).toBeLessThanOrEqual(tolerance);
    });
  });

  it('does not grow over 1,000 calls', async () => {
    const linalg = wasmSync({ flavours: [flavour] });
    const kernel = kernelOf('matern52');
    const n = 60;
    const problem = {
      x: matrix(
        n,
        1,
        Float64Array.from({ length: n }, (_, i) => Math.sin(i)),
      ),
      y: Float64Array.from({ length: n }, (_, i) => Math.cos(3 * i)),
      noise: new Float64Array(n).fill(0.01),
    };
    const points = matrix(9, 1, problem.x.data.slice(3, 12));
    const once = async () => {
      const fit = { x: problem.x, ...(await linalg.stationary!.factor(kernel, problem)) };
      await linalg.stationary!.evidence(kernel, problem, { inputs: true });
      const { whitened, mean, variance } = await linalg.stationary!.predict(kernel, fit, points);
      await linalg.stationary!.pullback(kernel, fit, { points, whitened, dMean: mean, dVariance: variance });
      const row = matrix(1, n + 1, new Float64Array(n + 1).fill(0.1));
      row.data[n] = 2;
      linalg.solveTriangular(linalg.appendRows(fit.factor, row), matrix(n + 1, 2));
      linalg.multiply(fit.factor, fit.factor);
    };
    for (let i = 0; i < 100; i++) await once();
    const before = linalg.memoryBytes();
    for (let i = 0; i < 1000; i++) await once();
    expect(linalg.memoryBytes()).toBe(before);
    expect(before).toBeLessThan(8 * 2 ** 20);
    linalg.dispose();
    expect(linalg.memoryBytes()).toBe(0);
  });
});

it('keeps the bits of a result when later calls use the same memory', async () => {
  const linalg = await wasm();
  const a = matrix(40, 40);
  for (let i = 0; i < 40; i++) a.data[i * 41] = 2 + i;
  const l = linalg.cholesky(a);
  const copy = l.data.slice();
  for (let i = 0; i < 50; i++)
    linalg.cholesky(
      matrix(
        40,
        40,
        a.data.map((v) => v * (2 + i)),
      ),
    );
  expect(l.data).toEqual(copy);
});
