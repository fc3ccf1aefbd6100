/**
 * Gradient of the log posterior of θ by Fisher's identity, ∂ log p(z) = E[∂ log p(z, u) | z] (Fisher 1925; Cappé, Moulines,
 * Rydén 2005, prop. 10.1.6): given the factors, every column's term is its own. Notation of `score-model.ts`.
 */
import { timesTransposed, transposed } from './dense.ts';
import { sharedLength, thetaPrior } from './hyperparameters.ts';
import { logLkj } from './lkj.ts';
import type { Solved } from './solved-model.ts';

/** ∂(log evidence + log prior)/∂θ, the length of θ. */
export function evidenceGradient(solved: Solved): Float64Array {
  const { problem, theta, loadings, ownVariance } = solved;
  const { form } = problem;
  const m = problem.columns.length;
  const { mean, standardDeviation } = thetaPrior(m, form);
  const g = theta.map((v, k) => -(v - mean[k]!) / (standardDeviation[k]! * standardDeviation[k]!));
  addFactors(solved, g);
  const prior =
    form.eta === 1 ? undefined : logLkj({ loadings, ownVariance, rank: form.rank, eta: form.eta });
  for (let j = 0; j < m; j++) {
    const part = columnPart(solved, j);
    if (prior) {
      part.ownVariance += prior.dOwnVariance[j]!;
      for (let r = 0; r < form.rank; r++) part.loadings[r]! += prior.dLoadings[j * form.rank + r]!;
    }
    addColumn(solved, j, { g, part });
  }
  return g;
}

/** ½ tr(((Λμ − β)(Λμ − β)ᵀ − Λ + ΛΣΛ)·dK) over the factors' prior covariance K. */
function addFactors(s: Solved, g: Float64Array): void {
  if (!s.commonSlope) return;
  const R = s.problem.rows;
  const q = s.problem.form.rank;
  const U = q * R;
  const half = transposed(timesTransposed(s.root, s.lambda, U), U, U);
  const reduced = timesTransposed(half, half, U);
  for (let r = 0; r < q; r++)
    for (let i = 0; i < R; i++)
      for (let k = 0; k < R; k++) {
        const at = (r * R + i) * U + r * R + k;
        const w = 0.5 * (s.dual[r * R + i]! * s.dual[r * R + k]! - s.lambda[at]! + reduced[at]!);
        g[0]! += w * s.commonSlope[i * R + k]!;
        if (r === 0 && i === k) g[1]! += w * 2 * s.white;
      }
}

interface ColumnPart {
  /** Derivatives in w_jr, in v_j² and σ_j², and in the own curve's log lengthscale. */
  readonly loadings: Float64Array;
  ownVariance: number;
  nugget: number;
  lengthscale: number;
}

/** The evidence's derivatives in what belongs to column j. */
function columnPart(s: Solved, j: number): ColumnPart {
  const { problem, covariance, mean, loadings } = s;
  const { rows: D, z } = problem.columns[j]!;
  const n = D.length;
  const R = problem.rows;
  const q = problem.form.rank;
  const U = q * R;
  const inverse = s.inverses[j]!;
  const part: ColumnPart = { loadings: new Float64Array(q), ownVariance: 0, nugget: 0, lengthscale: 0 };
  const residual = Float64Array.from(D, (row, a) => {
    let v = z[a]!;
    for (let r = 0; r < q; r++) v -= loadings[j * q + r]! * mean[r * R + row]!;
    return v;
  });
  // second = E[ρρᵀ] for ρ = z − Σ_r w_r u_r, and cross = Σ_p w_p Cov(u_p, u_r).
  const second = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) {
      let v = residual[a]! * residual[b]!;
      for (let r = 0; r < q; r++) {
        let cross = 0;
        for (let p = 0; p < q; p++)
          cross += loadings[j * q + p]! * covariance[(p * R + D[a]!) * U + r * R + D[b]!]!;
        v += loadings[j * q + r]! * cross;
        part.loadings[r]! += inverse[a * n + b]! * (residual[a]! * mean[r * R + D[b]!]! - cross);
      }
      second[a * n + b] = v;
    }
  const w = n === 0 ? second : timesTransposed(timesTransposed(inverse, second, n), inverse, n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) {
      const v = 0.5 * (w[a * n + b]! - inverse[a * n + b]!);
      const at = D[a]! * R + D[b]!;
      part.ownVariance += v * s.own[at]!;
      if (s.ownSlope) part.lengthscale += v * s.ownVariance[j]! * s.ownSlope[at]!;
      if (a === b) part.nugget += v;
    }
  return part;
}

/** Chains column j's derivatives to θ. */
function addColumn(
  s: Solved,
  j: number,
  { g, part }: { readonly g: Float64Array; readonly part: ColumnPart },
): void {
  const { form, columns, distance } = s.problem;
  const m = columns.length;
  const q = form.rank;
  const scale = s.loadings[j * q]!;
  const own = distance ? 2 * s.ownVariance[j]! * part.ownVariance : 0;
  const nugget = 2 * s.nugget[j]! * part.nugget;
  let amplitude = own;
  for (let r = 0; r < q; r++) {
    amplitude += part.loadings[r]! * s.loadings[j * q + r]!;
    if (r > 0) g[sharedLength + (r + 1) * m + j]! += part.loadings[r]! * scale;
  }
  g[2]! += amplitude;
  g[sharedLength + j]! += amplitude;
  g[4]! += own;
  g[5]! += nugget;
  g[sharedLength + m + j]! += nugget;
  if (distance) g[form.separable ? 0 : 3]! += part.lengthscale;
}
