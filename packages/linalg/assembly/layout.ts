import { panel } from './factor';

/** Between row-major matrices and panels (see tile.ts). Sizes are in entries, addresses in bytes. */

/** Four rows of `columns` entries, at intervals of `stride` entries, into one panel; rows from `count` on become zero. */
export function packRows(source: usize, stride: i32, columns: i32, count: i32, target: usize): void {
  const step = (<usize>stride) << 3;
  const r1 = source + (count > 1 ? step : 0);
  const r2 = source + (count > 2 ? step << 1 : 0);
  const r3 = source + (count > 3 ? step * 3 : 0);
  let k = 0;
  for (; k + 2 <= columns; k += 2) {
    const at = (<usize>k) << 3;
    const a = v128.load(source + at);
    const b = v128.load(r1 + at);
    const c = v128.load(r2 + at);
    const d = v128.load(r3 + at);
    v128.store(target, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(target, v128.shuffle<f64>(c, d, 0, 2), 16);
    v128.store(target, v128.shuffle<f64>(a, b, 1, 3), 32);
    v128.store(target, v128.shuffle<f64>(c, d, 1, 3), 48);
    target += 64;
  }
  if (k < columns) {
    const at = (<usize>k) << 3;
    f64.store(target, f64.load(source + at));
    f64.store(target, f64.load(r1 + at), 8);
    f64.store(target, f64.load(r2 + at), 16);
    f64.store(target, f64.load(r3 + at), 24);
    target += 32;
  }
  if (count < 4) {
    target -= (<usize>columns) << 5;
    for (let r = count; r < 4; r++)
      for (let j = 0; j < columns; j++) f64.store(target + ((<usize>((j << 2) + r)) << 3), 0);
  }
}

/** The first `columns` entries of four rows of a panel into row-major rows, `count` of them. */
export function unpackRows(source: usize, columns: i32, count: i32, target: usize, stride: i32): void {
  const step = (<usize>stride) << 3;
  if (count === 4) {
    const r2 = step << 1;
    const r3 = step * 3;
    let k = 0;
    for (; k + 2 <= columns; k += 2) {
      const a = v128.load(source);
      const b = v128.load(source, 16);
      const c = v128.load(source, 32);
      const d = v128.load(source, 48);
      v128.store(target, v128.shuffle<f64>(a, c, 0, 2));
      v128.store(target + step, v128.shuffle<f64>(a, c, 1, 3));
      v128.store(target + r2, v128.shuffle<f64>(b, d, 0, 2));
      v128.store(target + r3, v128.shuffle<f64>(b, d, 1, 3));
      source += 64;
      target += 16;
    }
    columns -= k;
  }
  for (let r = 0; r < count; r++) {
    let from = source + ((<usize>r) << 3);
    let to = target + <usize>r * step;
    for (let k = 0; k < columns; k++) {
      f64.store(to, f64.load(from));
      from += 32;
      to += 8;
    }
  }
}

/** A strip of `count` rows of `columns` entries into entries k0 … k0 + count − 1 of panels of 4 columns, at intervals of `stride` bytes; missing columns become zero. */
export function packColumns(
  source: usize,
  columns: i32,
  count: i32,
  target: usize,
  stride: usize,
  k0: i32,
): void {
  const panels = columns >> 2;
  const rest = columns & 3;
  for (let k = 0; k < count; k++) {
    let to = target + ((<usize>(k0 + k)) << 5);
    for (let p = 0; p < panels; p++) {
      v128.store(to, v128.load(source));
      v128.store(to, v128.load(source, 16), 16);
      source += 32;
      to += stride;
    }
    if (rest) {
      for (let c = 0; c < 4; c++) {
        f64.store(to + ((<usize>c) << 3), c < rest ? f64.load(source) : 0);
        if (c < rest) source += 8;
      }
    }
  }
}

/** The reverse of packColumns. */
export function unpackColumns(
  source: usize,
  stride: usize,
  k0: i32,
  target: usize,
  columns: i32,
  count: i32,
): void {
  const panels = columns >> 2;
  const rest = columns & 3;
  for (let k = 0; k < count; k++) {
    let from = source + ((<usize>(k0 + k)) << 5);
    for (let p = 0; p < panels; p++) {
      v128.store(target, v128.load(from));
      v128.store(target, v128.load(from, 16), 16);
      target += 32;
      from += stride;
    }
    for (let c = 0; c < rest; c++) {
      f64.store(target, f64.load(from + ((<usize>c) << 3)));
      target += 8;
    }
  }
}

/** Tiles of one panel of 4 rows of a product with reversed sign, as multiplyPanels leaves them, into row-major rows. */
export function unpackProduct(source: usize, columns: i32, count: i32, target: usize): void {
  for (let s = 0; s < count; s++) {
    let from = source + ((<usize>s) << 5);
    let k = 0;
    for (; k + 4 <= columns; k += 4) {
      v128.store(target, f64x2.neg(v128.load(from)));
      v128.store(target, f64x2.neg(v128.load(from, 16)), 16);
      target += 32;
      from += 128;
    }
    for (; k < columns; k++) {
      f64.store(target, -f64.load(from));
      target += 8;
      from += 8;
    }
  }
}

/** Rows first … first + count − 1 (first a multiple of 4) of a row-major n×n matrix into the panels of a factor, lower triangle only; rows from n on become identity. */
export function packLower(source: usize, n: i32, first: i32, count: i32, l: usize): void {
  for (let r = 0; r < count; r += 4) {
    const p = (first + r) >> 2;
    const rows = min(4, count - r);
    const from = source + ((<usize>r * <usize>n) << 3);
    const to = panel(l, p);
    packRows(from, n, min(n, (p << 2) + 4), rows, to);
    if (rows < 4) padIdentity(l, p, rows);
  }
}

/** Replaces the rows from `rows` on of panel p, the last one, by rows of the identity. */
export function padIdentity(l: usize, p: i32, rows: i32): void {
  const base = panel(l, p);
  const columns = (p << 2) + 4;
  for (let r = rows; r < 4; r++) {
    for (let k = 0; k < columns; k++)
      f64.store(base + ((<usize>((k << 2) + r)) << 3), k === (p << 2) + r ? 1 : 0);
    // and the columns that only those rows have
    for (let s = 0; s < r; s++) f64.store(base + ((<usize>((((p << 2) + r) << 2) + s)) << 3), 0);
  }
}

/** Rows first … first + count − 1 of a factor's panels into row-major rows of n entries, zeros right of the diagonal. */
export function unpackLower(l: usize, n: i32, first: i32, count: i32, target: usize): void {
  for (let r = 0; r < count; r += 4) {
    const p = (first + r) >> 2;
    const rows = min(4, count - r);
    const to = target + ((<usize>r * <usize>n) << 3);
    unpackRows(panel(l, p), min(n, (p << 2) + 4), rows, to, n);
    for (let s = 0; s < rows; s++) {
      const end = (p << 2) + s + 1;
      memory.fill(to + ((<usize>s * <usize>n + <usize>end) << 3), 0, (<usize>(n - end)) << 3);
    }
  }
}

/** Sets entries k0 … k1 − 1 of `count` panels, at intervals of `stride` bytes, to zero. */
export function clearTail(target: usize, stride: usize, count: i32, k0: i32, k1: i32): void {
  for (let p = 0; p < count; p++)
    memory.fill(target + <usize>p * stride + ((<usize>k0) << 5), 0, (<usize>(k1 - k0)) << 5);
}
