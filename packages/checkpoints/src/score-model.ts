/**
 * Model of a score matrix in standardized units (every column centred and divided by its unit).
 *
 * z_ij = c_j + Σ_r w_jr·u_r(i) + v_j·h_j(i) + e_ij
 *
 * R, m   rows and columns;  q  rank, the number of common factors
 * u_r    common curve over the rows: Matérn with lengthscale ℓ, variance 1; the first one plus a white effect ω² of each row
 * w_jr   loading of column j on factor r; w_j1 = exp(a + t_j) > 0
 * h_j    the column's own curve: Matérn with lengthscale ℓ′ (or ℓ), amplitude v_j = exp(a + d + t_j)
 * c_j    offset, N(0, offsetVariance)
 * e_ij   nugget N(0, σ_j²), σ_j = exp(b + n_j). The matrix is finite, so it is part of the score itself
 * U = qR length of the stacked factors;  D_j  rows observed in column j
 * S_j    covariance of the column's own part at D_j (offset, curve, nugget, noise of the evaluation)
 * Λ, β   Σ_j A_jᵀ S_j⁻¹ A_j and Σ_j A_jᵀ S_j⁻¹ z_j, with A_j the loadings scattered onto D_j
 * Σ, μ   posterior covariance and mean of the factors, U×U and U
 *
 * Given the factors, columns are independent, so the evidence costs O(U³ + Σ_j |D_j|³) whatever the number of cells.
 * Unordered rows: u_r is independent over the rows, so that the loadings are a factor analysis of the columns and the rows'
 * covariance is learned from the data; h_j and ω are dropped.
 */
import { inverseOf, lowerFactor, solveLowerInPlace, timesTransposed, transposed } from './dense.ts';
import { evidenceGradient } from './evidence-gradient.ts';
import { amplitudesOf, thetaPrior } from './hyperparameters.ts';
import { logLkj } from './lkj.ts';
import { rowKernel } from './row-kernel.ts';
import type { ModelProblem, Solved } from './solved-model.ts';

/** Prior variance of a column's offset, in squared units: wide, since only differences between rows matter. */
export const offsetVariance = 100;
const jitter = 1e-6;

/** The model conditioned on the cells. Undefined where a covariance is not positive definite in float64. */
export function solve(problem: ModelProblem, theta: Float64Array): Solved | undefined {
  const { rows: R, columns, distance, form } = problem;
  const m = columns.length;
  const kCommon = distance ? rowKernel(distance, theta[0]!, form.smoothness) : undefined;
  const kOwn = form.separable || !distance ? kCommon : rowKernel(distance, theta[3]!, form.smoothness);
  const amplitudes = amplitudesOf(theta, m, form);
  const { loadings, nugget } = amplitudes;
  const kernels = {
    loadings,
    nugget,
    ownVariance: distance ? amplitudes.ownVariance : new Float64Array(m),
    common: kCommon?.value ?? identity(R),
    own: kOwn?.value ?? identity(R),
    white: distance ? Math.exp(2 * theta[1]!) : 0,
  };
  const evidence = columnEvidence(problem, kernels);
  if (!evidence) return undefined;
  const factors = factorPosterior(problem, kernels, evidence);
  if (!factors) return undefined;
  const { lambda, inverses, count } = evidence;
  const { quadratic, logDeterminant } = factors;
  return {
    problem,
    theta,
    ...kernels,
    commonSlope: kCommon?.slope,
    ownSlope: kOwn?.slope,
    lambda,
    root: factors.root,
    dual: factors.dual,
    covariance: factors.covariance,
    mean: factors.mean,
    inverses,
    logEvidence: -0.5 * (quadratic + logDeterminant + count * Math.log(2 * Math.PI)),
    logPrior: logPriorOf(problem, theta, kernels),
  };
}

type Kernels = Pick<Solved, 'loadings' | 'nugget' | 'ownVariance' | 'common' | 'own' | 'white'>;

/** What the columns' cells say of the factors, and their parts of the evidence. */
interface ColumnEvidence {
  /** Λ and β */
  readonly lambda: Float64Array;
  readonly beta: Float64Array;
  readonly inverses: readonly Float64Array[];
  /** Σ_j z_jᵀS_j⁻¹z_j, Σ_j log|S_j|, and the number of cells. */
  readonly quadratic: number;
  readonly logDeterminant: number;
  readonly count: number;
}

function columnEvidence(problem: ModelProblem, kernels: Kernels): ColumnEvidence | undefined {
  const { rows: R, columns, form } = problem;
  const { loadings } = kernels;
  const q = form.rank;
  const U = q * R;
  const lambda = new Float64Array(U * U);
  const beta = new Float64Array(U);
  const inverses: Float64Array[] = [];
  let quadratic = 0;
  let logDeterminant = 0;
  let count = 0;
  for (let j = 0; j < columns.length; j++) {
    const { rows: D, z } = columns[j]!;
    const n = D.length;
    count += n;
    const inverted = inverseOf(ownCovarianceMatrix(problem, kernels, j), n);
    if (!inverted) return undefined;
    const inverse = inverted.inverse;
    inverses.push(inverse);
    logDeterminant += inverted.logDeterminant;
    for (let a = 0; a < n; a++) {
      let alpha = 0;
      for (let b = 0; b < n; b++) alpha += inverse[a * n + b]! * z[b]!;
      quadratic += z[a]! * alpha;
      for (let r = 0; r < q; r++) {
        const w = loadings[j * q + r]!;
        beta[r * R + D[a]!]! += w * alpha;
        for (let p = 0; p < q; p++) {
          const ww = w * loadings[j * q + p]!;
          const base = (r * R + D[a]!) * U + p * R;
          for (let b = 0; b < n; b++) lambda[base + D[b]!]! += ww * inverse[a * n + b]!;
        }
      }
    }
  }
  return { lambda, beta, inverses, quadratic, logDeterminant, count };
}

/** S_j */
function ownCovarianceMatrix(
  { rows: R, columns }: ModelProblem,
  { own, ownVariance, nugget }: Kernels,
  j: number,
): Float64Array {
  const { rows: D, noise } = columns[j]!;
  const n = D.length;
  const s = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++)
      s[a * n + b] = s[b * n + a] = offsetVariance + ownVariance[j]! * own[D[a]! * R + D[b]!]!;
    s[a * n + a] = offsetVariance + ownVariance[j]! + nugget[j]! + noise;
  }
  return s;
}

/** Σ = C·(I + CᵀΛC)⁻¹·Cᵀ with CCᵀ the factors' prior covariance: no inverse of a nearly singular kernel matrix. */
function factorPosterior(
  { rows: R, form }: ModelProblem,
  { common, white }: Kernels,
  { lambda, beta, ...evidence }: ColumnEvidence,
) {
  let { quadratic, logDeterminant } = evidence;
  const U = form.rank * R;
  const prior = new Float64Array(U * U);
  for (let r = 0; r < form.rank; r++)
    for (let i = 0; i < R; i++) {
      for (let k = 0; k < R; k++) prior[(r * R + i) * U + r * R + k] = common[i * R + k]!;
      prior[(r * R + i) * U + r * R + i]! += (r === 0 ? white : 0) + jitter;
    }
  const c = lowerFactor(prior, U);
  if (!c) return undefined;
  const root = transposed(c, U, U);
  const b = timesTransposed(timesTransposed(root, lambda, U), root, U);
  for (let i = 0; i < U; i++) b[i * U + i]! += 1;
  const lb = lowerFactor(b, U);
  if (!lb) return undefined;
  for (let i = 0; i < U; i++) logDeterminant += 2 * Math.log(lb[i * U + i]!);
  solveLowerInPlace(lb, root, U);
  const rootTransposed = transposed(root, U, U);
  const covariance = timesTransposed(rootTransposed, rootTransposed, U);
  const mean = timesTransposed(covariance, beta, U);
  const lambdaMean = timesTransposed(lambda, mean, U);
  for (let i = 0; i < U; i++) quadratic -= beta[i]! * mean[i]!;
  return { root, covariance, mean, dual: beta.map((v, i) => v - lambdaMean[i]!), quadratic, logDeterminant };
}

function logPriorOf(
  { columns, form }: ModelProblem,
  theta: Float64Array,
  { loadings, ownVariance }: Kernels,
): number {
  const { mean, standardDeviation } = thetaPrior(columns.length, form);
  let logPrior = 0;
  for (let k = 0; k < theta.length; k++)
    logPrior -= 0.5 * ((theta[k]! - mean[k]!) / standardDeviation[k]!) ** 2;
  if (form.eta !== 1) logPrior += logLkj({ loadings, ownVariance, rank: form.rank, eta: form.eta }).value;
  return logPrior;
}

/** Log posterior density of θ up to a constant, and its gradient; −∞ where a covariance is not positive definite. */
export function logPosterior(
  problem: ModelProblem,
  theta: Float64Array,
): { readonly value: number; readonly gradient: Float64Array } {
  const solved = solve(problem, theta);
  if (!solved) return { value: Number.NEGATIVE_INFINITY, gradient: new Float64Array(theta.length) };
  return { value: solved.logEvidence + solved.logPrior, gradient: evidenceGradient(solved) };
}

function identity(n: number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) a[i * n + i] = 1;
  return a;
}
