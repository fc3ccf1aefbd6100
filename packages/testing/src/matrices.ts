import { type Matrix, matrix, type Rng } from '@foothold/core';

/** Largest |aᵢⱼ − bᵢⱼ| relative to the largest |bᵢⱼ|; ∞ for other shapes, NaN when an entry is. */
export function worstGap(a: Matrix, b: Matrix): number {
  if (a.rows !== b.rows || a.columns !== b.columns) return Infinity;
  let gap = 0;
  let size = 0;
  for (let i = 0; i < a.data.length; i++) {
    const difference = Math.abs(a.data[i]! - b.data[i]!);
    if (!(difference <= gap)) gap = difference;
    size = Math.max(size, Math.abs(b.data[i]!));
  }
  return gap === 0 ? 0 : gap / size;
}

/** rows×columns uniform numbers in [−1, 1), times `scale`. */
export function randomMatrix(
  rows: number,
  columns: number,
  options: { readonly rng: Rng; readonly scale?: number },
): Matrix {
  const { rng, scale = 1 } = options;
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => scale * (2 * rng.next() - 1)),
  );
}

/** Symmetric positive definite n×n, eigenvalues from scale/condition to scale in equal ratios, axes by random reflections. */
export function randomPositiveDefinite(
  n: number,
  options: { readonly rng: Rng; readonly condition?: number; readonly scale?: number },
): Matrix {
  const { rng, condition = 100, scale = 1 } = options;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) a[i * n + i] = condition ** (n > 1 ? -i / (n - 1) : 0);
  for (let round = 0; round < 3; round++) {
    const v = Float64Array.from({ length: n }, () => rng.next() - 0.5);
    const length = v.reduce((s, x) => s + x * x, 0);
    // a ← (I − 2vvᵀ/|v|²) a (I − 2vvᵀ/|v|²)
    const av = v.map((_, i) => v.reduce((s, x, j) => s + a[i * n + j]! * x, 0));
    const vav = v.reduce((s, x, i) => s + x * av[i]!, 0);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        a[i * n + j]! +=
          (-2 * (v[i]! * av[j]! + av[i]! * v[j]!) + (4 * vav * v[i]! * v[j]!) / length) / length;
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const mean = (scale * (a[i * n + j]! + a[j * n + i]!)) / 2;
      a[i * n + j] = mean;
      a[j * n + i] = mean;
    }
  for (let i = 0; i < n; i++) a[i * n + i]! *= scale;
  return matrix(n, n, a);
}

/** op(a)·op(b) by the definition, as what a backend is compared with. */
export function product(
  a: Matrix,
  b: Matrix,
  options: { readonly transposeA?: boolean; readonly transposeB?: boolean } = {},
): Matrix {
  const left = options.transposeA ? transposed(a) : a;
  const right = options.transposeB ? transposed(b) : b;
  const result = matrix(left.rows, right.columns);
  for (let i = 0; i < left.rows; i++)
    for (let k = 0; k < left.columns; k++) {
      const value = left.data[i * left.columns + k]!;
      for (let j = 0; j < right.columns; j++)
        result.data[i * right.columns + j]! += value * right.data[k * right.columns + j]!;
    }
  return result;
}

export function transposed(a: Matrix): Matrix {
  const result = matrix(a.columns, a.rows);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.columns; j++) result.data[j * a.rows + i] = a.data[i * a.columns + j]!;
  return result;
}
