/**
 * Register tiles: the only functions that do O(n³) work.
 *
 * A panel holds 4 rows (or columns) of an operand, interleaved: entry (r, k) lies at panel + 8·(4k + r), so that one k
 * is 32 consecutive bytes. A tile is 4×4 with its entry (s, v) at tile + 8·(4s + v). Loops are not unrolled: V8 would
 * interleave the steps, which needs more than its 15 vector registers (measured: 6 to 17 % slower).
 */

/** c − a·b, fused where the build has relaxed SIMD. */
export function minus(c: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_nmadd(a, b, c) : f64x2.sub(c, f64x2.mul(a, b));
}
/** c + a·b, fused where the build has relaxed SIMD. */
export function plus(c: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, c) : f64x2.add(c, f64x2.mul(a, b));
}

/** tile(s, v) −= Σ_k S(s, k) · V(v, k). */
export function tile44(s: usize, v: usize, c: usize, len: i32): void {
  let c00 = v128.load(c);
  let c01 = v128.load(c, 16);
  let c10 = v128.load(c, 32);
  let c11 = v128.load(c, 48);
  let c20 = v128.load(c, 64);
  let c21 = v128.load(c, 80);
  let c30 = v128.load(c, 96);
  let c31 = v128.load(c, 112);
  const end = s + ((<usize>len) << 5);
  while (s < end) {
    const b0 = v128.load(v);
    const b1 = v128.load(v, 16);
    let a = v128.load64_splat(s);
    c00 = minus(c00, a, b0);
    c01 = minus(c01, a, b1);
    a = v128.load64_splat(s, 8);
    c10 = minus(c10, a, b0);
    c11 = minus(c11, a, b1);
    a = v128.load64_splat(s, 16);
    c20 = minus(c20, a, b0);
    c21 = minus(c21, a, b1);
    a = v128.load64_splat(s, 24);
    c30 = minus(c30, a, b0);
    c31 = minus(c31, a, b1);
    s += 32;
    v += 32;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c10, 32);
  v128.store(c, c11, 48);
  v128.store(c, c20, 64);
  v128.store(c, c21, 80);
  v128.store(c, c30, 96);
  v128.store(c, c31, 112);
}

/** As tile44 with six rows s: four from panel s into tile c, two from s2 into the half tile c2. 12 accumulators hide the latency of a fused multiply-add. */
export function tile64(s: usize, s2: usize, v: usize, c: usize, c2: usize, len: i32): void {
  let c00 = v128.load(c);
  let c01 = v128.load(c, 16);
  let c10 = v128.load(c, 32);
  let c11 = v128.load(c, 48);
  let c20 = v128.load(c, 64);
  let c21 = v128.load(c, 80);
  let c30 = v128.load(c, 96);
  let c31 = v128.load(c, 112);
  let c40 = v128.load(c2);
  let c41 = v128.load(c2, 16);
  let c50 = v128.load(c2, 32);
  let c51 = v128.load(c2, 48);
  const end = v + ((<usize>len) << 5);
  while (v < end) {
    const b0 = v128.load(v);
    const b1 = v128.load(v, 16);
    let a = v128.load64_splat(s);
    c00 = minus(c00, a, b0);
    c01 = minus(c01, a, b1);
    a = v128.load64_splat(s, 8);
    c10 = minus(c10, a, b0);
    c11 = minus(c11, a, b1);
    a = v128.load64_splat(s, 16);
    c20 = minus(c20, a, b0);
    c21 = minus(c21, a, b1);
    a = v128.load64_splat(s, 24);
    c30 = minus(c30, a, b0);
    c31 = minus(c31, a, b1);
    a = v128.load64_splat(s2);
    c40 = minus(c40, a, b0);
    c41 = minus(c41, a, b1);
    a = v128.load64_splat(s2, 8);
    c50 = minus(c50, a, b0);
    c51 = minus(c51, a, b1);
    s += 32;
    s2 += 32;
    v += 32;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c10, 32);
  v128.store(c, c11, 48);
  v128.store(c, c20, 64);
  v128.store(c, c21, 80);
  v128.store(c, c30, 96);
  v128.store(c, c31, 112);
  v128.store(c2, c40);
  v128.store(c2, c41, 16);
  v128.store(c2, c50, 32);
  v128.store(c2, c51, 48);
}

/** Solves L·X = tile in place for a 4×4 diagonal block: `diagonal` is its tile (entry (row, column) at 4·column + row), `inverse` its 4 reciprocal pivots. */
export function solveTile(diagonal: usize, inverse: usize, c: usize): void {
  let a = v128.load64_splat(inverse);
  const x00 = f64x2.mul(v128.load(c), a);
  const x01 = f64x2.mul(v128.load(c, 16), a);
  v128.store(c, x00);
  v128.store(c, x01, 16);
  a = v128.load64_splat(diagonal, 8);
  let x10 = minus(v128.load(c, 32), a, x00);
  let x11 = minus(v128.load(c, 48), a, x01);
  a = v128.load64_splat(diagonal, 16);
  let x20 = minus(v128.load(c, 64), a, x00);
  let x21 = minus(v128.load(c, 80), a, x01);
  a = v128.load64_splat(diagonal, 24);
  let x30 = minus(v128.load(c, 96), a, x00);
  let x31 = minus(v128.load(c, 112), a, x01);
  a = v128.load64_splat(inverse, 8);
  x10 = f64x2.mul(x10, a);
  x11 = f64x2.mul(x11, a);
  v128.store(c, x10, 32);
  v128.store(c, x11, 48);
  a = v128.load64_splat(diagonal, 48);
  x20 = minus(x20, a, x10);
  x21 = minus(x21, a, x11);
  a = v128.load64_splat(diagonal, 56);
  x30 = minus(x30, a, x10);
  x31 = minus(x31, a, x11);
  a = v128.load64_splat(inverse, 16);
  x20 = f64x2.mul(x20, a);
  x21 = f64x2.mul(x21, a);
  v128.store(c, x20, 64);
  v128.store(c, x21, 80);
  a = v128.load64_splat(diagonal, 88);
  x30 = minus(x30, a, x20);
  x31 = minus(x31, a, x21);
  a = v128.load64_splat(inverse, 24);
  v128.store(c, f64x2.mul(x30, a), 96);
  v128.store(c, f64x2.mul(x31, a), 112);
}
