import { distances } from './distance';
import { factorPanels, invertFactor, negativeInverse, panel, solveLower, solveUpper } from './factor';
import { padIdentity } from './layout';
import { profile } from './profile';
import { plus } from './tile';
import { solveVectorLower, solveVectorUpper } from './vector';

/** K(x, x) + diag(noise) into the panels of l, and the profile's derivatives into those of h unless that is 0. */
function covarianceMatrix(
  x: usize,
  n: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  matern52: bool,
  scale: f64,
  noise: usize,
  l: usize,
  h: usize,
): void {
  const count = (n + 3) >> 2;
  const bytes = (<usize>d) << 5;
  for (let p = 0; p < count; p++) {
    const to = panel(l, p);
    distances(x, x + <usize>p * bytes, p + 1, d, ordinary, weights, to);
    profile(matern52, scale, to, h ? panel(h, p) : 0, (p + 1) << 4);
    let t = to + ((<usize>p) << 7);
    for (let i = p << 2; i < min(n, (p << 2) + 4); i++, t += 40)
      f64.store(t, f64.load(t) + f64.load(noise + ((<usize>i) << 3)));
  }
  if (n & 3) {
    padIdentity(l, count - 1, n & 3);
    if (h) clearPadding(h, count - 1, n & 3);
  }
}

/** Zeros for the rows from `rows` on of the last panel. */
function clearPadding(h: usize, p: i32, rows: i32): void {
  padIdentity(h, p, rows);
  const t = panel(h, p) + ((<usize>p) << 7);
  for (let r = rows; r < 4; r++) f64.store(t + <usize>r * 40, 0);
}

/** Covariance, its factor in l and alpha in place of y (4·count numbers, zeros at the end). Returns as factorPanels. */
export function stationaryFactor(
  x: usize,
  n: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  matern52: bool,
  scale: f64,
  noise: usize,
  y: usize,
  l: usize,
  inverse: usize,
): i32 {
  const count = (n + 3) >> 2;
  covarianceMatrix(x, n, d, ordinary, weights, matern52, scale, noise, l, 0);
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
  matern52: bool,
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
  covarianceMatrix(x, n, d, ordinary, weights, matern52, scale, noise, l, h);
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
      const b = alpha + ((<usize>j) << 5);
      let a = v128.load64_splat(b);
      let q00 = f64x2.mul(plus(v128.load(t), a0, a), v128.load(g));
      let q01 = f64x2.mul(plus(v128.load(t, 16), a1, a), v128.load(g, 16));
      a = v128.load64_splat(b, 8);
      let q10 = f64x2.mul(plus(v128.load(t, 32), a0, a), v128.load(g, 32));
      let q11 = f64x2.mul(plus(v128.load(t, 48), a1, a), v128.load(g, 48));
      a = v128.load64_splat(b, 16);
      let q20 = f64x2.mul(plus(v128.load(t, 64), a0, a), v128.load(g, 64));
      let q21 = f64x2.mul(plus(v128.load(t, 80), a1, a), v128.load(g, 80));
      a = v128.load64_splat(b, 24);
      let q30 = f64x2.mul(plus(v128.load(t, 96), a0, a), v128.load(g, 96));
      let q31 = f64x2.mul(plus(v128.load(t, 112), a1, a), v128.load(g, 112));
      if (i === j) {
        // A diagonal tile holds each pair twice.
        const half = f64x2.splat(0.5);
        q00 = f64x2.mul(q00, half);
        q01 = f64x2.mul(q01, half);
        q10 = f64x2.mul(q10, half);
        q11 = f64x2.mul(q11, half);
        q20 = f64x2.mul(q20, half);
        q21 = f64x2.mul(q21, half);
        q30 = f64x2.mul(q30, half);
        q31 = f64x2.mul(q31, half);
      }
      let at: usize = 0;
      for (; at < scaled; at += 32) {
        const b0 = v128.load(v + at);
        const b1 = v128.load(v + at, 16);
        const to = sums + (at >> 1);
        let sum = v128.load(to);
        a = v128.load64_splat(s + at);
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
      for (; at < bytes; at += 32) {
        const b0 = v128.load(v + at);
        const b1 = v128.load(v + at, 16);
        const to = sums + (at >> 1);
        let sum = v128.load(to);
        a = v128.load64_splat(s + at);
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
      if (dx) {
        const di = dx + <usize>i * bytes;
        const dj = dx + <usize>j * bytes;
        for (at = 0; at < scaled; at += 32) {
          const b0 = v128.load(v + at);
          const b1 = v128.load(v + at, 16);
          a = v128.load64_splat(s + at);
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
    }
  }
}

function addTo(at: usize, pair: v128): void {
  f64.store(at, f64.load(at) + f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1));
}

/** Covariances of n inputs with `sides` panels of points: panels of 4·count entries a point, zero from n on; derivatives into h unless that is 0. */
export function crossCovariance(
  x: usize,
  n: i32,
  points: usize,
  sides: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  matern52: bool,
  scale: f64,
  v: usize,
  h: usize,
): void {
  const count = (n + 3) >> 2;
  const bytes = (<usize>d) << 5;
  const stride = (<usize>count) << 7;
  for (let j = 0; j < sides; j++, v += stride, points += bytes) {
    distances(x, points, count, d, ordinary, weights, v);
    profile(matern52, scale, v, h ? h + <usize>j * stride : 0, count << 4);
    for (let k = n; k < count << 2; k++) {
      v128.store(v + ((<usize>k) << 5), f64x2.splat(0));
      v128.store(v + ((<usize>k) << 5), f64x2.splat(0), 16);
    }
  }
}

/** Mean and Σ of squared whitened covariances of each point (4·sides numbers each); v ends up whitened. */
export function stationaryPredict(
  x: usize,
  n: i32,
  points: usize,
  sides: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  matern52: bool,
  scale: f64,
  l: usize,
  inverse: usize,
  alpha: usize,
  v: usize,
  mean: usize,
  explained: usize,
): void {
  const count = (n + 3) >> 2;
  const stride = (<usize>count) << 7;
  crossCovariance(x, n, points, sides, d, ordinary, weights, matern52, scale, v, 0);
  for (let j = 0; j < sides; j++) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let at = v + <usize>j * stride;
    const end = at + stride;
    for (let k = alpha; at < end; at += 64, k += 16) {
      const s = v128.load64_splat(k);
      a0 = plus(a0, v128.load(at), s);
      a1 = plus(a1, v128.load(at, 16), s);
      const r = v128.load64_splat(k, 8);
      b0 = plus(b0, v128.load(at, 32), r);
      b1 = plus(b1, v128.load(at, 48), r);
    }
    v128.store(mean + ((<usize>j) << 5), f64x2.add(a0, b0));
    v128.store(mean + ((<usize>j) << 5), f64x2.add(a1, b1), 16);
  }
  solveLower(l, inverse, count, v, sides);
  for (let j = 0; j < sides; j++) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let at = v + <usize>j * stride;
    const end = at + stride;
    for (; at < end; at += 64) {
      let s = v128.load(at);
      a0 = plus(a0, s, s);
      s = v128.load(at, 16);
      a1 = plus(a1, s, s);
      s = v128.load(at, 32);
      b0 = plus(b0, s, s);
      s = v128.load(at, 48);
      b1 = plus(b1, s, s);
    }
    v128.store(explained + ((<usize>j) << 5), f64x2.add(a0, b0));
    v128.store(explained + ((<usize>j) << 5), f64x2.add(a1, b1), 16);
  }
}

/**
 * Derivatives in the scaled coordinates of the points (panels as of points) of Σ dMean·mean + dVariance·variance; v holds the
 * whitened covariances and is used up, as is h (scratch of the same size), and `k` (one panel of 4·count entries).
 */
export function stationaryPullback(
  x: usize,
  n: i32,
  points: usize,
  sides: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  matern52: bool,
  scale: f64,
  l: usize,
  inverse: usize,
  alpha: usize,
  v: usize,
  k: usize,
  h: usize,
  dMean: usize,
  dVariance: usize,
  result: usize,
): void {
  const count = (n + 3) >> 2;
  const bytes = (<usize>d) << 5;
  const scaled = (<usize>ordinary) << 5;
  const stride = (<usize>count) << 7;
  solveUpper(l, inverse, count, v, sides);
  memory.fill(result, 0, bytes * <usize>sides);
  for (
    let j = 0;
    j < sides;
    j++, v += stride, points += bytes, result += bytes, dMean += 32, dVariance += 32
  ) {
    crossCovariance(x, n, points, 1, d, ordinary, weights, matern52, scale, k, h);
    const two = f64x2.splat(2);
    const m0 = v128.load(dMean);
    const m1 = v128.load(dMean, 16);
    const v0 = f64x2.mul(v128.load(dVariance), two);
    const v1 = f64x2.mul(v128.load(dVariance, 16), two);
    // weights −(dMean·α − 2·dVariance·K⁻¹k)·h
    let at: usize = 0;
    for (let i = 0; i < n; i++, at += 32) {
      const a = v128.load64_splat(alpha + ((<usize>i) << 3));
      const p = f64x2.sub(f64x2.mul(v0, v128.load(v + at)), f64x2.mul(m0, a));
      const q = f64x2.sub(f64x2.mul(v1, v128.load(v + at, 16)), f64x2.mul(m1, a));
      v128.store(h + at, f64x2.mul(p, v128.load(h + at)));
      v128.store(h + at, f64x2.mul(q, v128.load(h + at, 16)), 16);
    }
    for (; at < stride; at += 32) {
      v128.store(h + at, f64x2.splat(0));
      v128.store(h + at, f64x2.splat(0), 16);
    }
    for (let c: usize = 0; c < scaled; c += 32) {
      const b0 = v128.load(points + c);
      const b1 = v128.load(points + c, 16);
      let s0 = f64x2.splat(0);
      let s1 = s0;
      let t0 = s0;
      let t1 = s0;
      let from = x + c;
      for (at = 0; at < stride; at += 128, from += bytes) {
        let a = v128.load64_splat(from);
        s0 = plus(s0, v128.load(h + at), f64x2.sub(b0, a));
        s1 = plus(s1, v128.load(h + at, 16), f64x2.sub(b1, a));
        a = v128.load64_splat(from, 8);
        t0 = plus(t0, v128.load(h + at, 32), f64x2.sub(b0, a));
        t1 = plus(t1, v128.load(h + at, 48), f64x2.sub(b1, a));
        a = v128.load64_splat(from, 16);
        s0 = plus(s0, v128.load(h + at, 64), f64x2.sub(b0, a));
        s1 = plus(s1, v128.load(h + at, 80), f64x2.sub(b1, a));
        a = v128.load64_splat(from, 24);
        t0 = plus(t0, v128.load(h + at, 96), f64x2.sub(b0, a));
        t1 = plus(t1, v128.load(h + at, 112), f64x2.sub(b1, a));
      }
      v128.store(result + c, f64x2.add(s0, t0));
      v128.store(result + c, f64x2.add(s1, t1), 16);
    }
  }
}
