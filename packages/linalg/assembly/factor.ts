import { minus, solveTile, tile44, tile64 } from './tile';

/**
 * Triangular factors in panels of 4 rows (see tile.ts), only the lower triangle:
 * panel p (rows 4p … 4p + 3, columns 0 … 4p + 3) starts at l + 64·p·(p + 1) bytes. `inverse` holds 1/lᵢᵢ.
 * Rows up to the next multiple of 4 are rows of the identity.
 *
 * blockPanels  panels per block column; blockPanels·blockDepth·32 bytes of a factor stay in the second-level cache
 * blockDepth   columns per pass of a tile; blockDepth·32 bytes of one panel stay in the first-level cache
 */
export const blockPanels: i32 = 96;
export const blockDepth: i32 = 256;

export function panel(l: usize, p: i32): usize {
  return l + ((<usize>p * <usize>(p + 1)) << 6);
}

/** Rows 4·from … 4·to − 1 of the panel v −= L(rows, columns k0 … k1 − 1) · v(k0 … k1 − 1). */
export function update(l: usize, v: usize, k0: i32, k1: i32, from: i32, to: i32): void {
  const len = k1 - k0;
  const offset = (<usize>k0) << 5;
  const source = v + offset;
  let q = from;
  let c = v + ((<usize>q) << 7);
  for (; q + 3 <= to; q += 3, c += 384) {
    const a = panel(l, q) + offset;
    const b = panel(l, q + 1) + offset;
    tile64(a, b, source, c, c + 128, len);
    tile64(panel(l, q + 2) + offset, b + 16, source, c + 256, c + 192, len);
  }
  for (; q < to; q++, c += 128) tile44(panel(l, q) + offset, source, c, len);
}

/**
 * Solves rows 4·from … 4·to − 1 of L·X = v in place, where columns left of k0 are already subtracted: three blocks of 4
 * rows at a time take what the solved ones owe them through the wide tile, and only what they owe each other is left.
 */
export function finish(l: usize, inverse: usize, v: usize, k0: i32, from: i32, to: i32): void {
  for (let q = from; q < to; q += 3) {
    const end = min(q + 3, to);
    const k1 = q << 2;
    if (k1 > k0) update(l, v, k0, k1, q, end);
    const offset = (<usize>k1) << 5;
    for (let s = q; s < end; s++) {
      const row = panel(l, s);
      const diagonal = (<usize>s) << 7;
      const c = v + diagonal;
      if (s > q) tile44(row + offset, v + offset, c, (s - q) << 2);
      solveTile(row + diagonal, inverse + ((<usize>s) << 5), c);
    }
  }
}

/** Factors the 4×4 tile t in place. Returns 0, or 1 + the failing row, whose pivot is left at `inverse`. */
function factorTile(t: usize, inverse: usize): i32 {
  let pivot = f64.load(t);
  if (!(pivot > 0 && pivot < Infinity)) {
    f64.store(inverse, pivot);
    return 1;
  }
  let root = Math.sqrt(pivot);
  let scale = 1 / root;
  f64.store(t, root);
  f64.store(inverse, scale);
  const l10 = f64.load(t, 8) * scale;
  const l20 = f64.load(t, 16) * scale;
  const l30 = f64.load(t, 24) * scale;
  f64.store(t, l10, 8);
  f64.store(t, l20, 16);
  f64.store(t, l30, 24);
  pivot = f64.load(t, 40) - l10 * l10;
  if (!(pivot > 0 && pivot < Infinity)) {
    f64.store(inverse, pivot);
    return 2;
  }
  root = Math.sqrt(pivot);
  scale = 1 / root;
  f64.store(t, root, 40);
  f64.store(inverse, scale, 8);
  const l21 = (f64.load(t, 48) - l10 * l20) * scale;
  const l31 = (f64.load(t, 56) - l10 * l30) * scale;
  f64.store(t, l21, 48);
  f64.store(t, l31, 56);
  pivot = f64.load(t, 80) - l20 * l20 - l21 * l21;
  if (!(pivot > 0 && pivot < Infinity)) {
    f64.store(inverse, pivot);
    return 3;
  }
  root = Math.sqrt(pivot);
  scale = 1 / root;
  f64.store(t, root, 80);
  f64.store(inverse, scale, 16);
  const l32 = (f64.load(t, 88) - l20 * l30 - l21 * l31) * scale;
  f64.store(t, l32, 88);
  pivot = f64.load(t, 120) - l30 * l30 - l31 * l31 - l32 * l32;
  if (!(pivot > 0 && pivot < Infinity)) {
    f64.store(inverse, pivot);
    return 4;
  }
  root = Math.sqrt(pivot);
  f64.store(t, root, 120);
  f64.store(inverse, 1 / root, 24);
  return 0;
}

/**
 * Cholesky factorization in place of `count` panels, left-looking by block columns. Returns 0, or 1 + the row of the
 * first pivot that is not positive and finite; that pivot is then at inverse + 32·floor(row / 4).
 */
export function factorPanels(l: usize, inverse: usize, count: i32): i32 {
  for (let from = 0; from < count; from += blockPanels) {
    const to = min(from + blockPanels, count);
    const left = from << 2;
    for (let k0 = 0; k0 < left; k0 += blockDepth) {
      const k1 = min(k0 + blockDepth, left);
      for (let i = from; i < count; i++) update(l, panel(l, i), k0, k1, from, min(to, i + 1));
    }
    for (let i = from; i < count; i++) {
      const v = panel(l, i);
      finish(l, inverse, v, left, from, min(to, i));
      if (i < to) {
        const t = v + ((<usize>i) << 7);
        const offset = v + ((<usize>left) << 5);
        tile44(offset, offset, t, (i << 2) - left);
        const failed = factorTile(t, inverse + ((<usize>i) << 5));
        if (failed) return (i << 2) + failed;
      }
    }
  }
  return 0;
}

/** Reciprocal pivots of a factor that was brought in from outside. */
export function invertDiagonal(l: usize, inverse: usize, count: i32): void {
  for (let p = 0; p < count; p++) {
    const t = panel(l, p) + ((<usize>p) << 7);
    const at = inverse + ((<usize>p) << 5);
    f64.store(at, 1 / f64.load(t));
    f64.store(at, 1 / f64.load(t, 40), 8);
    f64.store(at, 1 / f64.load(t, 80), 16);
    f64.store(at, 1 / f64.load(t, 120), 24);
  }
}

/** L·X = B in place: `sides` panels of 4 right-hand sides, each 4·count rows, one after the other. */
export function solveLower(l: usize, inverse: usize, count: i32, v: usize, sides: i32): void {
  const stride = (<usize>count) << 7;
  for (let from = 0; from < count; from += blockPanels) {
    const to = min(from + blockPanels, count);
    const left = from << 2;
    for (let k0 = 0; k0 < left; k0 += blockDepth) {
      const k1 = min(k0 + blockDepth, left);
      for (let j = 0; j < sides; j++) update(l, v + <usize>j * stride, k0, k1, from, to);
    }
    for (let j = 0; j < sides; j++) finish(l, inverse, v + <usize>j * stride, left, from, to);
  }
}

/** Lᵀ·X = B in place, for panels as in solveLower. */
export function solveUpper(l: usize, inverse: usize, count: i32, v: usize, sides: i32): void {
  const stride = (<usize>count) << 7;
  // As many right-hand sides at a time as stay in the second-level cache.
  const group = max(1, 4096 / count);
  for (let j0 = 0; j0 < sides; j0 += group) {
    const j1 = min(j0 + group, sides);
    for (let q = count - 1; q >= 0; q--)
      for (let j = j0; j < j1; j++)
        eliminate(panel(l, q), inverse + ((<usize>q) << 5), q, v + <usize>j * stride);
  }
}

/** Solves the 4 rows of block q from below and subtracts them from all rows above. */
function eliminate(row: usize, inverse: usize, q: i32, v: usize): void {
  const at = (<usize>q) << 7;
  const t = row + at;
  const c = v + at;
  let a = v128.load64_splat(inverse, 24);
  const x30 = f64x2.mul(v128.load(c, 96), a);
  const x31 = f64x2.mul(v128.load(c, 112), a);
  a = v128.load64_splat(t, 88);
  let x20 = minus(v128.load(c, 64), a, x30);
  let x21 = minus(v128.load(c, 80), a, x31);
  a = v128.load64_splat(inverse, 16);
  x20 = f64x2.mul(x20, a);
  x21 = f64x2.mul(x21, a);
  a = v128.load64_splat(t, 56);
  let x10 = minus(v128.load(c, 32), a, x30);
  let x11 = minus(v128.load(c, 48), a, x31);
  a = v128.load64_splat(t, 48);
  x10 = minus(x10, a, x20);
  x11 = minus(x11, a, x21);
  a = v128.load64_splat(inverse, 8);
  x10 = f64x2.mul(x10, a);
  x11 = f64x2.mul(x11, a);
  a = v128.load64_splat(t, 24);
  let x00 = minus(v128.load(c), a, x30);
  let x01 = minus(v128.load(c, 16), a, x31);
  a = v128.load64_splat(t, 16);
  x00 = minus(x00, a, x20);
  x01 = minus(x01, a, x21);
  a = v128.load64_splat(t, 8);
  x00 = minus(x00, a, x10);
  x01 = minus(x01, a, x11);
  a = v128.load64_splat(inverse);
  x00 = f64x2.mul(x00, a);
  x01 = f64x2.mul(x01, a);
  v128.store(c, x00);
  v128.store(c, x01, 16);
  v128.store(c, x10, 32);
  v128.store(c, x11, 48);
  v128.store(c, x20, 64);
  v128.store(c, x21, 80);
  v128.store(c, x30, 96);
  v128.store(c, x31, 112);
  subtractRows(row, v, c, x00, x01, x10, x11, x20, x21, x30, x31);
}

/** Subtracts four solved rows from the rows v … c of the right-hand sides. */
function subtractRows(
  row: usize,
  v: usize,
  c: usize,
  x00: v128,
  x01: v128,
  x10: v128,
  x11: v128,
  x20: v128,
  x21: v128,
  x30: v128,
  x31: v128,
): void {
  for (; v < c; v += 32, row += 32) {
    let y0 = v128.load(v);
    let y1 = v128.load(v, 16);
    let a = v128.load64_splat(row);
    y0 = minus(y0, a, x00);
    y1 = minus(y1, a, x01);
    a = v128.load64_splat(row, 8);
    y0 = minus(y0, a, x10);
    y1 = minus(y1, a, x11);
    a = v128.load64_splat(row, 16);
    y0 = minus(y0, a, x20);
    y1 = minus(y1, a, x21);
    a = v128.load64_splat(row, 24);
    y0 = minus(y0, a, x30);
    y1 = minus(y1, a, x31);
    v128.store(v, y0);
    v128.store(v, y1, 16);
  }
}
