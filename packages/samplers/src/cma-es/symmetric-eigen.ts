/**
 * Eigenvalues and vectors of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan 2013, "Matrix
 * Computations", §8.5): slower than tridiagonal methods, but accurate to the last digits also for small eigenvalues.
 */

export interface SymmetricEigen {
  readonly values: Float64Array;
  /** d×d row-major; column k belongs to value k. */
  readonly vectors: Float64Array;
}

const sweeps = 60;

/** Of the symmetric d×d row-major matrix `a`, which is not changed. */
export function symmetricEigen(a: Float64Array, d: number): SymmetricEigen {
  const m = Float64Array.from(a);
  const vectors = new Float64Array(d * d);
  for (let i = 0; i < d; i++) vectors[i * d + i] = 1;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let rotated = false;
    for (let p = 0; p < d; p++)
      for (let q = p + 1; q < d; q++) {
        const off = m[p * d + q]!;
        if (Math.abs(off) <= 2 ** -53 * Math.sqrt(Math.abs(m[p * d + p]! * m[q * d + q]!))) continue;
        rotated = true;
        const theta = (m[q * d + q]! - m[p * d + p]!) / (2 * off);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        rotate(m, vectors, { d, p, q, t });
      }
    if (!rotated) break;
  }
  return { values: Float64Array.from({ length: d }, (_, i) => m[i * d + i]!), vectors };
}

/** m ← JᵀmJ and vectors ← vectors·J with the rotation by tangent t in the plane p, q. */
function rotate(
  m: Float64Array,
  vectors: Float64Array,
  { d, p, q, t }: { readonly d: number; readonly p: number; readonly q: number; readonly t: number },
): void {
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  const off = m[p * d + q]!;
  m[p * d + p]! -= t * off;
  m[q * d + q]! += t * off;
  m[p * d + q] = 0;
  m[q * d + p] = 0;
  for (let k = 0; k < d; k++) {
    if (k !== p && k !== q) {
      const kp = m[k * d + p]!;
      const kq = m[k * d + q]!;
      m[k * d + p] = c * kp - s * kq;
      m[p * d + k] = m[k * d + p]!;
      m[k * d + q] = s * kp + c * kq;
      m[q * d + k] = m[k * d + q]!;
    }
    const vp = vectors[k * d + p]!;
    const vq = vectors[k * d + q]!;
    vectors[k * d + p] = c * vp - s * vq;
    vectors[k * d + q] = s * vp + c * vq;
  }
}
