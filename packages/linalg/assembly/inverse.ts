import { blockDepth, blockPanels, finish, panel, update } from './factor';
import { tile44, tile64 } from './tile';

/**
 * Panels of W = L⁻ᵀ: panel p holds rows 4p … 4p + 3 of W (columns of L⁻¹) from column 4p on.
 * `wide(w, p, count)` is where its column 0 would lie, so that column k is at + 32k.
 */
export function wide(w: usize, p: i32, count: i32): usize {
  // 128·Σ_{q<p} (count − q) − 128·p
  const before = <usize>p * <usize>count - ((<usize>p * <usize>(p - 1)) >> 1);
  return w + ((before - <usize>p) << 7);
}

/** W = L⁻ᵀ. */
export function invertFactor(l: usize, inverse: usize, count: i32, w: usize): void {
  memory.fill(w, 0, (<usize>count * <usize>(count + 1)) << 6);
  for (let p = 0; p < count; p++) {
    const t = wide(w, p, count) + ((<usize>p) << 7);
    f64.store(t, 1);
    f64.store(t, 1, 40);
    f64.store(t, 1, 80);
    f64.store(t, 1, 120);
  }
  for (let from = 0; from < count; from += blockPanels) {
    const to = min(from + blockPanels, count);
    const left = from << 2;
    for (let k0 = 0; k0 < left; k0 += blockDepth) {
      const k1 = min(k0 + blockDepth, left);
      for (let p = 0; p << 2 < k1; p++) update(l, wide(w, p, count), max(k0, p << 2), k1, from, to);
    }
    for (let p = 0; p < to; p++) finish(l, inverse, wide(w, p, count), max(left, p << 2), max(from, p), to);
  }
}

/** −W·Wᵀ = −(L·Lᵀ)⁻¹ into the panels of c (as of a factor; its diagonal tiles are full). */
export function negativeInverse(w: usize, count: i32, c: usize): void {
  const n = count << 2;
  memory.fill(c, 0, (<usize>count * <usize>(count + 1)) << 6);
  for (let from = 0; from < count; from += blockPanels) {
    const to = min(from + blockPanels, count);
    for (let k0 = from << 2; k0 < n; k0 += blockDepth) {
      const k1 = min(k0 + blockDepth, n);
      for (let i = from; i < count && i << 2 < k1; i++)
        symmetricRow(w, c, count, i, from, min(to, i + 1), k0, k1);
    }
  }
}

/** Tiles (i, from … to − 1) of c −= W·Wᵀ over columns k0 … k1 − 1, of which only those from 4i on are not zero. */
function symmetricRow(w: usize, c: usize, count: i32, i: i32, from: i32, to: i32, k0: i32, k1: i32): void {
  const start = max(k0, i << 2);
  const len = k1 - start;
  const offset = (<usize>start) << 5;
  const v = wide(w, i, count) + offset;
  let t = panel(c, i) + ((<usize>from) << 7);
  let j = from;
  for (; j + 3 <= to; j += 3, t += 384) {
    const b = wide(w, j + 1, count) + offset;
    tile64(wide(w, j, count) + offset, b, v, t, t + 128, len);
    tile64(wide(w, j + 2, count) + offset, b + 16, v, t + 256, t + 192, len);
  }
  for (; j < to; j++, t += 128) tile44(wide(w, j, count) + offset, v, t, len);
}
