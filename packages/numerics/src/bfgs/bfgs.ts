/**
 * BFGS inside bounds for few coordinates, as a stepper like `lbfgsb`: a dense inverse Hessian over the coordinates that are
 * free, and a line search along the projected path (Bertsekas 1982, "Projected Newton Methods for Optimization Problems
 * with Simple Constraints", SIAM J. Control Optim. 20; Nocedal & Wright 2006, "Numerical Optimization", eq. 6.17).
 *
 * x, f, g  current point, value and gradient, n
 * h        inverse Hessian, n×n; a coordinate that is held at a bound has a row of the scaled identity
 * p        direction, n; slope is gᵀp
 * t        the point that is asked for: x + a·p brought back into the box
 */
import { ShapeError } from '@foothold/core';
import { clippedStart } from '../lbfgsb/clipped-start.ts';
import { dot } from '../lbfgsb/dense.ts';
import type { Bounds, Lbfgsb, LbfgsbOptions, Minimum, StopReason } from '../lbfgsb/lbfgsb.ts';
import { extrapolated, interpolated, type Sample } from '../lbfgsb/line-search.ts';

export interface BfgsOptions extends Omit<LbfgsbOptions, 'memory' | 'maxIterations'> {
  /** What is known of the inverse Hessian, n×n, symmetric positive definite: that of a run on a similar function. */
  readonly inverseHessian?: Float64Array | undefined;
}

export interface Bfgs extends Lbfgsb {
  /** The inverse Hessian as it is believed to be now, n×n, a copy; undefined while nothing is known of it. */
  readonly inverseHessian: Float64Array | undefined;
}

const decrease = 1e-3;
const curvature = 0.9;
/** Steps of one line search. */
const maxSteps = 20;

/**
 * Starts a run at `start`, clipped to the bounds. Work and memory are O(n²) an iteration, and no more than a few plain
 * loops: for up to about 50 coordinates, where all curvature seen is worth more than its last pairs. Throws ShapeError, and
 * InvalidArgumentError for bounds that cross.
 */
export function bfgs(problem: { readonly start: Float64Array } & Bounds, options: BfgsOptions = {}): Bfgs {
  const { maxEvaluations = 1000, firstStep = 1, gradientTolerance = 1e-5, valueTolerance = 2.2e-9 } = options;
  const { x, lower, upper } = clippedStart(problem);
  const n = x.length;
  const g = new Float64Array(n);
  const h = new Float64Array(n * n);
  const p = new Float64Array(n);
  const s = new Float64Array(n);
  const y = new Float64Array(n);
  const hy = new Float64Array(n);
  const free = new Uint8Array(n).fill(1);
  const best = { point: Float64Array.from(x), value: Infinity, gradient: new Float64Array(n) };
  let t: Float64Array | undefined = Float64Array.from(x);
  let minimum: Minimum | undefined;
  let f = Infinity;
  let evaluations = 0;
  let iterations = 0;
  /** True while h says nothing of the function: until a first pair of steps. */
  let fresh = true;
  let scale = 1;
  let slope = 0;
  // One line search: the step, and a bracket of one that fell enough and one that did not.
  let a = 0;
  let steps = 0;
  let from: Sample = { a: 0, f: 0, d: 0 };
  let low = from;
  let high: Sample | undefined;

  const end = (reason: StopReason): undefined => {
    minimum = { ...best, evaluations, iterations, reason };
    t = undefined;
  };

  const forget = () => {
    fresh = true;
    scale = 1;
    h.fill(0);
    for (let i = 0; i < n; i++) h[i * n + i] = 1;
  };

  /** Row and column i of h as in the scaled identity: cross terms of another face of the box are worth nothing. */
  const isolate = (i: number) => {
    for (let j = 0; j < n; j++) {
      h[i * n + j] = 0;
      h[j * n + i] = 0;
    }
    h[i * n + i] = scale;
  };

  /** Marks the free coordinates at x; the largest coordinate of P(x − g) − x, P the projection onto the box. */
  const projectedSize = (): number => {
    let size = 0;
    for (let i = 0; i < n; i++) {
      const gi = g[i]!;
      const room = gi > 0 ? x[i]! - lower[i]! : upper[i]! - x[i]!;
      const reach = Math.min(Math.abs(gi), room);
      if (reach > size) size = reach;
      const now = room > 0 ? 1 : 0;
      if (now === free[i]) continue;
      free[i] = now;
      isolate(i);
    }
    return size;
  };

  /** p = −H·g over the free coordinates. */
  const aim = () => {
    slope = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      if (free[i]) for (let j = 0, at = i * n; j < n; j++, at++) if (free[j]) sum -= h[at]! * g[j]!;
      p[i] = sum;
      slope += sum * g[i]!;
    }
  };

  const ask = (step: number): Float64Array => {
    a = step;
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++) next[i] = Math.min(Math.max(x[i]! + a * p[i]!, lower[i]!), upper[i]!);
    t = next;
    return next;
  };

  /** Begins the line search from x. */
  const search = (): Float64Array | undefined => {
    if (projectedSize() <= gradientTolerance) return end('gradient');
    aim();
    if (!(slope < 0 && slope > -Infinity)) {
      if (fresh) return end('line-search');
      forget();
      aim();
    }
    steps = 0;
    from = { a: 0, f, d: slope };
    low = from;
    high = undefined;
    return ask(fresh ? firstStep / Math.sqrt(dot(p, p)) : 1);
  };

  /** Updates h by s and y; they are 0 where a coordinate is held. A pair without positive curvature teaches nothing. */
  const learn = (point: Float64Array, gradient: Float64Array) => {
    for (let i = 0; i < n; i++) {
      s[i] = point[i]! - x[i]!;
      y[i] = free[i] ? gradient[i]! - g[i]! : 0;
    }
    const sy = dot(s, y);
    const yy = dot(y, y);
    if (!(sy > 2.2e-16 * Math.sqrt(dot(s, s) * yy) && yy / sy < Infinity)) return;
    if (fresh) {
      fresh = false;
      scale = sy / yy;
      for (let i = 0; i < n; i++) h[i * n + i] = scale;
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
  };

  const accept = (point: Float64Array, value: number, gradient: Float64Array): Float64Array | undefined => {
    iterations++;
    learn(point, gradient);
    const drop = f - value;
    const flat = drop <= valueTolerance * Math.max(Math.abs(f), Math.abs(value), 1);
    f = value;
    x.set(point);
    g.set(gradient);
    if (flat) return end(projectedSize() <= gradientTolerance ? 'gradient' : 'value');
    return search();
  };

  /** Takes the step to `point`, or asks for another one. */
  const judge = (point: Float64Array, value: number, gradient: Float64Array): Float64Array | undefined => {
    let gain = 0;
    let d = 0;
    let held = false;
    for (let i = 0; i < n; i++) {
      gain += g[i]! * (point[i]! - x[i]!);
      if (p[i] !== 0 && (point[i] === lower[i] || point[i] === upper[i])) held = true;
      else d += gradient[i]! * p[i]!;
    }
    const enough = value <= f + decrease * gain;
    if (enough && (held || d >= curvature * slope)) return accept(point, value, gradient);
    // Near a minimum values differ by rounding only: there the slopes decide (Hager & Zhang 2005, eq. 1.7).
    if (value <= f + 1e-15 * Math.abs(f) && d >= curvature * slope && d <= (2 * decrease - 1) * slope)
      return accept(point, value, gradient);
    if (enough) low = { a, f: value, d };
    else high = { a, f: value, d };
    if (++steps < maxSteps && !(high && high.a - low.a <= 1e-12 * high.a))
      return ask(high ? interpolated(low, high) : extrapolated(from, low));
    // What fell enough is a step also where its slope is still steep.
    if (best.value < f) return accept(best.point, best.value, best.gradient);
    if (fresh) return end('line-search');
    forget();
    return search();
  };

  const known = options.inverseHessian;
  if (!known) forget();
  else {
    if (known.length !== n * n)
      throw new ShapeError(
        `an inverse Hessian of ${n} coordinates has ${n * n} numbers, not ${known.length}`,
      );
    h.set(known);
    fresh = false;
    scale = 0;
    for (let i = 0; i < n; i++) scale += known[i * n + i]! / n;
  }
  return {
    get inverseHessian() {
      return fresh ? undefined : Float64Array.from(h);
    },
    get point() {
      return t;
    },
    get minimum() {
      return minimum;
    },
    tell(told, gradient) {
      if (!t) return undefined;
      if (gradient.length !== n)
        throw new ShapeError(`the gradient has ${gradient.length} numbers, not ${n}`);
      evaluations++;
      const value = Number.isFinite(told) && gradient.every(Number.isFinite) ? told : Infinity;
      if (value < best.value || evaluations === 1) {
        best.value = value;
        best.point.set(t);
        best.gradient.set(gradient);
      }
      if (evaluations === 1) {
        if (value === Infinity) return end('start-not-finite');
        f = value;
        g.set(gradient);
        return evaluations < maxEvaluations ? search() : end('max-evaluations');
      }
      return evaluations < maxEvaluations ? judge(t, value, gradient) : end('max-evaluations');
    },
  };
}
