/**
 * BFGS inside bounds for few coordinates, as a stepper like `lbfgsb`: a dense inverse Hessian over the coordinates that are
 * free, and a line search along the projected path (Bertsekas 1982, "Projected Newton Methods for Optimization Problems
 * with Simple Constraints", SIAM J. Control Optim. 20; Nocedal & Wright 2006, "Numerical Optimization", eq. 6.17).
 *
 * x, f, g  current point, value and gradient, n
 * p        direction, n; slope is gᵀp
 * a        step along p; `point` is x + a·p brought back into the box
 */
import { ShapeError } from '@foothold/core';
import { dot } from '../dot.ts';
import { clippedStart } from '../lbfgsb/clipped-start.ts';
import { extrapolated, interpolated, type Sample } from '../lbfgsb/step-lengths.ts';
import type { Bounds, Lbfgsb, LbfgsbOptions, Minimum, StopReason } from '../lbfgsb/stepper.ts';
import {
  descentDirection,
  type InverseHessian,
  inverseHessian,
  reset,
  setFree,
  update,
} from './inverse-hessian.ts';

export interface BfgsOptions extends Omit<LbfgsbOptions, 'memory' | 'maxIterations'> {
  /** What is known of the inverse Hessian, n×n, symmetric positive definite: that of a run on a similar function. */
  readonly inverseHessian?: Float64Array | undefined;
}

export interface Bfgs extends Lbfgsb {
  /** The present estimate of the inverse Hessian, n×n, a copy; undefined before the first update. */
  readonly inverseHessian: Float64Array | undefined;
}

const decrease = 1e-3;
const curvature = 0.9;
/** Steps of one line search. */
const maxSteps = 20;

interface Run {
  readonly limits: {
    readonly maxEvaluations: number;
    readonly firstStep: number;
    readonly gradientTolerance: number;
    readonly valueTolerance: number;
  };
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly x: Float64Array;
  readonly g: Float64Array;
  readonly p: Float64Array;
  readonly hessian: InverseHessian;
  readonly best: { readonly point: Float64Array; value: number; readonly gradient: Float64Array };
  point: Float64Array | undefined;
  minimum: Minimum | undefined;
  f: number;
  slope: number;
  evaluations: number;
  iterations: number;
  /** One line search: the step, and a bracket of one that fell enough and one that did not. */
  a: number;
  steps: number;
  from: Sample;
  low: Sample;
  high: Sample | undefined;
}

/** What was told of a point. */
interface Evaluated {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/**
 * A run that begins at `start`, clipped to the bounds. Work and memory are O(n²) an iteration, and no more than a few plain
 * loops: for up to about 50 coordinates, where all curvature seen is worth more than its last pairs. Throws ShapeError, and
 * InvalidArgumentError for bounds that cross.
 */
export function bfgs(problem: { readonly start: Float64Array } & Bounds, options: BfgsOptions = {}): Bfgs {
  const { maxEvaluations = 1000, firstStep = 1, gradientTolerance = 1e-5, valueTolerance = 2.2e-9 } = options;
  const { x, lower, upper } = clippedStart(problem);
  const n = x.length;
  const known = options.inverseHessian;
  if (known && known.length !== n * n)
    throw new ShapeError(`an inverse Hessian of ${n} coordinates has ${n * n} numbers, not ${known.length}`);
  const origin: Sample = { a: 0, f: 0, d: 0 };
  const run: Run = {
    limits: { maxEvaluations, firstStep, gradientTolerance, valueTolerance },
    lower,
    upper,
    x,
    g: new Float64Array(n),
    p: new Float64Array(n),
    hessian: inverseHessian(n, known),
    best: { point: Float64Array.from(x), value: Infinity, gradient: new Float64Array(n) },
    point: Float64Array.from(x),
    minimum: undefined,
    f: Infinity,
    slope: 0,
    evaluations: 0,
    iterations: 0,
    a: 0,
    steps: 0,
    from: origin,
    low: origin,
    high: undefined,
  };
  return {
    get inverseHessian() {
      return run.hessian.isInitial ? undefined : Float64Array.from(run.hessian.h);
    },
    get point() {
      return run.point;
    },
    get minimum() {
      return run.minimum;
    },
    tell: (value, gradient) => take(run, value, gradient),
  };
}

/** The next point after value and gradient at the present one. */
function take(run: Run, value: number, gradient: Float64Array): Float64Array | undefined {
  const { point, best, g, limits } = run;
  if (!point) return undefined;
  if (gradient.length !== g.length)
    throw new ShapeError(`the gradient has ${gradient.length} numbers, not ${g.length}`);
  const isFirst = ++run.evaluations === 1;
  const finite = Number.isFinite(value) && gradient.every(Number.isFinite) ? value : Infinity;
  if (finite < best.value || isFirst) {
    best.value = finite;
    best.point.set(point);
    best.gradient.set(gradient);
  }
  if (isFirst && finite === Infinity) return end(run, 'start-not-finite');
  if (isFirst) {
    run.f = finite;
    g.set(gradient);
  }
  if (run.evaluations >= limits.maxEvaluations) return end(run, 'max-evaluations');
  return isFirst ? search(run) : judge(run, { point, value: finite, gradient });
}

function end(run: Run, reason: StopReason): undefined {
  const { best, evaluations, iterations } = run;
  run.minimum = { ...best, evaluations, iterations, reason };
  run.point = undefined;
}

/** The largest coordinate of P(x − g) − x, P the projection onto the box. Frees and holds coordinates as they are at x. */
function projectedSize({ x, g, lower, upper, hessian }: Run): number {
  let size = 0;
  for (let i = 0; i < x.length; i++) {
    const gi = g[i]!;
    const room = gi > 0 ? x[i]! - lower[i]! : upper[i]! - x[i]!;
    const reach = Math.min(Math.abs(gi), room);
    if (reach > size) size = reach;
    if (room > 0 !== (hessian.free[i] === 1)) setFree(hessian, i, room > 0);
  }
  return size;
}

function ask(run: Run, step: number): Float64Array {
  const { x, p, lower, upper } = run;
  run.a = step;
  const next = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) next[i] = Math.min(Math.max(x[i]! + step * p[i]!, lower[i]!), upper[i]!);
  run.point = next;
  return next;
}

/** Begins the line search from x. */
function search(run: Run): Float64Array | undefined {
  const { limits, hessian, g, p } = run;
  if (projectedSize(run) <= limits.gradientTolerance) return end(run, 'gradient');
  run.slope = descentDirection(hessian, g, p);
  if (!(run.slope < 0 && run.slope > -Infinity)) {
    if (hessian.isInitial) return end(run, 'line-search');
    reset(hessian);
    run.slope = descentDirection(hessian, g, p);
  }
  run.steps = 0;
  run.from = { a: 0, f: run.f, d: run.slope };
  run.low = run.from;
  run.high = undefined;
  return ask(run, hessian.isInitial ? limits.firstStep / Math.sqrt(dot(p, p)) : 1);
}

/** Moves x to the point, and begins the next line search. */
function accept(run: Run, { point, value, gradient }: Evaluated): Float64Array | undefined {
  const { x, g, hessian, limits } = run;
  run.iterations++;
  for (let i = 0; i < x.length; i++) {
    hessian.s[i] = point[i]! - x[i]!;
    hessian.y[i] = hessian.free[i] ? gradient[i]! - g[i]! : 0;
  }
  update(hessian);
  const drop = run.f - value;
  const flat = drop <= limits.valueTolerance * Math.max(Math.abs(run.f), Math.abs(value), 1);
  run.f = value;
  x.set(point);
  g.set(gradient);
  if (flat) return end(run, projectedSize(run) <= limits.gradientTolerance ? 'gradient' : 'value');
  return search(run);
}

/** Takes the step to the point, or asks for another one. */
function judge(run: Run, told: Evaluated): Float64Array | undefined {
  const { x, g, p, lower, upper, f, slope, best } = run;
  const { point, value, gradient } = told;
  let gain = 0;
  let d = 0;
  let held = false;
  for (let i = 0; i < x.length; i++) {
    gain += g[i]! * (point[i]! - x[i]!);
    if (p[i] !== 0 && (point[i] === lower[i] || point[i] === upper[i])) held = true;
    else d += gradient[i]! * p[i]!;
  }
  const enough = value <= f + decrease * gain;
  if (enough && (held || d >= curvature * slope)) return accept(run, told);
  // Near a minimum values differ by rounding only: there the slopes decide (Hager & Zhang 2005, eq. 1.7).
  if (value <= f + 1e-15 * Math.abs(f) && d >= curvature * slope && d <= (2 * decrease - 1) * slope)
    return accept(run, told);
  if (enough) run.low = { a: run.a, f: value, d };
  else run.high = { a: run.a, f: value, d };
  const { low, high, from } = run;
  if (++run.steps < maxSteps && !(high && high.a - low.a <= 1e-12 * high.a))
    return ask(run, high ? interpolated(low, high) : extrapolated(from, low));
  // What fell enough is a step also where its slope is still steep.
  if (best.value < f) return accept(run, best);
  if (run.hessian.isInitial) return end(run, 'line-search');
  reset(run.hessian);
  return search(run);
}
