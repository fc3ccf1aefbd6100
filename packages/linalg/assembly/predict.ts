import { crossCovariance } from './covariance';
import { solveLower, solveUpper } from './factor';
import { plus } from './tile';

/** Mean and Σ of squared whitened covariances of each point (4·sides numbers each); v ends up whitened. */
export function stationaryPredict(
  x: usize,
  n: i32,
  points: usize,
  sides: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  family: i32,
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
  crossCovariance(x, n, points, sides, d, ordinary, weights, family, scale, v, 0);
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
  family: i32,
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
    crossCovariance(x, n, points, 1, d, ordinary, weights, family, scale, k, h);
    pullbackWeights(n, stride, alpha, v, h, dMean, dVariance);
    pullbackColumns(x, points, bytes, scaled, stride, h, result);
  }
}

/** Weights −(dMean·α − 2·dVariance·K⁻¹k)·h of the points of one panel, in place of h. */
function pullbackWeights(
  n: i32,
  stride: usize,
  alpha: usize,
  v: usize,
  h: usize,
  dMean: usize,
  dVariance: usize,
): void {
  const two = f64x2.splat(2);
  const m0 = v128.load(dMean);
  const m1 = v128.load(dMean, 16);
  const v0 = f64x2.mul(v128.load(dVariance), two);
  const v1 = f64x2.mul(v128.load(dVariance, 16), two);
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
}

/** Sums of the weights times the differences of each scaled column. */
function pullbackColumns(
  x: usize,
  points: usize,
  bytes: usize,
  scaled: usize,
  stride: usize,
  h: usize,
  result: usize,
): void {
  for (let c: usize = 0; c < scaled; c += 32) {
    const b0 = v128.load(points + c);
    const b1 = v128.load(points + c, 16);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let t0 = s0;
    let t1 = s0;
    let from = x + c;
    for (let at: usize = 0; at < stride; at += 128, from += bytes) {
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
