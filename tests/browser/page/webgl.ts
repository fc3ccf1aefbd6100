/** gpu.js in the browser's WebGL: outputs that grow and shrink, so that every kernel is used at several sizes. */
import { matrix, type StationaryKernel } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { type GpuLike, gpujs } from '@foothold/linalg-gpujs';
import { GPU } from 'gpu.js';
import { drawsOf, gapOf } from './draws.ts';

/** Largest gaps to plain JavaScript by size, relative to the largest entry, in float32's unit roundoff. */
export interface WebglReport {
  readonly mode: string;
  readonly gaps: readonly (Readonly<Record<'product' | 'cholesky' | 'solve' | 'covariance', number>> & {
    readonly n: number;
  })[];
}

const kernel: StationaryKernel = {
  family: 'rbf',
  outputScale: 1.7,
  lengthscales: Float64Array.of(0.7, 0.9),
  categorical: Uint8Array.of(0, 1),
};

async function examine(): Promise<WebglReport> {
  const linalg = gpujs(new GPU({ mode: 'gpu' }) as unknown as GpuLike, { panel: 16 });
  const gaps: WebglReport['gaps'][number][] = [];
  for (const n of [20, 200, 7, 90]) {
    const g = matrix(n, n, drawsOf(n * n));
    const a = cpu.multiply(g, g, { transposeB: true });
    for (let i = 0; i < n; i++) a.data[i * (n + 1)]! += n;
    const l = cpu.cholesky(a);
    const x = matrix(n, 2, drawsOf(2 * n));
    for (let i = 0; i < n; i++) x.data[2 * i + 1] = Math.floor(3 * x.data[2 * i + 1]!);
    const covariance = Float64Array.from({ length: n * n }, (_, at) => {
      const i = Math.floor(at / n);
      const j = at % n;
      const step = (x.data[2 * i]! - x.data[2 * j]!) / 0.7;
      const unequal = x.data[2 * i + 1] === x.data[2 * j + 1] ? 0 : 1 / 0.9;
      return 1.7 * Math.exp(-(step ** 2 + unequal ** 2) / 2);
    });
    gaps.push({
      n,
      product: gapOf(linalg.multiply(a, g).data, cpu.multiply(a, g).data) * 2 ** 24,
      cholesky: gapOf(linalg.cholesky(a).data, l.data) * 2 ** 24,
      solve: gapOf((await linalg.solveTriangular(l, g)).data, cpu.solveTriangular(l, g).data) * 2 ** 24,
      covariance: gapOf(linalg.covariance(kernel, x, x).data, covariance) * 2 ** 24,
    });
  }
  linalg.dispose();
  return { mode: linalg.name, gaps };
}

Object.assign(globalThis, { answer: examine() });
