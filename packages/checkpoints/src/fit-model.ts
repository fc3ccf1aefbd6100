import { minimize } from '@foothold/numerics';
import { curveDegree } from './curve-degree.ts';
import { timesTransposed } from './dense.ts';
import { type ModelForm, startTheta, thetaLength } from './hyperparameters.ts';
import { logPosterior, solve } from './score-model.ts';
import type { ModelProblem, Solved } from './solved-model.ts';

/** Rows beyond which hyperparameters are fitted on neighbouring rows merged into bins. */
const maxFittedRows = 160;
/** Cells of a column beyond which hyperparameters are fitted on every second, third … of them: its evidence is cubic in them. */
const maxFittedCells = 48;

export interface FittedModel {
  readonly form: ModelForm;
  readonly theta: Float64Array;
  /** Log evidence at the mode, minus ½·k·log(n/m) for the k loadings beyond the first factor. */
  readonly score: number;
  /** Complexity of the common curve, see `curveDegree`. */
  readonly degree: number;
  /** Times the lengthscale had to be raised because the common curve was too complex. */
  readonly raised: number;
}

export interface FitModelOptions {
  readonly forms: readonly ModelForm[];
  /** Where to start, of the form given; from the prior otherwise. */
  readonly previous?: { readonly form: ModelForm; readonly theta: Float64Array } | undefined;
  /** Largest complexity of the common curve; beyond it the lengthscale is raised. */
  readonly maxDegree: number;
  readonly iterations: number;
}

/** The most probable hyperparameters of each form, and the form of the largest penalized evidence. */
export function fitModel(problem: Omit<ModelProblem, 'form'>, options: FitModelOptions): FittedModel {
  const reduced = merged(thinned(problem));
  let best: FittedModel | undefined;
  for (const form of options.forms) {
    const start = startOf(reduced.columns.length, form, options.previous);
    const fitted = fitForm({ ...reduced, form }, { ...options, start });
    if (fitted && (!best || fitted.score > best.score)) best = fitted;
  }
  if (best) return best;
  // No covariance could be factored: the prior's own hyperparameters, which no data can spoil.
  const form = options.forms[0]!;
  return {
    form,
    theta: startTheta(problem.columns.length, form),
    score: Number.NEGATIVE_INFINITY,
    degree: 0,
    raised: 0,
  };
}

function startOf(columns: number, form: ModelForm, previous: FitModelOptions['previous']): Float64Array {
  if (!previous) return startTheta(columns, form);
  if (previous.form.rank === form.rank) return previous.theta;
  // Another rank: keep what both forms have.
  const start = startTheta(columns, form);
  start.set(previous.theta.subarray(0, Math.min(start.length, thetaLength(columns, previous.form))));
  return start;
}

function fitForm(
  problem: ModelProblem,
  options: FitModelOptions & { readonly start: Float64Array },
): FittedModel | undefined {
  const { start, maxDegree, iterations } = options;
  const lower = new Float64Array(start.length).fill(-8);
  const upper = new Float64Array(start.length).fill(4);
  lower[0] = lower[3] = Math.log(0.02);
  lower[1] = Math.log(1e-3);
  lower[5] = Math.log(0.01);
  let theta = start;
  for (let raised = 0; ; raised++) {
    const found = minimize(
      (point) => {
        const { value, gradient } = logPosterior(problem, point);
        return { value: -value, gradient: gradient.map((v) => -v) };
      },
      theta,
      {
        lower,
        upper,
        maxIterations: iterations,
        valueTolerance: 1e-5,
        gradientTolerance: 0.05,
        firstStep: 0.5,
      },
    );
    const solved = Number.isFinite(found.value) ? solve(problem, found.point) : undefined;
    if (!solved) return undefined;
    const degree = problem.distance ? curveDegree(commonCurve(solved)) : 0;
    if (degree <= maxDegree || raised === 4) {
      const cells = problem.columns.reduce((sum, c) => sum + c.rows.length, 0);
      const m = problem.columns.length;
      const extra = (problem.form.rank - 1) * m;
      const score = solved.logEvidence + solved.logPrior - 0.5 * extra * Math.log(Math.max(cells / m, 1));
      return { form: problem.form, theta: found.point, score, degree, raised };
    }
    lower[0] = Math.max(lower[0]!, found.point[0]!) + Math.log(1.5);
    theta = found.point;
  }
}

/** Posterior mean of the first factor's smooth part, R. */
export function commonCurve(solved: Solved): Float64Array {
  const R = solved.problem.rows;
  return timesTransposed(solved.common, solved.dual.slice(0, R), R);
}

function thinned(problem: Omit<ModelProblem, 'form'>): Omit<ModelProblem, 'form'> {
  const columns = problem.columns.map((c) => {
    const every = c.rows.length / maxFittedCells;
    if (every <= 1) return c;
    const kept = Array.from({ length: maxFittedCells }, (_, k) => Math.floor(k * every));
    return { ...c, rows: kept.map((a) => c.rows[a]!), z: kept.map((a) => c.z[a]!) };
  });
  return { ...problem, columns };
}

/** The problem with neighbouring rows merged where there are too many to fit on. */
function merged(problem: Omit<ModelProblem, 'form'>): Omit<ModelProblem, 'form'> {
  const { rows: R, columns, distance } = problem;
  if (R <= maxFittedRows) return problem;
  if (!distance) return withMostObserved(problem);
  const bin = (i: number): number => Math.floor((i * maxFittedRows) / R);
  const middle = Array.from({ length: maxFittedRows }, (_, b) =>
    Math.min(R - 1, Math.round(((b + 0.5) * R) / maxFittedRows - 0.5)),
  );
  const reduced = new Float64Array(maxFittedRows * maxFittedRows);
  middle.forEach((i, a) => {
    middle.forEach((k, b) => {
      reduced[a * maxFittedRows + b] = distance[i * R + k]!;
    });
  });
  return {
    rows: maxFittedRows,
    distance: reduced,
    columns: columns.map((c) => ({ ...c, rows: c.rows.map(bin) })),
  };
}

/** Unordered rows: those with the most cells. */
function withMostObserved(problem: Omit<ModelProblem, 'form'>): Omit<ModelProblem, 'form'> {
  const count = new Float64Array(problem.rows);
  for (const { rows } of problem.columns) for (const i of rows) count[i]!++;
  const order = Array.from(count.keys()).sort((a, b) => count[b]! - count[a]! || a - b);
  const indexOf = new Map(order.slice(0, maxFittedRows).map((row, k) => [row, k]));
  return {
    rows: maxFittedRows,
    columns: problem.columns.map((c) => {
      const kept = c.rows.flatMap((row, a) => (indexOf.has(row) ? [a] : []));
      return { ...c, rows: kept.map((a) => indexOf.get(c.rows[a]!)!), z: kept.map((a) => c.z[a]!) };
    }),
  };
}
