/**
 * The search for hyperparameters: BFGS from a few starts, the first steps on a part of the data where there is much.
 */
import type { Rng } from '@foothold/core';
import { bfgs, lbfgsb, standardNormal } from '@foothold/numerics';
import { rowsOf } from './dense.ts';
import { largestLogExponent } from './input-warp.ts';
import { logPosterior, type Model } from './log-posterior.ts';
import { largestBend } from './output-warp.ts';

export interface Search {
  /** Hyperparameters of the last fit, when there was one. */
  readonly start?: Float64Array | undefined;
  readonly logNoiseFloor: number;
  readonly bends: boolean;
  /** Where known noise leaves nothing to estimate. */
  readonly noiseKnown: boolean;
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}

export interface Peak {
  readonly point: Float64Array;
  readonly value: number;
  /** Where the next evaluation would have been, if it were worth its gradient: the value alone, from a factor, tells. */
  readonly next?: Float64Array | undefined;
}

/** Evaluations of a climb that compares starts, fewer where few rows leave one mode as a rule, and of the one that counts. */
const shortClimb = 10;
const shortestClimb = 6;
const fewRows = 30;
const longClimb = 20;
/** A gain of this share of the log density, at least this many nats, is none: it moves no prediction that counts. */
const valueTolerance = 3e-4;
/** Up to so many, all curvature is kept. */
const fewHyperparameters = 48;
/**
 * Parts of the data that a fit climbs on before it climbs on all rows: a part is used where there are so many more rows that
 * an evaluation on it costs next to nothing. Curvature seen on one is taken along; it grows faster than the rows, since rows that
 * lie closer tell more of lengthscales and noise: by their square.
 */
const parts = [
  { rows: 50, from: 140 },
  { rows: 100, from: 140 },
  { rows: 300, from: 600 },
] as const;
const partEvaluations = 10;
/** Evaluations on all rows after a part, before the one that needs no gradient: each costs O(n³). */
const lastEvaluations = (n: number) => (n > 600 ? 1 : n > 400 ? 2 : 5);

interface Climb extends Peak {
  /** Inverse Hessian of minus the log density, undefined while nothing is known. */
  readonly curvature: Float64Array | undefined;
}

/** The best hyperparameters found; undefined when no start could be evaluated. */
export async function maximumAPosteriori(model: Model, search: Search): Promise<Peak | undefined> {
  const n = model.x.rows;
  const bounds = boundsOf(model, search);
  const climb = async (
    on: Model,
    from: Pick<Climb, 'point' | 'curvature'>,
    { evaluations, ahead = 0 }: { readonly evaluations: number; readonly ahead?: 0 | 1 },
  ): Promise<Climb> => {
    const problem = { start: from.point, ...bounds };
    const options = { maxEvaluations: evaluations + ahead, valueTolerance };
    const few = from.point.length <= fewHyperparameters;
    const dense = few ? bfgs(problem, { ...options, inverseHessian: from.curvature }) : undefined;
    const run = dense ?? lbfgsb(problem, options);
    const slope = new Float64Array(from.point.length);
    let best: Peak | undefined;
    for (let told = 0; run.point && told < evaluations; told++) {
      search.signal?.throwIfAborted();
      const { point } = run;
      const { value, gradient } = await logPosterior(on, point);
      if (!(best && best.value >= value)) best = { point, value };
      for (let k = 0; k < slope.length; k++) slope[k] = -gradient[k]!;
      run.tell(-value, slope);
    }
    return { ...best!, next: run.point, curvature: dense?.inverseHessian };
  };
  // What the last fit found is worth more than what a small part says.
  const smaller = parts.filter(({ from }) => n > from).slice(search.start ? -1 : 0);
  const stages = [...smaller.map(({ rows }) => part(model, rows)), model];
  const small = stages[0]!;
  const starts = startsOf(model, search);
  let best: Climb | undefined;
  // On a part, as with few rows, a climb is to find the neighbourhood only.
  const short = small !== model || n < fewRows ? shortestClimb : shortClimb;
  const long = small !== model ? partEvaluations : longClimb;
  for (const point of starts) {
    const peak = await climb(
      small,
      { point, curvature: undefined },
      { evaluations: starts.length === 1 ? long : short },
    );
    if (Number.isFinite(peak.value) && !(best && best.value >= peak.value)) best = peak;
  }
  if (!best) return undefined;
  if (starts.length > 1) best = await climb(small, best, { evaluations: long });
  let rows = small.x.rows;
  for (const stage of stages.slice(1)) {
    const share = (rows / stage.x.rows) ** 2;
    rows = stage.x.rows;
    const from: Pick<Climb, 'point' | 'curvature'> = {
      point: best.point,
      curvature: best.curvature?.map((u) => u * share),
    };
    best =
      stage === model
        ? await climb(stage, from, { evaluations: lastEvaluations(n), ahead: 1 })
        : await climb(stage, from, { evaluations: partEvaluations });
    if (!Number.isFinite(best.value)) return undefined;
  }
  return best;
}

function boundsOf(model: Model, search: Search) {
  const p = model.kernel.theta.length;
  const size = p + 3 + 2 * model.inputWarping.columns.length;
  const lower = new Float64Array(size);
  const upper = new Float64Array(size);
  model.kernel.theta.forEach((u, k) => {
    lower[k] = u - 6;
    upper[k] = u + 6;
  });
  lower[p] = search.logNoiseFloor;
  upper[p] = search.noiseKnown ? search.logNoiseFloor : Math.max(1, search.logNoiseFloor);
  lower[p + 1] = -3;
  upper[p + 1] = 3;
  lower[p + 2] = search.bends ? -largestBend : 0;
  upper[p + 2] = search.bends ? largestBend : 0;
  lower.fill(-largestLogExponent, p + 3);
  upper.fill(largestLogExponent, p + 3);
  return { lower, upper };
}

/** The last fit; without one the prior's mode, shorter lengthscales, and a draw from around it. */
function startsOf(model: Model, search: Search): Float64Array[] {
  if (search.start) return [search.start];
  const p = model.kernel.theta.length;
  const mode = new Float64Array(p + 3 + 2 * model.inputWarping.columns.length);
  mode.set(model.kernel.theta);
  mode[p] = Math.max(-5, search.logNoiseFloor);
  const near = Float64Array.from(mode, (u, k) => (k > 0 && k < p ? u - 2 : u));
  const drawn = Float64Array.from(mode, (u, k) => (k < p ? u - 1 + standardNormal(search.rng) : u));
  if (search.bends) {
    near[p + 2] = 1;
    drawn[p + 2] = -1;
  }
  return [mode, near, drawn];
}

/** A part of the rows: the best fifth of it by value, the others far from each other. */
function part(model: Model, size: number): Model {
  const n = model.x.rows;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => model.y[b]! - model.y[a]!);
  const chosen = order.slice(0, Math.ceil(size / 5));
  const { data, columns: d } = model.x;
  const distance = new Float64Array(n).fill(Infinity);
  for (const row of chosen) note(row);
  while (chosen.length < size) {
    let last = 0;
    for (let i = 1; i < n; i++) if (distance[i]! > distance[last]!) last = i;
    chosen.push(last);
    note(last);
    distance[last] = -1;
  }
  chosen.sort((a, b) => a - b);
  return {
    ...model,
    x: rowsOf(model.x, chosen),
    y: Float64Array.from(chosen, (i) => model.y[i]!),
    noise: model.noise && Float64Array.from(chosen, (i) => model.noise![i]!),
  };

  /** Brings the squared distances to the nearest chosen row up to date. */
  function note(row: number): void {
    for (let i = 0, at = 0; i < n; i++) {
      let square = 0;
      for (let k = row * d; k < (row + 1) * d; k++, at++) square += (data[at]! - data[k]!) ** 2;
      if (square < distance[i]!) distance[i] = square;
    }
  }
}
