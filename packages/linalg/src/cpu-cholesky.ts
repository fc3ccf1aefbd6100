import { finishRow } from './cpu-rows.ts';

/**
 * Cholesky factorization by rows, in 4×4 register blocks.
 *
 * l    n×n row-major: rows below `from` are finished, the others hold the lower triangle of the matrix
 * lᵢⱼ  (aᵢⱼ − Σ_{k<j} lᵢₖ lⱼₖ) / lⱼⱼ, each sum from small k to large
 */

/** Finishes rows from … n−1 in place. Throws NotPositiveDefiniteError with the first pivot that is not positive and finite. */
export function factorRows(l: Float64Array, n: number, from: number): void {
  let i = from;
  for (; i + 4 <= n; i += 4) {
    let j = 0;
    for (; j + 4 <= i; j += 4) finishBlock(l, n, { i, j });
    for (let r = i; r < i + 4; r++) finishRow(l, n, { row: r, from: j });
  }
  for (; i < n; i++) finishRow(l, n, { row: i, from: 0 });
}

/** Entries [i, i+4)×[j, j+4), all below the diagonal, whose columns left of j are finished. */
function finishBlock(l: Float64Array, n: number, { i, j }: { i: number; j: number }): void {
  let a = i * n;
  let b = a + n;
  let c = b + n;
  let d = c + n;
  let p = j * n;
  let q = p + n;
  let r = q + n;
  let s = r + n;
  let ap = l[a + j]!;
  let aq = l[a + j + 1]!;
  let ar = l[a + j + 2]!;
  let as = l[a + j + 3]!;
  let bp = l[b + j]!;
  let bq = l[b + j + 1]!;
  let br = l[b + j + 2]!;
  let bs = l[b + j + 3]!;
  let cp = l[c + j]!;
  let cq = l[c + j + 1]!;
  let cr = l[c + j + 2]!;
  let cs = l[c + j + 3]!;
  let dp = l[d + j]!;
  let dq = l[d + j + 1]!;
  let dr = l[d + j + 2]!;
  let ds = l[d + j + 3]!;
  for (const end = p + j; p < end; ) {
    const va = l[a++]!;
    const vb = l[b++]!;
    const vc = l[c++]!;
    const vd = l[d++]!;
    const vp = l[p++]!;
    const vq = l[q++]!;
    const vr = l[r++]!;
    const vs = l[s++]!;
    ap -= va * vp;
    aq -= va * vq;
    ar -= va * vr;
    as -= va * vs;
    bp -= vb * vp;
    bq -= vb * vq;
    br -= vb * vr;
    bs -= vb * vs;
    cp -= vc * vp;
    cq -= vc * vq;
    cr -= vc * vr;
    cs -= vc * vs;
    dp -= vd * vp;
    dq -= vd * vq;
    dr -= vd * vr;
    ds -= vd * vs;
  }
  // The diagonal block [j, j+4)²: p … s now point at its first column.
  const pp = l[p]!;
  const qp = l[q]!;
  const qq = l[q + 1]!;
  const rp = l[r]!;
  const rq = l[r + 1]!;
  const rr = l[r + 2]!;
  const sp = l[s]!;
  const sq = l[s + 1]!;
  const sr = l[s + 2]!;
  const ss = l[s + 3]!;
  l[a] = ap /= pp;
  l[a + 1] = aq = (aq - ap * qp) / qq;
  l[a + 2] = ar = (ar - ap * rp - aq * rq) / rr;
  l[a + 3] = (as - ap * sp - aq * sq - ar * sr) / ss;
  l[b] = bp /= pp;
  l[b + 1] = bq = (bq - bp * qp) / qq;
  l[b + 2] = br = (br - bp * rp - bq * rq) / rr;
  l[b + 3] = (bs - bp * sp - bq * sq - br * sr) / ss;
  l[c] = cp /= pp;
  l[c + 1] = cq = (cq - cp * qp) / qq;
  l[c + 2] = cr = (cr - cp * rp - cq * rq) / rr;
  l[c + 3] = (cs - cp * sp - cq * sq - cr * sr) / ss;
  l[d] = dp /= pp;
  l[d + 1] = dq = (dq - dp * qp) / qq;
  l[d + 2] = dr = (dr - dp * rp - dq * rq) / rr;
  l[d + 3] = (ds - dp * sp - dq * sq - dr * sr) / ss;
}
