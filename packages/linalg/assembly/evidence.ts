import { covarianceMatrix } from './covariance';
import { factorPanels, panel } from './factor';
import { invertFactor, negativeInverse } from './inverse';
import { plus } from './tile';
import { solveVectorLower, solveVectorUpper } from './vector';

/** Covariance, its factor in l and alpha in place of y (4·count numbers, zeros at the end). Returns as factorPanels. */
export function stationaryFactor(
  x: usize,
  n: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  family: i32,
  scale: f64,
  noise: usize,
  y: usize,
  l: usize,
  inverse: usize,
): i32 {
  const count = (n + 3) >> 2;
  covarianceMatrix(x, n, d, ordinary, weights, family, scale, noise, l, 0);
  const failed = factorPanels(l, inverse, count);
  if (failed) return failed;
  solveVectorLower(l, inverse, count, y);
  solveVectorUpper(l, inverse, count, y);
  return 0;
}

/**
 * As stationaryFactor, and the gradient of the evidence; l ends up as −K⁻¹. `fit` receives |L⁻¹y|². `sums` (d pairs)
 * receives Σ_{i<j} Gᵢⱼ hᵢⱼ Δ² by lanes, with G = ααᵀ − K⁻¹, Δ² the squared scaled difference (0 or 1 in categorical columns); `dx`
 * (panels as of x, or 0) the sums of G·h·Δ with the sign of a derivative in the scaled inputs.
 */
export function stationaryEvidence(
  x: usize,
  n: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  family: i32,
  scale: f64,
  noise: usize,
  y: usize,
  l: usize,
  inverse: usize,
  w: usize,
  h: usize,
  fit: usize,
  sums: usize,
  dx: usize,
): i32 {
  const count = (n + 3) >> 2;
  covarianceMatrix(x, n, d, ordinary, weights, family, scale, noise, l, h);
  const failed = factorPanels(l, inverse, count);
  if (failed) return failed;
  solveVectorLower(l, inverse, count, y);
  let square: f64 = 0;
  for (let i = 0; i < n; i++) {
    const z = f64.load(y + ((<usize>i) << 3));
    square += z * z;
  }
  f64.store(fit, square);
  solveVectorUpper(l, inverse, count, y);
  invertFactor(l, inverse, count, w);
  negativeInverse(w, count, l);
  gradient(x, count, d, ordinary, y, l, h, sums, dx);
  return 0;
}

function gradient(
  x: usize,
  count: i32,
  d: i32,
  ordinary: i32,
  alpha: usize,
  l: usize,
  h: usize,
  sums: usize,
  dx: usize,
): void {
  const bytes = (<usize>d) << 5;
  const scaled = (<usize>ordinary) << 5;
  memory.fill(sums, 0, (<usize>d) << 4);
  if (dx) memory.fill(dx, 0, bytes * <usize>count);
  for (let i = 0; i < count; i++) {
    const v = x + <usize>i * bytes;
    let t = panel(l, i);
    let g = panel(h, i);
    const a0 = v128.load(alpha + ((<usize>i) << 5));
    const a1 = v128.load(alpha + ((<usize>i) << 5), 16);
    for (let j = 0; j <= i; j++, t += 128, g += 128) {
      const s = x + <usize>j * bytes;
      // A diagonal tile holds each pair twice.
      const half = f64x2.splat(i === j ? 0.5 : 1);
      const b = alpha + ((<usize>j) << 5);
      let a = v128.load64_splat(b);
      const q00 = f64x2.mul(f64x2.mul(plus(v128.load(t), a0, a), v128.load(g)), half);
      const q01 = f64x2.mul(f64x2.mul(plus(v128.load(t, 16), a1, a), v128.load(g, 16)), half);
      a = v128.load64_splat(b, 8);
      const q10 = f64x2.mul(f64x2.mul(plus(v128.load(t, 32), a0, a), v128.load(g, 32)), half);
      const q11 = f64x2.mul(f64x2.mul(plus(v128.load(t, 48), a1, a), v128.load(g, 48)), half);
      a = v128.load64_splat(b, 16);
      const q20 = f64x2.mul(f64x2.mul(plus(v128.load(t, 64), a0, a), v128.load(g, 64)), half);
      const q21 = f64x2.mul(f64x2.mul(plus(v128.load(t, 80), a1, a), v128.load(g, 80)), half);
      a = v128.load64_splat(b, 24);
      const q30 = f64x2.mul(f64x2.mul(plus(v128.load(t, 96), a0, a), v128.load(g, 96)), half);
      const q31 = f64x2.mul(f64x2.mul(plus(v128.load(t, 112), a1, a), v128.load(g, 112)), half);
      addSquares(s, v, scaled, sums, q00, q01, q10, q11, q20, q21, q30, q31);
      if (scaled < bytes) addUnequal(s, v, scaled, bytes, sums, q00, q01, q10, q11, q20, q21, q30, q31);
      if (dx)
        addInputs(
          s,
          v,
          scaled,
          dx + <usize>i * bytes,
          dx + <usize>j * bytes,
          q00,
          q01,
          q10,
          q11,
          q20,
          q21,
          q30,
          q31,
        );
    }
  }
}

/** Adds Σ q·Δ² of the columns that end at `scaled` to their sums, by lanes. */
function addSquares(
  s: usize,
  v: usize,
  scaled: usize,
  sums: usize,
  q00: v128,
  q01: v128,
  q10: v128,
  q11: v128,
  q20: v128,
  q21: v128,
  q30: v128,
  q31: v128,
): void {
  for (let at: usize = 0; at < scaled; at += 32) {
    const b0 = v128.load(v + at);
    const b1 = v128.load(v + at, 16);
    const to = sums + (at >> 1);
    let sum = v128.load(to);
    let a = v128.load64_splat(s + at);
    let p = f64x2.sub(b0, a);
    let r = f64x2.sub(b1, a);
    sum = plus(sum, f64x2.mul(p, q00), p);
    let more = f64x2.mul(f64x2.mul(r, q01), r);
    a = v128.load64_splat(s + at, 8);
    p = f64x2.sub(b0, a);
    r = f64x2.sub(b1, a);
    sum = plus(sum, f64x2.mul(p, q10), p);
    more = plus(more, f64x2.mul(r, q11), r);
    a = v128.load64_splat(s + at, 16);
    p = f64x2.sub(b0, a);
    r = f64x2.sub(b1, a);
    sum = plus(sum, f64x2.mul(p, q20), p);
    more = plus(more, f64x2.mul(r, q21), r);
    a = v128.load64_splat(s + at, 24);
    p = f64x2.sub(b0, a);
    r = f64x2.sub(b1, a);
    sum = plus(sum, f64x2.mul(p, q30), p);
    more = plus(more, f64x2.mul(r, q31), r);
    v128.store(to, f64x2.add(sum, more));
  }
}

/** Adds Σ q over the unequal pairs of the columns from … end to their sums, by lanes. */
function addUnequal(
  s: usize,
  v: usize,
  from: usize,
  end: usize,
  sums: usize,
  q00: v128,
  q01: v128,
  q10: v128,
  q11: v128,
  q20: v128,
  q21: v128,
  q30: v128,
  q31: v128,
): void {
  for (let at = from; at < end; at += 32) {
    const b0 = v128.load(v + at);
    const b1 = v128.load(v + at, 16);
    const to = sums + (at >> 1);
    let sum = v128.load(to);
    let a = v128.load64_splat(s + at);
    sum = f64x2.add(sum, v128.and(q00, f64x2.ne(b0, a)));
    sum = f64x2.add(sum, v128.and(q01, f64x2.ne(b1, a)));
    a = v128.load64_splat(s + at, 8);
    sum = f64x2.add(sum, v128.and(q10, f64x2.ne(b0, a)));
    sum = f64x2.add(sum, v128.and(q11, f64x2.ne(b1, a)));
    a = v128.load64_splat(s + at, 16);
    sum = f64x2.add(sum, v128.and(q20, f64x2.ne(b0, a)));
    sum = f64x2.add(sum, v128.and(q21, f64x2.ne(b1, a)));
    a = v128.load64_splat(s + at, 24);
    sum = f64x2.add(sum, v128.and(q30, f64x2.ne(b0, a)));
    sum = f64x2.add(sum, v128.and(q31, f64x2.ne(b1, a)));
    v128.store(to, sum);
  }
}

/** Adds q·Δ of the columns that end at `scaled` to the derivatives in the points of s (dj), and takes it from those of v (di). */
function addInputs(
  s: usize,
  v: usize,
  scaled: usize,
  di: usize,
  dj: usize,
  q00: v128,
  q01: v128,
  q10: v128,
  q11: v128,
  q20: v128,
  q21: v128,
  q30: v128,
  q31: v128,
): void {
  for (let at: usize = 0; at < scaled; at += 32) {
    const b0 = v128.load(v + at);
    const b1 = v128.load(v + at, 16);
    let a = v128.load64_splat(s + at);
    let p = f64x2.mul(f64x2.sub(b0, a), q00);
    let r = f64x2.mul(f64x2.sub(b1, a), q01);
    let sum0 = p;
    let sum1 = r;
    addTo(dj + at, f64x2.add(p, r));
    a = v128.load64_splat(s + at, 8);
    p = f64x2.mul(f64x2.sub(b0, a), q10);
    r = f64x2.mul(f64x2.sub(b1, a), q11);
    sum0 = f64x2.add(sum0, p);
    sum1 = f64x2.add(sum1, r);
    addTo(dj + at + 8, f64x2.add(p, r));
    a = v128.load64_splat(s + at, 16);
    p = f64x2.mul(f64x2.sub(b0, a), q20);
    r = f64x2.mul(f64x2.sub(b1, a), q21);
    sum0 = f64x2.add(sum0, p);
    sum1 = f64x2.add(sum1, r);
    addTo(dj + at + 16, f64x2.add(p, r));
    a = v128.load64_splat(s + at, 24);
    p = f64x2.mul(f64x2.sub(b0, a), q30);
    r = f64x2.mul(f64x2.sub(b1, a), q31);
    sum0 = f64x2.add(sum0, p);
    sum1 = f64x2.add(sum1, r);
    addTo(dj + at + 24, f64x2.add(p, r));
    v128.store(di + at, f64x2.sub(v128.load(di + at), sum0));
    v128.store(di + at, f64x2.sub(v128.load(di + at, 16), sum1), 16);
  }
}

function addTo(at: usize, pair: v128): void {
  f64.store(at, f64.load(at) + f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1));
}
