/**
 * What is believed of one column's cells, given its observed cells and the factors. Notation of `score-model.ts` and
 * `belief.ts`.
 */
import type { Belief } from './belief-state.ts';
import { offsetVariance } from './score-model.ts';
import type { Solved } from './solved-model.ts';

/** Prior covariance of the column's own part of the score between two rows (offset, curve, nugget). */
export function ownCovariance(solved: Solved, j: number, [i, k]: readonly [number, number]): number {
  const curve = solved.ownVariance[j]! * solved.own[i * solved.problem.rows + k]!;
  return offsetVariance + curve + (i === k ? solved.nugget[j]! : 0);
}

/** κ_j for all rows, R×|D_j|: the observed cell itself where a row is observed without noise. */
export function columnWeights(belief: Belief, j: number): Float64Array {
  const { solved, columns } = belief;
  const R = solved.problem.rows;
  const { rows: D, inverse, slot, noise } = columns[j]!;
  const n = D.length;
  const kappa = new Float64Array(R * n);
  const v = solved.ownVariance[j]!;
  const constant = new Float64Array(n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) constant[a]! += inverse[a * n + b]! * offsetVariance;
  for (let i = 0; i < R; i++) {
    const at = i * n;
    const mine = slot[i]!;
    if (mine >= 0 && noise === 0) {
      kappa[at + mine] = 1;
      continue;
    }
    for (let a = 0; a < n; a++) {
      let s = constant[a]!;
      for (let b = 0; b < n; b++) s += inverse[a * n + b]! * v * solved.own[i * R + D[b]!]!;
      if (mine >= 0) s += inverse[a * n + mine]! * solved.nugget[j]!;
      kappa[at + a] = s;
    }
  }
  return kappa;
}

/** z − Σ_r w_r μ_r at the observed cells of column j. */
export function columnResidual(belief: Belief, j: number): Float64Array {
  const { solved, columns, factorMean } = belief;
  const R = solved.problem.rows;
  const q = solved.problem.form.rank;
  const { rows: D, z } = columns[j]!;
  return Float64Array.from(D, (row, a) => {
    let v = z[a]!;
    for (let r = 0; r < q; r++) v -= solved.loadings[j * q + r]! * factorMean[r * R + row]!;
    return v;
  });
}

export interface ColumnMarginals {
  /** Mean and variance of the scores, R each; the variance is 0 where observed without noise. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** κ_j, R×|D_j| */
  readonly kappa: Float64Array;
}

/** Marginals of all cells of column j, standardized. */
export function columnMarginals(belief: Belief, j: number): ColumnMarginals {
  const { solved, columns, factorMean, factorCovariance } = belief;
  const R = solved.problem.rows;
  const q = solved.problem.form.rank;
  const U = q * R;
  const { rows: D, z, slot, noise } = columns[j]!;
  const n = D.length;
  const kappa = columnWeights(belief, j);
  const residual = columnResidual(belief, j);
  const mean = new Float64Array(R);
  const variance = new Float64Array(R);
  const first = solved.loadings[j * q]! ** 2;
  // Posterior covariance of Σ_r w_r u_r between two rows.
  const shared = (i: number, k: number): number => {
    if (q === 1) return first * factorCovariance[i * U + k]!;
    let s = 0;
    for (let r = 0; r < q; r++)
      for (let p = 0; p < q; p++)
        s +=
          solved.loadings[j * q + r]! *
          solved.loadings[j * q + p]! *
          factorCovariance[(r * R + i) * U + p * R + k]!;
    return s;
  };
  const inner = new Float64Array(n * n);
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) inner[a * n + b] = shared(D[a]!, D[b]!);
  for (let i = 0; i < R; i++) {
    if (slot[i]! >= 0 && noise === 0) {
      mean[i] = z[slot[i]!]!;
      continue;
    }
    let mu = 0;
    for (let r = 0; r < q; r++) mu += solved.loadings[j * q + r]! * factorMean[r * R + i]!;
    let v = ownCovariance(solved, j, [i, i]) + shared(i, i);
    for (let a = 0; a < n; a++) {
      const ka = kappa[i * n + a]!;
      mu += ka * residual[a]!;
      let s = 0;
      for (let b = 0; b < n; b++) s += inner[a * n + b]! * kappa[i * n + b]!;
      v += ka * (s - 2 * shared(i, D[a]!) - ownCovariance(solved, j, [i, D[a]!]));
    }
    mean[i] = mu;
    variance[i] = Math.max(v, 1e-12);
  }
  return { mean, variance, kappa };
}

/** Posterior covariance between the own parts of all rows and that of row i, given the column's cells and the factors, R. */
export function ownPosterior(
  belief: Belief,
  j: number,
  { i, kappa }: { readonly i: number; readonly kappa: Float64Array },
): Float64Array {
  const { solved, columns } = belief;
  const { rows: D, slot, noise } = columns[j]!;
  const n = D.length;
  return Float64Array.from({ length: solved.problem.rows }, (_, k) => {
    if (noise === 0 && slot[k]! >= 0) return 0;
    let c = ownCovariance(solved, j, [k, i]);
    for (let a = 0; a < n; a++) c -= kappa[i * n + a]! * ownCovariance(solved, j, [k, D[a]!]);
    return c;
  });
}

/**
 * Covariance of the chosen rows' targets with every cell of column j, R × chosen.length, cell by cell; rows of observed
 * cells are left at 0. `pulled` is U × chosen.length: the factors' covariance with the chosen targets.
 */
export function columnSlopes(
  belief: Belief,
  j: number,
  options: { readonly chosen: Int32Array; readonly pulled: Float64Array; readonly kappa: Float64Array },
): Float64Array {
  const { solved, columns, filteredOwn } = belief;
  const { chosen, pulled, kappa } = options;
  const { filter, weights } = belief.target;
  const R = solved.problem.rows;
  const q = solved.problem.form.rank;
  const { rows: D, slot } = columns[j]!;
  const n = D.length;
  const t = chosen.length;
  const weight = weights[j]!;
  const curve = weight * solved.ownVariance[j]!;
  const nugget = weight * solved.nugget[j]!;
  // What each target shares with the cells of row x before column j's own cells are known.
  const before = new Float64Array(R * t);
  for (let x = 0; x < R; x++) {
    const at = x * t;
    for (let c = 0; c < t; c++) {
      const i = chosen[c]!;
      before[at + c] =
        weight * offsetVariance +
        curve * filteredOwn[i * R + x]! +
        (filter ? nugget * filter[i * R + x]! : i === x ? nugget : 0);
    }
    for (let r = 0; r < q; r++) {
      const l = solved.loadings[j * q + r]!;
      const from = (r * R + x) * t;
      for (let c = 0; c < t; c++) before[at + c]! += l * pulled[from + c]!;
    }
  }
  const slopes = new Float64Array(R * t);
  for (let i = 0; i < R; i++) {
    if (slot[i]! >= 0) continue;
    const at = i * t;
    for (let c = 0; c < t; c++) slopes[at + c] = before[at + c]!;
    for (let a = 0; a < n; a++) {
      const f = kappa[i * n + a]!;
      const from = D[a]! * t;
      for (let c = 0; c < t; c++) slopes[at + c]! -= f * before[from + c]!;
    }
  }
  return slopes;
}
