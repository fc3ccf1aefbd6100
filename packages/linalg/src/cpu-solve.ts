import type { Matrix } from '@foothold/core';

/**
 * Substitution in place for many right-hand sides.
 *
 * l  n×n lower triangle, row-major
 * x  n×m: the right-hand sides on entry, the solution on return
 */

/** L·X = B: rows from the first to the last. */
export function solveLower(l: Matrix, x: Matrix): void {
  const n = l.rows;
  const m = x.columns;
  const a = l.data;
  const v = x.data;
  if (m === 1) {
    for (let i = 0; i < n; i++) {
      const at = i * n;
      let sum = v[i]!;
      for (let k = 0; k < i; k++) sum -= a[at + k]! * v[k]!;
      v[i] = sum / a[at + i]!;
    }
    return;
  }
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let k = 0;
    for (; k + 4 <= i; k += 4) subtractFour(v, m, { to: i, from: k, a, at: row + k, step: 1 });
    for (; k < i; k++) subtractOne(v, m, { to: i, from: k, factor: a[row + k]! });
    divide(v, i * m, { count: m, by: a[row + i]! });
  }
}

/** Lᵀ·X = B: rows from the last to the first. */
export function solveUpper(l: Matrix, x: Matrix): void {
  const n = l.rows;
  const m = x.columns;
  const a = l.data;
  const v = x.data;
  if (m === 1) {
    for (let i = n - 1; i >= 0; i--) {
      const at = i * n;
      const value = v[i]! / a[at + i]!;
      v[i] = value;
      for (let k = 0; k < i; k++) v[k] = v[k]! - a[at + k]! * value;
    }
    return;
  }
  for (let i = n - 1; i >= 0; i--) {
    let k = i + 1;
    for (; k + 4 <= n; k += 4) subtractFour(v, m, { to: i, from: k, a, at: k * n + i, step: n });
    for (; k < n; k++) subtractOne(v, m, { to: i, from: k, factor: a[k * n + i]! });
    divide(v, i * m, { count: m, by: a[i * n + i]! });
  }
}

interface FourRows {
  readonly to: number;
  readonly from: number;
  readonly a: Float64Array;
  readonly at: number;
  readonly step: number;
}

/** Row `to` −= Σ over four rows from `from` of their factors a[at], a[at + step], … */
function subtractFour(v: Float64Array, m: number, { to, from, a, at, step }: FourRows): void {
  const p = a[at]!;
  const q = a[at + step]!;
  const r = a[at + 2 * step]!;
  const s = a[at + 3 * step]!;
  let u = from * m;
  for (let j = to * m, end = j + m; j < end; j++, u++)
    v[j] = v[j]! - p * v[u]! - q * v[u + m]! - r * v[u + 2 * m]! - s * v[u + 3 * m]!;
}

function subtractOne(
  v: Float64Array,
  m: number,
  { to, from, factor }: { to: number; from: number; factor: number },
): void {
  for (let j = to * m, u = from * m, end = j + m; j < end; j++, u++) v[j] = v[j]! - factor * v[u]!;
}

function divide(v: Float64Array, from: number, { count, by }: { count: number; by: number }): void {
  for (let j = from; j < from + count; j++) v[j] = v[j]! / by;
}
