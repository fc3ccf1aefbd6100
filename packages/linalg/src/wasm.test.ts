import { type Matrix, matrix, seeded } from '@foothold/core';
import { describe, expect, it, vi } from 'vitest';
import { generated } from '../build-assembly.ts';
import * as binaries from './binaries.generated.ts';
import { cpu } from './cpu.ts';
import { wasm } from './wasm.ts';
import { wasmSync } from './wasm-sync.ts';

const random = (rows: number, columns: number): Matrix => {
  const rng = seeded(1).fork(`${rows}x${columns}`);
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => rng.next() - 0.5),
  );
};
const spd = (n: number): Matrix => {
  const b = random(n, n + 3);
  const a = cpu.multiply(b, b, { transposeB: true });
  for (let i = 0; i < n; i++) a.data[i * n + i]! += 0.1;
  return a;
};
const gap = (a: Matrix, b: Matrix) => {
  expect([a.rows, a.columns]).toEqual([b.rows, b.columns]);
  return a.data.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b.data[i]!)), 0);
};
const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 73, 100, 131, 257, 300, 521];

it('holds the binaries that its sources compile to', async () => {
  const text = await generated();
  expect(text).toContain(binaries.simd);
  expect(text).toContain(binaries.relaxedSimd);
});

describe.each(['simd', 'relaxed-simd'] as const)('wasm with %s', (flavour) => {
  const linalg = wasmSync({ flavours: [flavour] });

  it.each(sizes)('factors and solves as the reference does, n = %i', (n) => {
    const a = spd(n);
    const l = linalg.cholesky(a);
    expect(gap(l, cpu.cholesky(a))).toBeLessThan(4 * n * cpu.epsilon);
    for (const m of [1, 6]) {
      const b = random(n, m);
      expect(gap(linalg.solveTriangular(l, b), cpu.solveTriangular(l, b))).toBeLessThan(50 * n * cpu.epsilon);
      expect(
        gap(
          linalg.solveTriangular(l, b, { transpose: true }),
          cpu.solveTriangular(l, b, { transpose: true }),
        ),
      ).toBeLessThan(50 * n * cpu.epsilon);
    }
  });

  it.each(sizes)('multiplies as the reference does, n = %i', (n) => {
    const a = random(n, 17);
    const b = random(n, 17);
    const c = random(17, n);
    expect(
      gap(linalg.multiply(a, b, { transposeB: true }), cpu.multiply(a, b, { transposeB: true })),
    ).toBeLessThan(20 * cpu.epsilon);
    expect(
      gap(linalg.multiply(a, b, { transposeA: true }), cpu.multiply(a, b, { transposeA: true })),
    ).toBeLessThan(n * cpu.epsilon);
    expect(gap(linalg.multiply(a, c), cpu.multiply(a, c))).toBeLessThan(20 * cpu.epsilon);
    expect(
      gap(
        linalg.multiply(a, c, { transposeA: true, transposeB: true }),
        cpu.multiply(a, c, { transposeA: true, transposeB: true }),
      ),
    ).toBeLessThan(n * cpu.epsilon);
  });

  it.each([false, true])(
    'multiplies in strips of rows where the product is large, transposeA: %s',
    (transposeA) => {
      // 2²¹ / 2,000 numbers a row: strips of 1,048 rows.
      const a = transposeA ? random(9, 1063) : random(1063, 9);
      const b = random(9, 2000);
      expect(gap(linalg.multiply(a, b, { transposeA }), cpu.multiply(a, b, { transposeA }))).toBeLessThan(
        20 * cpu.epsilon,
      );
    },
  );

  it.each([
    [0, 3],
    [5, 1],
    [8, 4],
    [97, 3],
    [300, 9],
  ])('appends to %i rows %i more', (before, more) => {
    const n = before + more;
    const a = spd(n);
    const head = matrix(before, before);
    for (let i = 0; i < before; i++) head.data.set(a.data.subarray(i * n, i * n + before), i * before);
    const l = linalg.appendRows(linalg.cholesky(head), matrix(more, n, a.data.slice(before * n)));
    expect(gap(l, cpu.cholesky(a))).toBeLessThan(4 * n * cpu.epsilon);
    const b = random(n, 2);
    expect(gap(linalg.solveTriangular(l, b), cpu.solveTriangular(l, b))).toBeLessThan(50 * n * cpu.epsilon);
  });
});

it('works again after dispose, and falls back to plain JavaScript where no flavour loads', async () => {
  const linalg = await wasm();
  const a = spd(20);
  const l = linalg.cholesky(a);
  linalg.dispose();
  expect(gap(linalg.solveTriangular(l, random(20, 2)), cpu.solveTriangular(l, random(20, 2)))).toBeLessThan(
    1e-13,
  );
  const fallback = await wasm({ flavours: [] });
  expect(fallback.flavour).toBe('javascript');
  expect(fallback.fallbackReason).toContain('none of the WebAssembly SIMD builds');
  expect(fallback.cholesky(a)).toEqual(cpu.cholesky(a));
});

it('says why plain JavaScript runs where the engine refuses to compile, as under a strict policy', async () => {
  const refused = () => {
    throw new WebAssembly.CompileError('blocked by the policy');
  };
  vi.spyOn(WebAssembly, 'compile').mockImplementation(async () => refused());
  vi.spyOn(WebAssembly, 'Module').mockImplementation(
    class {
      constructor() {
        refused();
      }
    } as unknown as (bytes: BufferSource) => WebAssembly.Module,
  );
  try {
    for (const linalg of [await wasm(), wasmSync()]) {
      expect(linalg).toMatchObject({ flavour: 'javascript', name: 'cpu (no WebAssembly)' });
      expect(linalg.fallbackReason).toBe('WebAssembly is refused here: blocked by the policy');
      expect(linalg.cholesky(matrix(1, 1, Float64Array.of(4))).data).toEqual(Float64Array.of(2));
    }
  } finally {
    vi.restoreAllMocks();
  }
  expect(wasmSync().fallbackReason).toBeUndefined();
});
