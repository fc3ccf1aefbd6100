import { distances } from './distance';
import { panel } from './factor';
import { padIdentity } from './layout';
import { profile } from './profile';

/** K(x, x) + diag(noise) into the panels of l, and the profile's derivatives into those of h unless that is 0. */
export function covarianceMatrix(
  x: usize,
  n: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  family: i32,
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
    profile(family, scale, to, h ? panel(h, p) : 0, (p + 1) << 4);
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

/** Covariances of n inputs with `sides` panels of points: panels of 4·count entries a point, zero from n on; derivatives into h unless that is 0. */
export function crossCovariance(
  x: usize,
  n: i32,
  points: usize,
  sides: i32,
  d: i32,
  ordinary: i32,
  weights: usize,
  family: i32,
  scale: f64,
  v: usize,
  h: usize,
): void {
  const count = (n + 3) >> 2;
  const bytes = (<usize>d) << 5;
  const stride = (<usize>count) << 7;
  for (let j = 0; j < sides; j++, v += stride, points += bytes) {
    distances(x, points, count, d, ordinary, weights, v);
    profile(family, scale, v, h ? h + <usize>j * stride : 0, count << 4);
    for (let k = n; k < count << 2; k++) {
      v128.store(v + ((<usize>k) << 5), f64x2.splat(0));
      v128.store(v + ((<usize>k) << 5), f64x2.splat(0), 16);
    }
  }
}
