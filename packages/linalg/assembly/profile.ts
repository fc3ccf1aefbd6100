import { minus, plus } from './tile';

/**
 * Radial profiles of stationary kernels from squared scaled distances, two at a time.
 *
 * exp(−t) = 2ᵏ·(1 + r + r²·q(r)) with k the integer nearest to −t·log₂e and r = −t − k·ln 2 in two parts; q is the
 * polynomial of degree 9 that Chebyshev interpolation gives for (eʳ − 1 − r)/r² on |r| ≤ ½ ln 2 (error 2e-17, by mpmath).
 * From t = 708 on the result is 0.
 */
const constants: usize = memory.data<f64>([
  Math.LOG2E,
  6755399441055744, // 1.5·2⁵²: adding it rounds to an integer that sits in the low bits
  0.6931471803691238, // ln 2, its leading 32 bits
  1.9082149292705877e-10, // ln 2, the rest
  0.5000000000000001,
  0.16666666666666669,
  0.04166666666662399,
  0.008333333333330051,
  0.0013888888917281794,
  0.00019841269863105968,
  2.480152119021773e-5,
  2.7557268378684192e-6,
  2.7620138719733994e-7,
  2.5100424157005067e-8,
  708,
]);

/** exp(−t) for t in [0, 708] or NaN; `at` is the address of the constants. */
function expNegative(t: v128, at: usize): v128 {
  const x = f64x2.neg(t);
  const magic = v128.load64_splat(at, 8);
  const z = plus(magic, x, v128.load64_splat(at));
  const k = f64x2.sub(z, magic);
  const r = minus(minus(x, k, v128.load64_splat(at, 16)), k, v128.load64_splat(at, 24));
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const a = plus(v128.load64_splat(at, 32), r, v128.load64_splat(at, 40));
  const b = plus(v128.load64_splat(at, 48), r, v128.load64_splat(at, 56));
  const c = plus(v128.load64_splat(at, 64), r, v128.load64_splat(at, 72));
  const d = plus(v128.load64_splat(at, 80), r, v128.load64_splat(at, 88));
  const e = plus(v128.load64_splat(at, 96), r, v128.load64_splat(at, 104));
  const high = plus(plus(c, r2, d), r4, e);
  const q = plus(plus(a, r2, b), r4, high);
  const p = f64x2.add(plus(r, r2, q), f64x2.splat(1));
  return i64x2.add(p, i64x2.shl(z, 52));
}

/**
 * Replaces `count` (even) squared distances at `k` by scale·f, and writes −2·scale·df/d(r²) to `h` unless that is 0.
 * family 1, Matérn-5/2: f = (1 + t + t²/3)·exp(−t), t = √5·r, and the derivative's part is (5/3)(1 + t)·exp(−t).
 * family 0, RBF: f = exp(−t), t = r²/2, and the derivative's part is f itself. Others trap.
 */
export function profile(family: i32, scale: f64, k: usize, h: usize, count: i32): void {
  const at = constants;
  const end = k + ((<usize>count) << 3);
  const s = f64x2.splat(scale);
  const limit = v128.load64_splat(at, 112);
  const derivative = h;
  if (family === 1) {
    const five = f64x2.splat(5);
    const one = f64x2.splat(1);
    const third = f64x2.splat(1.0 / 3.0);
    const slope = f64x2.splat((5.0 / 3.0) * scale);
    for (; k < end; k += 16, h += 16) {
      const full = f64x2.sqrt(f64x2.mul(v128.load(k), five));
      const t = f64x2.pmin(full, limit);
      const e = v128.andnot(expNegative(t, at), f64x2.ge(full, limit));
      const linear = f64x2.add(one, t);
      v128.store(k, f64x2.mul(f64x2.mul(e, s), plus(linear, f64x2.mul(t, third), t)));
      if (derivative) v128.store(h, f64x2.mul(f64x2.mul(e, slope), linear));
    }
  } else if (family === 0) {
    const half = f64x2.splat(0.5);
    for (; k < end; k += 16, h += 16) {
      const full = f64x2.mul(v128.load(k), half);
      const t = f64x2.pmin(full, limit);
      const e = f64x2.mul(v128.andnot(expNegative(t, at), f64x2.ge(full, limit)), s);
      v128.store(k, e);
      if (derivative) v128.store(h, e);
    }
  } else unreachable();
}
