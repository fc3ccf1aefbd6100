/**
 * L-BFGS-B as a stepper: it asks for a point, takes value and gradient there, and asks for the next. So one code path
 * serves synchronous and asynchronous callers, and many runs advance together.
 *
 * Byrd, Lu, Nocedal & Zhu 1995, "A Limited Memory Algorithm for Bound Constrained Optimization", SIAM J. Sci. Comput. 16.
 */
import { ShapeError } from '@foothold/core';
import { dot } from '../dot.ts';
import { clippedStart } from './clipped-start.ts';
import { curvature } from './curvature.ts';
import { lineSearch } from './line-search.ts';
import { modelMinimum } from './quadratic-model.ts';
import type { Bounds, Lbfgsb, LbfgsbOptions, Minimum, StopReason } from './stepper.ts';

interface Told {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Starts a run at `start`, clipped to the bounds. Throws ShapeError, and InvalidArgumentError for bounds that cross. */
export function lbfgsb(
  problem: { readonly start: Float64Array } & Bounds,
  options: LbfgsbOptions = {},
): Lbfgsb {
  const { x, lower, upper } = clippedStart(problem);
  const n = x.length;
  const run = iterate(x, { lower, upper }, options);
  let state = run.next();
  return {
    get point() {
      return state.done ? undefined : state.value;
    },
    get minimum() {
      return state.done ? state.value : undefined;
    },
    tell(value, gradient) {
      if (state.done) return undefined;
      if (gradient.length !== n)
        throw new ShapeError(`the gradient has ${gradient.length} numbers, not ${n}`);
      const finite = Number.isFinite(value) && gradient.every(Number.isFinite);
      state = run.next({ value: finite ? value : Infinity, gradient: Float64Array.from(gradient) });
      return state.done ? undefined : state.value;
    },
  };
}

function* iterate(
  start: Float64Array,
  box: { readonly lower: Float64Array; readonly upper: Float64Array },
  options: LbfgsbOptions,
): Generator<Float64Array, Minimum, Told> {
  const { memory = 10, maxEvaluations = 1000, maxIterations = 1000, firstStep = 1 } = options;
  const { gradientTolerance = 1e-5, valueTolerance = 2.2e-9 } = options;
  const bounded = box.lower.some(Number.isFinite) || box.upper.some(Number.isFinite);
  const b = curvature(memory);
  let x = start;
  let { value: f, gradient: g } = yield x;
  let evaluations = 1;
  let iterations = 0;
  let best = { point: x, value: f, gradient: g };
  const ended = (reason: StopReason): Minimum => ({ ...best, evaluations, iterations, reason });
  if (!Number.isFinite(f)) return ended('start-not-finite');

  while (true) {
    if (projectedSize(x, g, box) <= gradientTolerance) return ended('gradient');
    if (iterations >= maxIterations) return ended('max-iterations');
    if (evaluations >= maxEvaluations) return ended('max-evaluations');

    const target = modelMinimum({ point: x, gradient: g }, box, b);
    const direction = target.map((v, i) => v - x[i]!);
    const slope = dot(g, direction);
    if (!(slope < 0)) {
      if (b.width() === 0) return ended('line-search');
      b.reset();
      continue;
    }
    const fresh = b.width() === 0;
    const length = Math.sqrt(dot(direction, direction));
    const longest = fresh && bounded ? 1 : longestStep(x, direction, box);
    const first = fresh ? Math.min(firstStep / length, longest) : 1;

    const search = lineSearch({ a: 0, f, d: slope }, first, longest);
    const searched = yield* along({ x, direction, box }, search, maxEvaluations - evaluations);
    evaluations += searched.tried.length;
    for (const { point, told } of searched.tried) if (told.value < best.value) best = { point, ...told };
    if (searched.accepted === 'not-ended') return ended('max-evaluations');
    const next = searched.accepted;
    if (!next) {
      if (fresh) return ended('line-search');
      b.reset();
      continue;
    }
    iterations++;
    const drop = f - next.told.value;
    const step = difference(next.point, x);
    const change = difference(next.told.gradient, g);
    const scale = Math.max(Math.abs(f), Math.abs(next.told.value), 1);
    x = next.point;
    f = next.told.value;
    g = next.told.gradient;
    if (f <= best.value) best = { point: x, value: f, gradient: g };
    b.push(step, change);
    if (drop <= valueTolerance * scale && projectedSize(x, g, box) > gradientTolerance) return ended('value');
  }
}

interface Tried {
  readonly a: number;
  readonly point: Float64Array;
  readonly told: Told;
}

/** Asks for the points of a line search: those it asked for, and the one that it accepts, undefined where it accepts none. */
function* along(
  {
    x,
    direction,
    box,
  }: {
    readonly x: Float64Array;
    readonly direction: Float64Array;
    readonly box: { readonly lower: Float64Array; readonly upper: Float64Array };
  },
  search: ReturnType<typeof lineSearch>,
  maxEvaluations: number,
): Generator<
  Float64Array,
  { readonly tried: readonly Tried[]; readonly accepted: Tried | undefined | 'not-ended' },
  Told
> {
  let wanted = search.next();
  const tried: Tried[] = [];
  while (!wanted.done && tried.length < maxEvaluations) {
    const a = wanted.value;
    const point = x.map((v, i) => Math.min(Math.max(v + a * direction[i]!, box.lower[i]!), box.upper[i]!));
    const told = yield point;
    tried.push({ a, point, told });
    wanted = search.next({ a, f: told.value, d: dot(told.gradient, direction) });
  }
  if (!wanted.done) return { tried, accepted: 'not-ended' };
  const { value: accepted } = wanted;
  return { tried, accepted: tried.findLast(({ a }) => a === accepted?.a) };
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from(a, (v, i) => v - b[i]!);
}

/** Largest coordinate of P(x − g) − x, P the projection onto the box. */
function projectedSize(
  x: Float64Array,
  g: Float64Array,
  box: { readonly lower: Float64Array; readonly upper: Float64Array },
): number {
  let size = 0;
  for (let i = 0; i < x.length; i++) {
    const gi = g[i]!;
    const room = gi > 0 ? x[i]! - box.lower[i]! : box.upper[i]! - x[i]!;
    size = Math.max(size, Math.min(Math.abs(gi), room));
  }
  return size;
}

/** Largest a with x + a·direction inside the box. */
function longestStep(
  x: Float64Array,
  direction: Float64Array,
  box: { readonly lower: Float64Array; readonly upper: Float64Array },
): number {
  let longest = Number.MAX_VALUE;
  for (let i = 0; i < x.length; i++) {
    const di = direction[i]!;
    const room = di > 0 ? box.upper[i]! - x[i]! : box.lower[i]! - x[i]!;
    if (di !== 0) longest = Math.min(longest, room / di);
  }
  return Math.max(longest, 1);
}
