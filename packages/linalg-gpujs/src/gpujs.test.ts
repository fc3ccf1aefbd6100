import { createRequire } from 'node:module';
import {
  matrix,
  NotPositiveDefiniteError,
  type StationaryKernel,
  seeded,
  UnsupportedError,
} from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { describeLinearAlgebra } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import type { GpuLike } from './gpu.ts';
import { gpujs } from './gpujs.ts';
import { loadGpujs } from './load-gpujs.ts';

const { GPU } = createRequire(import.meta.url)('gpu.js') as {
  GPU: { new (settings: { mode: string }): GpuLike; isHeadlessGLSupported: boolean };
};

describeLinearAlgebra('gpu.js in CPU mode', () => gpujs(new GPU({ mode: 'cpu' }), { panel: 16 }));
if (GPU.isHeadlessGLSupported)
  describeLinearAlgebra('gpu.js in GPU mode', () => gpujs(new GPU({ mode: 'gpu' }), { panel: 16 }));
else it.skip('gpu.js in GPU mode is a LinearAlgebra (skipped: headless GL is not built on this machine)');

const random = (rows: number, columns: number, seed: number) => {
  const rng = seeded(seed);
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => rng.next()),
  );
};

describe('gpujs', () => {
  it.each(['matern52', 'rbf'] as const)('computes the %s covariance of its formula', (family) => {
    const kernel: StationaryKernel = {
      family,
      outputScale: 1.7,
      lengthscales: Float64Array.of(0.3, 0.8, 1.1),
      categorical: Uint8Array.of(0, 0, 1),
    };
    const a = random(5, 3, 1);
    const b = random(4, 3, 2);
    b.data[2] = a.data[2]!;
    const k = gpujs(new GPU({ mode: 'cpu' })).covariance(kernel, a, b);
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < 4; j++) {
        let squared = 0;
        for (let c = 0; c < 3; c++) {
          const gap = a.data[i * 3 + c]! - b.data[j * 3 + c]!;
          squared += ((c === 2 ? Number(gap !== 0) : gap) / kernel.lengthscales[c]!) ** 2;
        }
        const r = Math.sqrt(5 * squared);
        const f = family === 'rbf' ? Math.exp(-squared / 2) : (1 + r + (5 * squared) / 3) * Math.exp(-r);
        expect(Math.abs(k.data[i * 4 + j]! - 1.7 * f)).toBeLessThan(20 * 2 ** -24);
      }
  });
  it('refuses the covariance of a family that its device code does not have', () => {
    const a = random(3, 1, 4);
    for (const family of ['matern32', 'constructor', '']) {
      const kernel: StationaryKernel = {
        ...{ family, outputScale: 1 },
        ...{ lengthscales: Float64Array.of(1), categorical: Uint8Array.of(0) },
      };
      expect(() => gpujs(new GPU({ mode: 'cpu' })).covariance(kernel, a, a)).toThrow(UnsupportedError);
    }
  });
  it('counts the pivots of later panels from the start of the matrix', () => {
    const g = random(40, 40, 3);
    const a = cpu.multiply(g, g, { transposeB: true });
    for (let i = 0; i < 40; i++) a.data[i * 41]! += 4;
    a.data[33 * 41] = -2;
    expect(() => gpujs(new GPU({ mode: 'cpu' }), { panel: 8 }).cholesky(a)).toThrow(NotPositiveDefiniteError);
    expect(() => gpujs(new GPU({ mode: 'cpu' }), { panel: 8 }).cholesky(a)).toThrow('pivot 33');
  });
  it('refuses inner sizes that its loops cannot reach, by name', () => {
    const a = matrix(1, 16_385);
    expect(() => gpujs(new GPU({ mode: 'cpu' })).multiply(a, a, { transposeB: true })).toThrow(
      'gpujs does not support inner sizes above 16384',
    );
  });
  it('loads itself in the mode that works here', async () => {
    const linalg = await loadGpujs();
    expect(linalg.name).toBe(GPU.isHeadlessGLSupported ? 'gpujs-gpu' : 'gpujs-cpu');
    const a = random(3, 2, 5);
    const gap =
      linalg.multiply(a, a, { transposeB: true }).data[1]! -
      cpu.multiply(a, a, { transposeB: true }).data[1]!;
    expect(Math.abs(gap)).toBeLessThan(1e-6);
    linalg.dispose();
  });
});
