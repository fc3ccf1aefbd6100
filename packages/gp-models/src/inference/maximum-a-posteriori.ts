/**
 * The search for hyperparameters: BFGS from a few starts, the first steps on a subset of the rows where there are many.
 */
import { type QuasiNewton, quasiNewton } from '@foothold/numerics';
import { type FitProblem, logPosterior } from './log-posterior.ts';
import { finalEvaluations, optimizationDefaults } from './optimization-defaults.ts';
import { type Bounds, boundsOf, type StartOptions, startsOf, subsetOf } from './search-starts.ts';

export interface SearchOptions extends StartOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface Optimum {
  readonly point: Float64Array;
  readonly value: number;
  /** The point that would be evaluated next. A factor there gives its value without the costly gradient. */
  readonly next?: Float64Array | undefined;
}

interface SearchResult extends Optimum {
  /** Inverse Hessian of minus the log density; undefined while nothing is known. */
  readonly curvature: Float64Array | undefined;
}

interface Start {
  readonly point: Float64Array;
  readonly curvature: Float64Array | undefined;
}

interface Effort {
  readonly bounds: Bounds;
  readonly signal: AbortSignal | undefined;
  readonly evaluations: number;
  /** Evaluations while the expected gain of the next step is large. Default: `evaluations`. */
  readonly maxEvaluations?: number;
  /** 1 where one more point is proposed than evaluated. */
  readonly ahead?: 0 | 1;
}

/** The best hyperparameters found; undefined where no start can be evaluated. */
export async function maximumAPosteriori(
  problem: FitProblem,
  options: SearchOptions,
): Promise<Optimum | undefined> {
  const n = problem.x.rows;
  const common = { bounds: boundsOf(problem, options), signal: options.signal };
  const { subsets, subsetEvaluations } = optimizationDefaults;
  // The last fit's optimum is a better start than that of a small subset.
  const sizes = subsets.filter(({ from }) => n > from).slice(options.start ? -1 : 0);
  const stages = [...sizes.map(({ rows }) => subsetOf(problem, rows)), problem];
  let best = await bestFromStarts(stages[0]!, startsOf(problem, options), {
    ...common,
    isSubset: stages.length > 1,
  });
  for (let k = 1; best && k < stages.length; k++) {
    const stage = stages[k]!;
    // Curvature grows faster than the rows, since rows that are closer tell more of lengthscales and noise: by their square.
    const ratio = (stages[k - 1]!.x.rows / stage.x.rows) ** 2;
    const start: Start = { point: best.point, curvature: best.curvature?.map((u) => u * ratio) };
    const { usual, max } = finalEvaluations(n);
    best =
      stage === problem
        ? await optimizeFrom(stage, start, { ...common, evaluations: usual, maxEvaluations: max, ahead: 1 })
        : await optimizeFrom(stage, start, { ...common, evaluations: subsetEvaluations });
    if (!Number.isFinite(best.value)) return undefined;
  }
  return best;
}

/** The optimum from the best of the starts; undefined where none can be evaluated. */
async function bestFromStarts(
  problem: FitProblem,
  starts: readonly Float64Array[],
  { isSubset, ...common }: Pick<Effort, 'bounds' | 'signal'> & { readonly isSubset: boolean },
): Promise<SearchResult | undefined> {
  const { perStart, perRoughStart, roughStartRows, evaluations, subsetEvaluations } = optimizationDefaults;
  const full = isSubset ? subsetEvaluations : evaluations;
  // On a subset, as with few rows, the first optimizations only have to find the right mode.
  const rough = isSubset || problem.x.rows < roughStartRows ? perRoughStart : perStart;
  let best: SearchResult | undefined;
  for (const point of starts) {
    const start = { point, curvature: undefined };
    const effort = { ...common, evaluations: starts.length === 1 ? full : rough };
    const result = await optimizeFrom(problem, start, effort);
    if (Number.isFinite(result.value) && !(best && best.value >= result.value)) best = result;
  }
  return best && starts.length > 1 ? optimizeFrom(problem, best, { ...common, evaluations: full }) : best;
}

/** The best of these evaluations from `start`. */
async function optimizeFrom(problem: FitProblem, start: Start, effort: Effort): Promise<SearchResult> {
  const { bounds, signal, evaluations, maxEvaluations = evaluations, ahead = 0 } = effort;
  const { maxDense, minExpectedGain, valueTolerance } = optimizationDefaults;
  const bounded = { start: start.point, ...bounds };
  const run = await quasiNewton(bounded, {
    maxEvaluations: maxEvaluations + ahead,
    valueTolerance,
    maxDense,
    inverseHessian: start.curvature,
  });
  const slope = new Float64Array(start.point.length);
  let best: Optimum | undefined;
  let limit = maxEvaluations;
  for (let count = 0; run.point && count < limit; count++) {
    signal?.throwIfAborted();
    const { point } = run;
    const { value, gradient } = await logPosterior(problem, point);
    for (let k = 0; k < slope.length; k++) slope[k] = -gradient[k]!;
    run.tell(-value, slope);
    if (best && best.value >= value) continue;
    best = { point, value };
    if (maxEvaluations > evaluations && start.point.length <= maxDense) {
      const improves = expectedGain(run, slope) > minExpectedGain * problem.y.length;
      limit = improves ? maxEvaluations : evaluations;
    }
  }
  return { ...best!, next: run.point, curvature: run.inverseHessian };
}

/** ½·gᵀHg, the gain of the step to the top of the quadratic model; Infinity without a model. */
function expectedGain({ inverseHessian: h }: QuasiNewton, g: Float64Array): number {
  if (!h) return Infinity;
  let sum = 0;
  for (let i = 0, at = 0; i < g.length; i++)
    for (let j = 0; j < g.length; j++, at++) sum += g[i]! * h[at]! * g[j]!;
  return sum / 2;
}
