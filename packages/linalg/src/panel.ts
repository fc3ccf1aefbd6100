/**
 * Pieces of blocked algorithms for backends whose device only multiplies: panels are factored and diagonal blocks solved on
 * the host, in float64, and everything else is a product.
 */
import { type Matrix, matrix, NotPositiveDefiniteError } from '@foothold/core';
import { cpu } from './cpu.ts';

/**
 * L of an m×b panel of a symmetric matrix (m ≥ b): its b×b head factored, the rest solved against it. Throws
 * NotPositiveDefiniteError with the pivot counted from `from`.
 */
export function factorPanel(panel: Matrix, from: number): Matrix {
  const width = panel.columns;
  const rest = panel.rows - width;
  const result = matrix(panel.rows, width);
  try {
    const head = cpu.cholesky(matrix(width, width, panel.data.subarray(0, width * width)));
    result.data.set(head.data);
    if (rest > 0) {
      const below = matrix(rest, width, panel.data.subarray(width * width));
      // L21 = A21·L11⁻ᵀ, so L11·L21ᵀ = A21ᵀ.
      result.data.set(transposed(cpu.solveTriangular(head, transposed(below))).data, width * width);
    }
    return result;
  } catch (error) {
    throw error instanceof NotPositiveDefiniteError
      ? new NotPositiveDefiniteError(from + error.pivot, error.value)
      : error;
  }
}

/** A copy of the block of `rows`×`columns` numbers that begins at (row, column). */
export function blockOf(
  a: Matrix,
  {
    row,
    column,
    rows,
    columns,
  }: { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number },
): Matrix {
  const result = matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    const at = (row + i) * a.columns + column;
    result.data.set(a.data.subarray(at, at + columns), i * columns);
  }
  return result;
}

/** Copies `source` over the block of `target` that begins at (row, column). */
export function setBlock(
  target: Matrix,
  source: Matrix,
  at: { readonly row: number; readonly column: number },
): void {
  for (let i = 0; i < source.rows; i++)
    target.data.set(
      source.data.subarray(i * source.columns, (i + 1) * source.columns),
      (at.row + i) * target.columns + at.column,
    );
}

/** The symmetric matrix with the lower triangle of `a`, copied. */
export function mirrored(a: Matrix): Matrix {
  const n = a.rows;
  const result = matrix(n, n, Float64Array.from(a.data));
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) result.data[j * n + i] = a.data[i * n + j]!;
  return result;
}

/** The transposed matrix, copied. */
export function transposed(a: Matrix): Matrix {
  const result = matrix(a.columns, a.rows);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.columns; j++) result.data[j * a.rows + i] = a.data[i * a.columns + j]!;
  return result;
}

/**
 * X with op(L)·X = B: diagonal blocks on the host, `product(block of L, solved rows)` for what a solved block takes from the
 * others (op(block)·rows).
 */
export async function blockedSolve(
  {
    l,
    b,
    transpose,
    panel,
  }: { readonly l: Matrix; readonly b: Matrix; readonly transpose: boolean; readonly panel: number },
  product: (
    block: { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number },
    solved: Matrix,
  ) => PromiseLike<Matrix> | Matrix,
): Promise<Matrix> {
  const n = l.rows;
  const x = matrix(n, b.columns, Float64Array.from(b.data));
  const starts = Array.from({ length: Math.ceil(n / panel) }, (_, i) => i * panel);
  for (const from of transpose ? starts.toReversed() : starts) {
    const width = Math.min(panel, n - from);
    const rows = x.data.subarray(from * b.columns, (from + width) * b.columns);
    const diagonal = blockOf(l, { row: from, column: from, rows: width, columns: width });
    const solved = cpu.solveTriangular(diagonal, matrix(width, b.columns, rows), { transpose });
    rows.set(solved.data);
    const first = transpose ? 0 : from + width;
    const count = transpose ? from : n - from - width;
    if (count === 0) continue;
    const change = await product(
      transpose
        ? { row: from, column: 0, rows: width, columns: count }
        : { row: first, column: from, rows: count, columns: width },
      solved,
    );
    const target = x.data.subarray(first * b.columns, (first + count) * b.columns);
    for (let i = 0; i < target.length; i++) target[i]! -= change.data[i]!;
  }
  return x;
}
