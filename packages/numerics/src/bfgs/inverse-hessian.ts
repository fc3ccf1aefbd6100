/**
 * The inverse Hessian of BFGS over the coordinates that are free; one that is held at a bound has a row of the scaled
 * identity.
 *
 * h     inverse Hessian, n×n
 * s, y  step and change of the gradient, n; 0 where a coordinate is held
 */
import { dot } from '../dot.ts';

export interface InverseHessian {
  readonly n: number;
  /** n×n, row-major */
  readonly h: Float64Array;
  /** 1 where a coordinate is free, n. */
  readonly free: Uint8Array;
  /** True until a first pair of steps: h holds nothing of the function. */
  isInitial: boolean;
  /** Diagonal of the rows of held coordinates. */
  scale: number;
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly hy: Float64Array;
}

/** The identity, or the n×n values of a run on a similar function. */
export function inverseHessian(n: number, known: Float64Array | undefined): InverseHessian {
  const hessian: InverseHessian = {
    n,
    h: new Float64Array(n * n),
    free: new Uint8Array(n).fill(1),
    isInitial: true,
    scale: 1,
    s: new Float64Array(n),
    y: new Float64Array(n),
    hy: new Float64Array(n),
  };
  if (!known) reset(hessian);
  else {
    hessian.h.set(known);
    hessian.isInitial = false;
    hessian.scale = 0;
    for (let i = 0; i < n; i++) hessian.scale += known[i * n + i]! / n;
  }
  return hessian;
}

/** Makes it the identity. */
export function reset(hessian: InverseHessian): void {
  const { n, h } = hessian;
  hessian.isInitial = true;
  hessian.scale = 1;
  h.fill(0);
  for (let i = 0; i < n; i++) h[i * n + i] = 1;
}

/** Frees or holds coordinate i. Its row and column become those of the scaled identity: cross terms of another face of the box do not hold. */
export function setFree({ n, h, free, scale }: InverseHessian, i: number, isFree: boolean): void {
  free[i] = isFree ? 1 : 0;
  for (let j = 0; j < n; j++) {
    h[i * n + j] = 0;
    h[j * n + i] = 0;
  }
  h[i * n + i] = scale;
}

/** The slope gᵀp of the direction p = −H·g over the free coordinates, which is written to `p`. */
export function descentDirection({ n, h, free }: InverseHessian, g: Float64Array, p: Float64Array): number {
  let slope = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    if (free[i]) for (let j = 0, at = i * n; j < n; j++, at++) if (free[j]) sum -= h[at]! * g[j]!;
    p[i] = sum;
    slope += sum * g[i]!;
  }
  return slope;
}

/** Updates h by the pair (s, y) of the object. A pair without positive curvature is left out. */
export function update(hessian: InverseHessian): void {
  const { n, h, free, s, y, hy } = hessian;
  const sy = dot(s, y);
  const yy = dot(y, y);
  if (!(sy > 2.2e-16 * Math.sqrt(dot(s, s) * yy) && yy / sy < Infinity)) return;
  if (hessian.isInitial) {
    hessian.isInitial = false;
    hessian.scale = sy / yy;
    for (let i = 0; i < n; i++) h[i * n + i] = hessian.scale;
  }
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0, at = i * n; j < n; j++, at++) sum += h[at]! * y[j]!;
    hy[i] = free[i] ? sum / sy : 0;
  }
  // H + (1 + yᵀHy/sᵀy)·s·sᵀ/sᵀy − (s·(Hy)ᵀ + Hy·sᵀ)/sᵀy
  const weight = (1 + dot(y, hy)) / sy;
  for (let i = 0; i < n; i++) {
    const si = s[i]!;
    const own = weight * si - hy[i]!;
    for (let j = 0, at = i * n; j < n; j++, at++) h[at] = h[at]! + own * s[j]! - si * hy[j]!;
  }
}
