/**
 * Solves a·x = b in place by Gaussian elimination with partial pivoting: a is n×n row-major, b n×m row-major; a is
 * destroyed and b becomes x. False when a pivot is zero or not finite.
 */
export function solveInPlace(a: Float64Array, b: Float64Array, n: number): boolean {
  const m = n === 0 ? 0 : b.length / n;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    const top = a[pivot * n + k]!;
    if (top === 0 || !Number.isFinite(top)) return false;
    if (pivot !== k) {
      swapRows(a, n, [k, pivot]);
      swapRows(b, m, [k, pivot]);
    }
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / top;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
      for (let j = 0; j < m; j++) b[i * m + j]! -= factor * b[k * m + j]!;
    }
  }
  for (let k = n - 1; k >= 0; k--)
    for (let j = 0; j < m; j++) {
      let sum = b[k * m + j]!;
      for (let i = k + 1; i < n; i++) sum -= a[k * n + i]! * b[i * m + j]!;
      b[k * m + j] = sum / a[k * n + k]!;
    }
  return true;
}

function swapRows(a: Float64Array, columns: number, [i, k]: readonly [number, number]): void {
  for (let j = 0; j < columns; j++) {
    const held = a[i * columns + j]!;
    a[i * columns + j] = a[k * columns + j]!;
    a[k * columns + j] = held;
  }
}
