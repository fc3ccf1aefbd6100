import { panel } from './factor';
import { plus } from './tile';

/** One right-hand side: y holds 4·count numbers. L·x = y in place. */
export function solveVectorLower(l: usize, inverse: usize, count: i32, y: usize): void {
  for (let q = 0; q < count; q++) {
    let row = panel(l, q);
    const end = y + ((<usize>q) << 5);
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    for (let k = y; k < end; k += 32, row += 128) {
      let s = v128.load64_splat(k);
      a0 = plus(a0, v128.load(row), s);
      a1 = plus(a1, v128.load(row, 16), s);
      s = v128.load64_splat(k, 8);
      b0 = plus(b0, v128.load(row, 32), s);
      b1 = plus(b1, v128.load(row, 48), s);
      s = v128.load64_splat(k, 16);
      a0 = plus(a0, v128.load(row, 64), s);
      a1 = plus(a1, v128.load(row, 80), s);
      s = v128.load64_splat(k, 24);
      b0 = plus(b0, v128.load(row, 96), s);
      b1 = plus(b1, v128.load(row, 112), s);
    }
    a0 = f64x2.sub(v128.load(end), f64x2.add(a0, b0));
    a1 = f64x2.sub(v128.load(end, 16), f64x2.add(a1, b1));
    const at = inverse + ((<usize>q) << 5);
    const x0 = f64x2.extract_lane(a0, 0) * f64.load(at);
    const x1 = (f64x2.extract_lane(a0, 1) - f64.load(row, 8) * x0) * f64.load(at, 8);
    const x2 =
      (f64x2.extract_lane(a1, 0) - f64.load(row, 16) * x0 - f64.load(row, 48) * x1) * f64.load(at, 16);
    const x3 =
      (f64x2.extract_lane(a1, 1) - f64.load(row, 24) * x0 - f64.load(row, 56) * x1 - f64.load(row, 88) * x2) *
      f64.load(at, 24);
    f64.store(end, x0);
    f64.store(end, x1, 8);
    f64.store(end, x2, 16);
    f64.store(end, x3, 24);
  }
}

/** Lᵀ·x = y in place. */
export function solveVectorUpper(l: usize, inverse: usize, count: i32, y: usize): void {
  for (let q = count - 1; q >= 0; q--) {
    let row = panel(l, q);
    const end = y + ((<usize>q) << 5);
    const t = row + ((<usize>q) << 7);
    const at = inverse + ((<usize>q) << 5);
    const x3 = f64.load(end, 24) * f64.load(at, 24);
    const x2 = (f64.load(end, 16) - f64.load(t, 88) * x3) * f64.load(at, 16);
    const x1 = (f64.load(end, 8) - f64.load(t, 56) * x3 - f64.load(t, 48) * x2) * f64.load(at, 8);
    const x0 =
      (f64.load(end) - f64.load(t, 24) * x3 - f64.load(t, 16) * x2 - f64.load(t, 8) * x1) * f64.load(at);
    f64.store(end, x0);
    f64.store(end, x1, 8);
    f64.store(end, x2, 16);
    f64.store(end, x3, 24);
    const low = f64x2.replace_lane(f64x2.splat(x0), 1, x1);
    const high = f64x2.replace_lane(f64x2.splat(x2), 1, x3);
    for (let k = y; k < end; k += 32, row += 128) {
      const a = plus(f64x2.mul(v128.load(row), low), v128.load(row, 16), high);
      const b = plus(f64x2.mul(v128.load(row, 32), low), v128.load(row, 48), high);
      const c = plus(f64x2.mul(v128.load(row, 64), low), v128.load(row, 80), high);
      const d = plus(f64x2.mul(v128.load(row, 96), low), v128.load(row, 112), high);
      const ab = f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
      const cd = f64x2.add(v128.shuffle<f64>(c, d, 0, 2), v128.shuffle<f64>(c, d, 1, 3));
      v128.store(k, f64x2.sub(v128.load(k), ab));
      v128.store(k, f64x2.sub(v128.load(k, 16), cd), 16);
    }
  }
}
