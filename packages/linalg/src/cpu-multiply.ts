/** result (rows×columns) = left (rows×inner) · right (inner×columns), all row-major and without overlap. */
export interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly result: Float64Array;
}

/** Writes the product, in 4×4 register blocks. */
export function gemm(product: Product): void {
  const { rows, columns } = product;
  const i4 = rows & ~3;
  const j4 = columns & ~3;
  for (let i = 0; i < i4; i += 4) for (let j = 0; j < j4; j += 4) block(product, i, j);
  for (let i = 0; i < rows; i++) for (let j = i < i4 ? j4 : 0; j < columns; j++) entry(product, i, j);
}

function entry({ inner, columns, left, right, result }: Product, i: number, j: number): void {
  let sum = 0;
  for (let k = 0, a = i * inner, b = j; k < inner; k++, a++, b += columns) sum += left[a]! * right[b]!;
  result[i * columns + j] = sum;
}

/** Entries [i, i+4)×[j, j+4). */
function block({ inner, columns, left, right, result }: Product, i: number, j: number): void {
  let a = i * inner;
  let b = a + inner;
  let c = b + inner;
  let d = c + inner;
  let ap = 0;
  let aq = 0;
  let ar = 0;
  let as = 0;
  let bp = 0;
  let bq = 0;
  let br = 0;
  let bs = 0;
  let cp = 0;
  let cq = 0;
  let cr = 0;
  let cs = 0;
  let dp = 0;
  let dq = 0;
  let dr = 0;
  let ds = 0;
  for (let k = 0, at = j; k < inner; k++, at += columns) {
    const p = right[at]!;
    const q = right[at + 1]!;
    const r = right[at + 2]!;
    const s = right[at + 3]!;
    const va = left[a++]!;
    const vb = left[b++]!;
    const vc = left[c++]!;
    const vd = left[d++]!;
    ap += va * p;
    aq += va * q;
    ar += va * r;
    as += va * s;
    bp += vb * p;
    bq += vb * q;
    br += vb * r;
    bs += vb * s;
    cp += vc * p;
    cq += vc * q;
    cr += vc * r;
    cs += vc * s;
    dp += vd * p;
    dq += vd * q;
    dr += vd * r;
    ds += vd * s;
  }
  let at = i * columns + j;
  result[at] = ap;
  result[at + 1] = aq;
  result[at + 2] = ar;
  result[at + 3] = as;
  at += columns;
  result[at] = bp;
  result[at + 1] = bq;
  result[at + 2] = br;
  result[at + 3] = bs;
  at += columns;
  result[at] = cp;
  result[at + 1] = cq;
  result[at + 2] = cr;
  result[at + 3] = cs;
  at += columns;
  result[at] = dp;
  result[at + 1] = dq;
  result[at + 2] = dr;
  result[at + 3] = ds;
}
