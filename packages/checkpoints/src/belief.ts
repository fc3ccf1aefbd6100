/**
 * The posterior of a score matrix, kept cell by cell: exact, and incremental while the hyperparameters stand.
 *
 * Notation of `score-model.ts`, and
 * κ_j(i)  S_j⁻¹·Cov(observed cells of column j, own part of cell (i, j)): weights of the column's cells for row i
 * G_c     loadings of cell c = (i, j) on the factors given column j's cells: w_j ⊗ (e_i − Σ_a κ_a e_{D_a}), U
 * H       filter of the target over the rows, R×R (default: the identity)
 * τ       target of each row, H·Σ_j λ_j z_·j, with λ_j the column's weight times its unit
 * T       H·Σ_j λ_j G_·j: loadings of the targets on the factors, R×U
 *
 * A new cell c with innovation variance s² moves factors by ΣG_c/s², targets by Cov(τ, c)/s² and T by a matrix of rank one.
 */
import type { Belief, ColumnState, LinearTarget } from './belief-state.ts';
import {
  columnMarginals,
  columnResidual,
  columnWeights,
  ownCovariance,
  ownPosterior,
} from './column-belief.ts';
import { timesTransposed } from './dense.ts';
import type { Solved } from './solved-model.ts';

/** The belief right after `solve`. */
export function beliefOf(solved: Solved, target: LinearTarget): Belief {
  const R = solved.problem.rows;
  const columns = solved.problem.columns.map(({ rows, z, noise }, j): ColumnState => {
    const slot = new Int32Array(R).fill(-1);
    rows.forEach((row, a) => {
      slot[row] = a;
    });
    return { rows: [...rows], z: [...z], inverse: solved.inverses[j]!.slice(), slot, noise };
  });
  const belief: Belief = {
    solved,
    target,
    columns,
    factorMean: solved.mean.slice(),
    factorCovariance: solved.covariance.slice(),
    mean: new Float64Array(R),
    covariance: new Float64Array(R * R),
    loadings: new Float64Array(R * solved.mean.length),
    filteredOwn: target.filter ? timesTransposed(target.filter, solved.own, R) : solved.own,
  };
  fillTargets(belief);
  return belief;
}

/** An independent copy, to condition on cells that are only pending. */
export function copyOf(belief: Belief): Belief {
  return {
    ...belief,
    columns: belief.columns.map((c) => ({
      ...c,
      rows: [...c.rows],
      z: [...c.z],
      slot: c.slot.slice(),
    })),
    factorMean: belief.factorMean.slice(),
    factorCovariance: belief.factorCovariance.slice(),
    mean: belief.mean.slice(),
    covariance: belief.covariance.slice(),
    loadings: belief.loadings.slice(),
  };
}

/** Mean, covariance and loadings of the targets from the factors and the columns. */
function fillTargets(belief: Belief): void {
  const { solved, columns, factorMean, factorCovariance } = belief;
  const { weights, filter } = belief.target;
  const R = solved.problem.rows;
  const q = solved.problem.form.rank;
  const U = q * R;
  const mean = new Float64Array(R);
  const loadings = new Float64Array(R * U);
  const own = new Float64Array(R * R);
  for (let j = 0; j < columns.length; j++) {
    const w = weights[j]!;
    const { rows: D } = columns[j]!;
    const n = D.length;
    if (w === 0) continue;
    const kappa = columnWeights(belief, j);
    const residual = columnResidual(belief, j);
    const cross = new Float64Array(R * n);
    for (let i = 0; i < R; i++) {
      for (let a = 0; a < n; a++) {
        cross[i * n + a] = ownCovariance(solved, j, [i, D[a]!]);
        mean[i]! += w * kappa[i * n + a]! * residual[a]!;
      }
      for (let r = 0; r < q; r++) {
        const l = w * solved.loadings[j * q + r]!;
        mean[i]! += l * factorMean[r * R + i]!;
        loadings[i * U + r * R + i]! += l;
        for (let a = 0; a < n; a++) loadings[i * U + r * R + D[a]!]! -= l * kappa[i * n + a]!;
      }
    }
    const explained = n > 0 ? timesTransposed(cross, kappa, n) : new Float64Array(R * R);
    for (let i = 0; i < R; i++)
      for (let k = 0; k < R; k++)
        own[i * R + k]! += w * w * (ownCovariance(solved, j, [i, k]) - explained[i * R + k]!);
  }
  belief.mean.set(filter ? filtered(filter, mean, R) : mean);
  belief.loadings.set(filter ? filtered(filter, loadings, R) : loadings);
  const both = filter ? timesTransposed(filtered(filter, own, R), filter, R) : own;
  const common = timesTransposed(timesTransposed(belief.loadings, factorCovariance, U), belief.loadings, U);
  for (let i = 0; i < R * R; i++) belief.covariance[i] = both[i]! + common[i]!;
}

/** H·a for a R×width array; the filter is banded, so zeros are skipped. */
function filtered(filter: Float64Array, a: Float64Array, R: number): Float64Array {
  const width = a.length / R;
  const out = new Float64Array(a.length);
  for (let i = 0; i < R; i++)
    for (let k = 0; k < R; k++) {
      const h = filter[i * R + k]!;
      if (h !== 0) for (let c = 0; c < width; c++) out[i * width + c]! += h * a[k * width + c]!;
    }
  return out;
}

/** Covariance of the factors with the targets of the chosen rows, Σ·Tᵀ, U × chosen.length. */
export function pulledFactors(belief: Belief, chosen: Int32Array): Float64Array {
  const U = belief.factorMean.length;
  const t = new Float64Array(chosen.length * U);
  for (let c = 0; c < chosen.length; c++)
    t.set(belief.loadings.subarray(chosen[c]! * U, (chosen[c]! + 1) * U), c * U);
  return timesTransposed(belief.factorCovariance, t, U);
}

/** Takes in the standardized score of an unobserved cell, in place. Without a value: as if it came out as expected (a pending cell). */
export function observe(
  belief: Belief,
  cell: { readonly row: number; readonly column: number },
  value?: number,
): void {
  const { solved, columns, factorMean, factorCovariance, loadings } = belief;
  const { filter, weights } = belief.target;
  const { row: i, column: j } = cell;
  const R = solved.problem.rows;
  const q = solved.problem.form.rank;
  const U = q * R;
  const column = columns[j]!;
  const { rows: D, noise } = column;
  const n = D.length;
  const { mean, variance, kappa } = columnMarginals(belief, j);
  const own = ownPosterior(belief, j, { i, kappa });
  const ownTarget = filter ? filtered(filter, own, R) : own;
  const g = new Float64Array(U);
  for (let r = 0; r < q; r++) {
    const l = solved.loadings[j * q + r]!;
    g[r * R + i]! += l;
    for (let a = 0; a < n; a++) g[r * R + D[a]!]! -= l * kappa[i * n + a]!;
  }
  const gain = timesTransposed(factorCovariance, g, U);
  const slopes = timesTransposed(loadings, gain, U);
  for (let k = 0; k < R; k++) slopes[k]! += weights[j]! * ownTarget[k]!;
  const v = variance[i]! + noise;
  const surprise = value === undefined ? 0 : (value - mean[i]!) / v;
  for (let k = 0; k < R; k++) {
    belief.mean[k]! += slopes[k]! * surprise;
    const f = slopes[k]! / v;
    for (let t = 0; t < R; t++) belief.covariance[k * R + t]! -= f * slopes[t]!;
  }
  const pivot = own[i]! + noise;
  for (let k = 0; k < R; k++) {
    const f = (weights[j]! * ownTarget[k]!) / pivot;
    if (f !== 0) for (let u = 0; u < U; u++) loadings[k * U + u]! -= f * g[u]!;
  }
  for (let u = 0; u < U; u++) {
    factorMean[u]! += gain[u]! * surprise;
    const f = gain[u]! / v;
    for (let k = 0; k < U; k++) factorCovariance[u * U + k]! -= f * gain[k]!;
  }
  // S_j grows by a row: the bordered inverse, whose pivot is the cell's own variance given the column.
  const w = n + 1;
  const grown = new Float64Array(w * w);
  for (let a = 0; a < n; a++) {
    const ka = kappa[i * n + a]! / pivot;
    for (let b = 0; b < n; b++) grown[a * w + b] = column.inverse[a * n + b]! + ka * kappa[i * n + b]!;
    grown[a * w + n] = grown[n * w + a] = -ka;
  }
  grown[n * w + n] = 1 / pivot;
  column.inverse = grown;
  column.slot[i] = n;
  D.push(i);
  column.z.push(value ?? mean[i]!);
}
