/**
 * The minimum of the quadratic model over the box, in two stages (Byrd et al. 1995, algorithms CP and §5.1): the first
 * local minimum along the projected steepest-descent path, then the minimum over the coordinates that are free there,
 * brought back into the box by projection (Morales & Nocedal 2011) or, if that does not descend, by shortening.
 *
 * x, g   point and gradient, n
 * p, c   Wᵀd and Wᵀ(xᶜ − x), 2k
 */

import { dot } from '../dot.ts';
import type { Curvature } from './curvature.ts';
import { solveInPlace } from './solve-in-place.ts';

export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** The point that the model prefers, n. */
export function modelMinimum(
  { point: x, gradient: g }: { readonly point: Float64Array; readonly gradient: Float64Array },
  box: Box,
  b: Curvature,
): Float64Array {
  const { cauchy, c, free } = cauchyPoint({ point: x, gradient: g }, box, b);
  if (b.width() === 0 || free.length === 0) return cauchy;
  const step = subspaceStep({ x, g, cauchy, c, free }, b);
  if (!step) return cauchy;
  const projected = Float64Array.from(cauchy);
  free.forEach((i, k) => {
    projected[i] = Math.min(Math.max(cauchy[i]! + step[k]!, box.lower[i]!), box.upper[i]!);
  });
  let slope = 0;
  for (let i = 0; i < x.length; i++) slope += g[i]! * (projected[i]! - x[i]!);
  if (slope < 0) return projected;
  let share = 1;
  free.forEach((i, k) => {
    const room = step[k]! > 0 ? box.upper[i]! - cauchy[i]! : box.lower[i]! - cauchy[i]!;
    if (step[k]! !== 0 && room / step[k]! < share) share = Math.max(0, room / step[k]!);
  });
  free.forEach((i, k) => {
    cauchy[i]! += share * step[k]!;
  });
  return cauchy;
}

interface Cauchy {
  readonly cauchy: Float64Array;
  readonly c: Float64Array;
  readonly free: readonly number[];
}

/** The first local minimum along the projected steepest-descent path, with Wᵀ(xᶜ − x) and the coordinates that are free there. */
function cauchyPoint(
  { point: x, gradient: g }: { readonly point: Float64Array; readonly gradient: Float64Array },
  { lower, upper }: Box,
  b: Curvature,
): Cauchy {
  const n = x.length;
  const width = b.width();
  const theta = b.theta();
  const { d, breaks, order } = breakpoints({ point: x, gradient: g }, { lower, upper });
  const cauchy = Float64Array.from(x);

  const p = new Float64Array(width);
  const c = new Float64Array(width);
  const w = new Float64Array(width);
  const mw = new Float64Array(width);
  b.transposed(d, p);
  b.middle(p, mw);
  let slope = -dot(d, d);
  const curve0 = -theta * slope;
  let curve = curve0 - dot(p, mw);
  let best = curve > 0 ? -slope / curve : Infinity;
  let t = 0;
  let next = 0;
  for (; next < order.length; next++) {
    const i = order[next]!;
    const dt = breaks[i]! - t;
    if (best < dt || slope >= 0) break;
    const gi = g[i]!;
    cauchy[i] = d[i]! > 0 ? upper[i]! : lower[i]!;
    const z = cauchy[i]! - x[i]!;
    for (let k = 0; k < width; k++) c[k]! += dt * p[k]!;
    b.row(i, w);
    b.middle(w, mw);
    slope += dt * curve + gi * gi + theta * gi * z - gi * dot(mw, c);
    curve += -theta * gi * gi - 2 * gi * dot(mw, p) - gi * gi * dot(mw, w);
    // Rounding may leave a curvature that is zero or below.
    curve = Math.max(curve, 2.2e-16 * curve0);
    for (let k = 0; k < width; k++) p[k]! += gi * w[k]!;
    d[i] = 0;
    t = breaks[i]!;
    best = curve > 0 ? -slope / curve : Infinity;
  }
  const last = slope < 0 && Number.isFinite(best) ? best : 0;
  const free: number[] = [];
  for (let i = 0; i < n; i++) {
    if (d[i] === 0) continue;
    cauchy[i] = Math.min(Math.max(x[i]! + (t + last) * d[i]!, lower[i]!), upper[i]!);
  }
  for (let k = 0; k < width; k++) c[k]! += last * p[k]!;
  for (let i = 0; i < n; i++) if (cauchy[i]! > lower[i]! && cauchy[i]! < upper[i]!) free.push(i);
  return { cauchy, c, free };
}

/** The steepest-descent direction, the step at which each coordinate meets its bound (n), and the coordinates that do, by step. */
function breakpoints(
  { point: x, gradient: g }: { readonly point: Float64Array; readonly gradient: Float64Array },
  { lower, upper }: Box,
) {
  const d = new Float64Array(x.length);
  const breaks = new Float64Array(x.length);
  const order: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const gi = g[i]!;
    breaks[i] = gi < 0 ? (x[i]! - upper[i]!) / gi : gi > 0 ? (x[i]! - lower[i]!) / gi : Infinity;
    if (breaks[i]! > 0) d[i] = -gi;
    if (breaks[i]! > 0 && breaks[i]! < Infinity) order.push(i);
  }
  order.sort((i, j) => breaks[i]! - breaks[j]!);
  return { d, breaks, order };
}

/** From the Cauchy point to the minimum over the free coordinates without bounds; undefined when the solve fails. */
function subspaceStep(
  at: {
    readonly x: Float64Array;
    readonly g: Float64Array;
    readonly cauchy: Float64Array;
    readonly c: Float64Array;
    readonly free: readonly number[];
  },
  b: Curvature,
): Float64Array | undefined {
  const { x, g, cauchy, c, free } = at;
  const width = b.width();
  const theta = b.theta();
  const w = new Float64Array(width);
  const mc = new Float64Array(width);
  b.middle(c, mc);
  const residual = new Float64Array(free.length);
  const wr = new Float64Array(width);
  const ww = new Float64Array(width * width);
  free.forEach((i, k) => {
    b.row(i, w);
    residual[k] = g[i]! + theta * (cauchy[i]! - x[i]!) - dot(w, mc);
    for (let a = 0; a < width; a++) {
      wr[a]! += w[a]! * residual[k]!;
      for (let j = 0; j < width; j++) ww[a * width + j]! += w[a]! * w[j]!;
    }
  });
  // v = (I − M·WᵀZZᵀW/θ)⁻¹ M·WᵀZ·r
  const v = new Float64Array(width);
  b.middle(wr, v);
  const m = b.matrix();
  const system = new Float64Array(width * width);
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += m[i * width + k]! * ww[k * width + j]!;
      system[i * width + j] = (i === j ? 1 : 0) - sum / theta;
    }
  if (!solveInPlace(system, v, width)) return undefined;
  const step = new Float64Array(free.length);
  free.forEach((i, k) => {
    b.row(i, w);
    step[k] = -residual[k]! / theta - dot(w, v) / (theta * theta);
  });
  return step.every(Number.isFinite) ? step : undefined;
}
