import { plus } from './tile';

/**
 * Inputs as panels of 4 points: coordinate c of point r of a panel at 8·(4c + r), already divided by the lengthscale
 * where the column is ordinary. The first `ordinary` columns are, the other d − ordinary compare by equality.
 */

/** Panels of n points from row-major x (n×d): column c comes from column order[c] and is multiplied by factors[c]. Missing points of the last panel are zero. */
export function packInputs(x: usize, n: i32, d: i32, order: usize, factors: usize, target: usize): void {
  for (let c = 0; c < d; c++) {
    let from = x + ((<usize>f64.load(order + ((<usize>c) << 3))) << 3);
    const factor = f64.load(factors + ((<usize>c) << 3));
    let to = target + ((<usize>c) << 5);
    let i = 0;
    for (; i < n; i++) {
      f64.store(to + ((<usize>(i & 3)) << 3), f64.load(from) * factor);
      from += (<usize>d) << 3;
      if ((i & 3) === 3) to += (<usize>d) << 5;
    }
    for (; (i & 3) !== 0; i++) f64.store(to + ((<usize>(i & 3)) << 3), 0);
  }
}

/** Squared distances between the points of panel v and those of `count` panels from s on: tiles (s, v) one after the other. weights[c] is the distance of unequal levels. */
export function distances(
  s: usize,
  v: usize,
  count: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  tiles: usize,
): void {
  const bytes = (<usize>d) << 5;
  const scaled = (<usize>ordinary) << 5;
  for (let q = 0; q < count; q++, s += bytes, tiles += 128) {
    squaredDifferences(s, v, scaled, tiles);
    if (scaled < bytes) addUnequal(s, v, scaled, bytes, weights, tiles);
  }
}

/** The tile of squared differences over the columns that end at `scaled`. */
function squaredDifferences(s: usize, v: usize, scaled: usize, tile: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let at: usize = 0;
  for (; at < scaled; at += 32) {
    const b0 = v128.load(v + at);
    const b1 = v128.load(v + at, 16);
    let a = v128.load64_splat(s + at);
    let x = f64x2.sub(b0, a);
    let y = f64x2.sub(b1, a);
    c00 = plus(c00, x, x);
    c01 = plus(c01, y, y);
    a = v128.load64_splat(s + at, 8);
    x = f64x2.sub(b0, a);
    y = f64x2.sub(b1, a);
    c10 = plus(c10, x, x);
    c11 = plus(c11, y, y);
    a = v128.load64_splat(s + at, 16);
    x = f64x2.sub(b0, a);
    y = f64x2.sub(b1, a);
    c20 = plus(c20, x, x);
    c21 = plus(c21, y, y);
    a = v128.load64_splat(s + at, 24);
    x = f64x2.sub(b0, a);
    y = f64x2.sub(b1, a);
    c30 = plus(c30, x, x);
    c31 = plus(c31, y, y);
  }
  v128.store(tile, c00);
  v128.store(tile, c01, 16);
  v128.store(tile, c10, 32);
  v128.store(tile, c11, 48);
  v128.store(tile, c20, 64);
  v128.store(tile, c21, 80);
  v128.store(tile, c30, 96);
  v128.store(tile, c31, 112);
}

/** Adds to the tile the weights of the columns from … to in which the points have other levels. */
function addUnequal(s: usize, v: usize, from: usize, to: usize, weights: usize, tile: usize): void {
  let c00 = v128.load(tile);
  let c01 = v128.load(tile, 16);
  let c10 = v128.load(tile, 32);
  let c11 = v128.load(tile, 48);
  let c20 = v128.load(tile, 64);
  let c21 = v128.load(tile, 80);
  let c30 = v128.load(tile, 96);
  let c31 = v128.load(tile, 112);
  for (let at = from; at < to; at += 32) {
    const w = v128.load64_splat(weights + (at >> 2));
    const b0 = v128.load(v + at);
    const b1 = v128.load(v + at, 16);
    let a = v128.load64_splat(s + at);
    c00 = f64x2.add(c00, v128.and(w, f64x2.ne(b0, a)));
    c01 = f64x2.add(c01, v128.and(w, f64x2.ne(b1, a)));
    a = v128.load64_splat(s + at, 8);
    c10 = f64x2.add(c10, v128.and(w, f64x2.ne(b0, a)));
    c11 = f64x2.add(c11, v128.and(w, f64x2.ne(b1, a)));
    a = v128.load64_splat(s + at, 16);
    c20 = f64x2.add(c20, v128.and(w, f64x2.ne(b0, a)));
    c21 = f64x2.add(c21, v128.and(w, f64x2.ne(b1, a)));
    a = v128.load64_splat(s + at, 24);
    c30 = f64x2.add(c30, v128.and(w, f64x2.ne(b0, a)));
    c31 = f64x2.add(c31, v128.and(w, f64x2.ne(b1, a)));
  }
  v128.store(tile, c00);
  v128.store(tile, c01, 16);
  v128.store(tile, c10, 32);
  v128.store(tile, c11, 48);
  v128.store(tile, c20, 64);
  v128.store(tile, c21, 80);
  v128.store(tile, c30, 96);
  v128.store(tile, c31, 112);
}
