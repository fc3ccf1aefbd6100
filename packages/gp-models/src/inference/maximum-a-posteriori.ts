/**
 * The search for hyperparameters: BFGS from a few starts, the first steps on a part of the data where there is much.
 */
import type { Rng } from '@foothold/core';
import { type Bfgs, bfgs, lbfgsb, standardNormal } from '@foothold/numerics';
import { maxLogExponent } from '../warps/input-warp.ts';
import { maxWarpParameter } from '../warps/output-warp.ts';
import { rowsOf } from './dense.ts';
import { type FitProblem, logPosterior } from './log-posterior.ts';

export interface SearchOptions {
  /** Hyperparameters of the last fit, when there was one. */
  readonly start?: Float64Array | undefined;
  readonly logNoiseFloor: number;
  readonly warpsOutputs: boolean;
  /** Where known noise leaves nothing to estimate. */
  readonly noiseKnown: boolean;
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}

export interface Optimum {
  readonly point: Float64Array;
  readonly value: number;
  /** Where the next evaluation would have been, if it were worth its gradient: the value alone, from a factor, tells. */
  readonly next?: Float64Array | undefined;
}

/** Evaluations of a climb that compares starts, fewer where few rows leave one mode as a rule, and of the one that counts. */
const maxEvaluationsPerStart = 10;
const maxEvaluationsPerRoughStart = 6;
const roughStartRows = 30;
const maxEvaluations = 20;
/** A gain of this share of the log density, at least this many nats, is none: it moves no prediction that counts. */
const valueTolerance = 3e-4;
/** Up to so many, all curvature is kept. */
const maxDenseHyperparameters = 48;
/**
 * Parts of the data that a fit climbs on before it climbs on all rows: a part is used where there are so many more rows that
 * an evaluation on it costs next to nothing. Curvature seen on one is taken along; it grows faster than the rows, since rows that
 * lie closer tell more of lengthscales and noise: by their square.
 */
const subsets = [
  { rows: 50, from: 140 },
  { rows: 100, from: 140 },
  { rows: 300, from: 600 },
] as const;
const subsetEvaluations = 10;
/** Evaluations on all rows after a part, before the one that needs no gradient: each costs O(n³). */
const finalEvaluations = (n: number) => (n > 600 ? 1 : n > 400 ? 2 : 5);
/** As many more are made while a quasi-Newton step promises more than `worthwhile` nats a row: a part may be far off. */
const maxFinalEvaluations = (n: number) => (n > 600 ? 1 : n > 400 ? 6 : 20);
const minExpectedGain = 0.01;

interface SearchResult extends Optimum {
  /** Inverse Hessian of minus the log density, undefined while nothing is known. */
  readonly curvature: Float64Array | undefined;
}

/** The best hyperparameters found; undefined when no start could be evaluated. */
export async function maximumAPosteriori(
  model: FitProblem,
  search: SearchOptions,
): Promise<Optimum | undefined> {
  const n = model.x.rows;
  const bounds = boundsOf(model, search);
  const optimizeOn = async (
    on: FitProblem,
    from: Pick<SearchResult, 'point' | 'curvature'>,
    {
      evaluations,
      most = evaluations,
      ahead = 0,
    }: { readonly evaluations: number; readonly most?: number; readonly ahead?: 0 | 1 },
  ): Promise<SearchResult> => {
    const problem = { start: from.point, ...bounds };
    const options = { maxEvaluations: most + ahead, valueTolerance };
    const few = from.point.length <= maxDenseHyperparameters;
    const dense = few ? bfgs(problem, { ...options, inverseHessian: from.curvature }) : undefined;
    const run = dense ?? lbfgsb(problem, options);
    const slope = new Float64Array(from.point.length);
    let best: Optimum | undefined;
    let improves = true;
    for (let told = 0; run.point && told < (improves ? most : evaluations); told++) {
      search.signal?.throwIfAborted();
      const { point } = run;
      const { value, gradient } = await logPosterior(on, point);
      for (let k = 0; k < slope.length; k++) slope[k] = -gradient[k]!;
      run.tell(-value, slope);
      if (best && best.value >= value) continue;
      best = { point, value };
      if (most > evaluations && dense) improves = expectedGain(dense, slope) > minExpectedGain * on.y.length;
    }
    return { ...best!, next: run.point, curvature: dense?.inverseHessian };
  };
  // What the last fit found is worth more than what a small part says.
  const smaller = subsets.filter(({ from }) => n > from).slice(search.start ? -1 : 0);
  const stages = [...smaller.map(({ rows }) => subsetOf(model, rows)), model];
  const small = stages[0]!;
  const starts = startsOf(model, search);
  let best: SearchResult | undefined;
  // On a part, as with few rows, a climb is to find the neighbourhood only.
  const short = small !== model || n < roughStartRows ? maxEvaluationsPerRoughStart : maxEvaluationsPerStart;
  const long = small !== model ? subsetEvaluations : maxEvaluations;
  for (const point of starts) {
    const peak = await optimizeOn(
      small,
      { point, curvature: undefined },
      { evaluations: starts.length === 1 ? long : short },
    );
    if (Number.isFinite(peak.value) && !(best && best.value >= peak.value)) best = peak;
  }
  if (!best) return undefined;
  if (starts.length > 1) best = await optimizeOn(small, best, { evaluations: long });
  let rows = small.x.rows;
  for (const stage of stages.slice(1)) {
    const share = (rows / stage.x.rows) ** 2;
    rows = stage.x.rows;
    const from: Pick<SearchResult, 'point' | 'curvature'> = {
      point: best.point,
      curvature: best.curvature?.map((u) => u * share),
    };
    best =
      stage === model
        ? await optimizeOn(stage, from, {
            evaluations: finalEvaluations(n),
            most: maxFinalEvaluations(n),
            ahead: 1,
          })
        : await optimizeOn(stage, from, { evaluations: subsetEvaluations });
    if (!Number.isFinite(best.value)) return undefined;
  }
  return best;
}

/** ½·gᵀHg: what the step to the top of the quadratic model gains; without a model there is no telling. */
function expectedGain({ inverseHessian: h }: Bfgs, g: Float64Array): number {
  if (!h) return Infinity;
  let sum = 0;
  for (let i = 0, at = 0; i < g.length; i++)
    for (let j = 0; j < g.length; j++, at++) sum += g[i]! * h[at]! * g[j]!;
  return sum / 2;
}

function boundsOf(model: FitProblem, search: SearchOptions) {
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
  lower[p + 2] = search.warpsOutputs ? -maxWarpParameter : 0;
  upper[p + 2] = search.warpsOutputs ? maxWarpParameter : 0;
  lower.fill(-maxLogExponent, p + 3);
  upper.fill(maxLogExponent, p + 3);
  return { lower, upper };
}

/** The last fit; without one the prior's mode, shorter lengthscales, and a draw from around it. */
function startsOf(model: FitProblem, search: SearchOptions): Float64Array[] {
  if (search.start) return [search.start];
  const p = model.kernel.theta.length;
  const mode = new Float64Array(p + 3 + 2 * model.inputWarping.columns.length);
  mode.set(model.kernel.theta);
  mode[p] = Math.max(-5, search.logNoiseFloor);
  const near = Float64Array.from(mode, (u, k) => (k > 0 && k < p ? u - 2 : u));
  const drawn = Float64Array.from(mode, (u, k) => (k < p ? u - 1 + standardNormal(search.rng) : u));
  if (search.warpsOutputs) {
    near[p + 2] = 1;
    drawn[p + 2] = -1;
  }
  return [mode, near, drawn];
}

/**
 * A part of the rows: the best fifth of it by value, the others evenly from the best to the worst. Rows far from each other
 * would hide what varies over short distances, and a climb on all rows then stays where that counts as noise.
 */
function subsetOf(model: FitProblem, size: number): FitProblem {
  const order = Array.from(model.y.keys()).sort((a, b) => model.y[b]! - model.y[a]!);
  const best = Math.ceil(size / 5);
  const pace = (order.length - best) / (size - best);
  const chosen = [
    ...order.slice(0, best),
    ...Array.from({ length: size - best }, (_, k) => order[best + Math.floor((k + 0.5) * pace)]!),
  ].sort((a, b) => a - b);
  return {
    ...model,
    x: rowsOf(model.x, chosen),
    y: Float64Array.from(chosen, (i) => model.y[i]!),
    noise: model.noise && Float64Array.from(chosen, (i) => model.noise![i]!),
  };
}
