/**
 * Small dense float64 arithmetic on row-major n×n arrays, allocation-free where it is called often. The general backends
 * of `@foothold/linalg` are asynchronous and immutable; here a belief is updated in place cell by cell.
 */

/** Lower factor of a symmetric positive definite n×n matrix (lower triangle read), or undefined where a pivot is not positive. */
export function lowerFactor(a: Float64Array, n: number): Float64Array | undefined {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const ri = i * n;
    for (let j = 0; j <= i; j++) {
      const rj = j * n;
      let s0 = a[ri + j]!;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let k = 0;
      for (; k + 3 < j; k += 4) {
        s0 -= l[ri + k]! * l[rj + k]!;
        s1 -= l[ri + k + 1]! * l[rj + k + 1]!;
        s2 -= l[ri + k + 2]! * l[rj + k + 2]!;
        s3 -= l[ri + k + 3]! * l[rj + k + 3]!;
      }
      for (; k < j; k++) s0 -= l[ri + k]! * l[rj + k]!;
      const s = s0 + s1 + (s2 + s3);
      if (i === j) {
        if (!(s > 0)) return undefined;
        l[ri + i] = Math.sqrt(s);
      } else l[ri + j] = s / l[rj + j]!;
    }
  }
  return l;
}

/** Transpose of a rows×columns array. */
export function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
  const t = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) t[j * rows + i] = a[i * columns + j]!;
  return t;
}

/** a · bᵀ for a p×k and b q×k: every entry is a dot product of two rows, computed in 2×4 register blocks. */
export function timesTransposed(a: Float64Array, b: Float64Array, k: number): Float64Array {
  const p = a.length / k;
  const q = b.length / k;
  const c = new Float64Array(p * q);
  for (let i = 0; i < p; i += 2) {
    const i1 = i + 1 < p ? i + 1 : i;
    const a0 = i * k;
    const a1 = i1 * k;
    let j = 0;
    for (; j + 3 < q; j += 4) {
      const b0 = j * k;
      const b1 = b0 + k;
      const b2 = b1 + k;
      const b3 = b2 + k;
      let c00 = 0;
      let c01 = 0;
      let c02 = 0;
      let c03 = 0;
      let c10 = 0;
      let c11 = 0;
      let c12 = 0;
      let c13 = 0;
      for (let t = 0; t < k; t++) {
        const x = a[a0 + t]!;
        const y = a[a1 + t]!;
        const z0 = b[b0 + t]!;
        const z1 = b[b1 + t]!;
        const z2 = b[b2 + t]!;
        const z3 = b[b3 + t]!;
        c00 += x * z0;
        c01 += x * z1;
        c02 += x * z2;
        c03 += x * z3;
        c10 += y * z0;
        c11 += y * z1;
        c12 += y * z2;
        c13 += y * z3;
      }
      const r0 = i * q + j;
      c[r0] = c00;
      c[r0 + 1] = c01;
      c[r0 + 2] = c02;
      c[r0 + 3] = c03;
      const r1 = i1 * q + j;
      c[r1] = c10;
      c[r1 + 1] = c11;
      c[r1 + 2] = c12;
      c[r1 + 3] = c13;
    }
    for (; j < q; j++) {
      c[i * q + j] = rowProduct([a, a0], [b, j * k], k);
      c[i1 * q + j] = rowProduct([a, a1], [b, j * k], k);
    }
  }
  return c;
}

/** Dot product of k numbers of two arrays, each from its position on. */
function rowProduct(
  [a, from]: readonly [Float64Array, number],
  [b, start]: readonly [Float64Array, number],
  k: number,
): number {
  let sum = 0;
  for (let t = 0; t < k; t++) sum += a[from + t]! * b[start + t]!;
  return sum;
}

/** L⁻¹·b for lower L n×n and b n×k, in place of b. */
export function solveLowerInPlace(l: Float64Array, b: Float64Array, n: number): void {
  const k = b.length / n;
  for (let i = 0; i < n; i++) {
    const ri = i * k;
    for (let t = 0; t < i; t++) {
      const f = l[i * n + t]!;
      if (f === 0) continue;
      const rt = t * k;
      for (let c = 0; c < k; c++) b[ri + c]! -= f * b[rt + c]!;
    }
    const d = 1 / l[i * n + i]!;
    for (let c = 0; c < k; c++) b[ri + c]! *= d;
  }
}

/** Inverse of a symmetric positive definite n×n matrix with its log-determinant, or undefined where it is not. */
export function inverseOf(
  a: Float64Array,
  n: number,
): { readonly inverse: Float64Array; readonly logDeterminant: number } | undefined {
  const l = lowerFactor(a, n);
  if (!l) return undefined;
  const y = new Float64Array(n * n);
  let logDeterminant = 0;
  for (let i = 0; i < n; i++) {
    y[i * n + i] = 1;
    logDeterminant += 2 * Math.log(l[i * n + i]!);
  }
  solveLowerInPlace(l, y, n);
  const t = transposed(y, n, n);
  return { inverse: timesTransposed(t, t, n), logDeterminant };
}
