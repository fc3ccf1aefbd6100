/**
 * The target "worst case over tasks": the lowest score of a row over the columns of positive weight (in units of each
 * column's spread with `normalize`). A minimum is no linear function of the scores, so its moments and its covariance with
 * the cells come from joint samples of the matrix, and the knowledge gradient uses the linear regression on a cell.
 */
import { seeded } from '@foothold/core';
import { knowledgeGradient, standardNormal } from '@foothold/numerics';
import type { CellScores, ScoreOptions } from './acquisition.ts';
import type { Belief } from './belief-state.ts';
import { bestRow, type RowBelief } from './best-row.ts';
import { columnMarginals, ownPosterior } from './column-belief.ts';
import { lowerFactor } from './dense.ts';
import type { FittedBelief } from './fitted-belief.ts';
import type { ScoreProblem } from './validated.ts';

const draws = 128;
const maxRows = 40;

interface Samples {
  /** Rows that were sampled. */
  readonly rows: Int32Array;
  /** Scores in the units that the minimum is taken in, draws × rows × m. */
  readonly scores: Float64Array;
  /** Lowest score, draws × rows. */
  readonly minimumScores: Float64Array;
}

/** Mean R and covariance R×R of every row's lowest score; rows that cannot be best have their bound as mean and variance 0. */
export function worstTask(
  fitted: FittedBelief,
  problem: ScoreProblem,
): RowBelief & { readonly constant: number } {
  const R = problem.rowNames.length;
  const { rows, minimumScores: lowest, bound } = sampled(fitted, problem);
  const mean = bound.slice();
  const covariance = new Float64Array(R * R);
  const t = rows.length;
  const centre = new Float64Array(t);
  for (let c = 0; c < t; c++) {
    for (let s = 0; s < draws; s++) centre[c]! += lowest[s * t + c]! / draws;
    mean[rows[c]!] = centre[c]!;
  }
  for (let c = 0; c < t; c++)
    for (let d = 0; d < t; d++) {
      let v = 0;
      for (let s = 0; s < draws; s++)
        v += (lowest[s * t + c]! - centre[c]!) * (lowest[s * t + d]! - centre[d]!);
      covariance[rows[c]! * R + rows[d]!] = v / (draws - 1);
    }
  return { mean, covariance, constant: 0 };
}

export function worstTaskScores(
  fitted: FittedBelief,
  problem: ScoreProblem,
  options: ScoreOptions,
): CellScores {
  const { available, cost } = options;
  const R = problem.rowNames.length;
  const m = problem.columnNames.length;
  const { rows, scores, minimumScores: lowest } = sampled(fitted, problem);
  const t = rows.length;
  const mean = new Float64Array(t);
  for (let s = 0; s < draws; s++) for (let c = 0; c < t; c++) mean[c]! += lowest[s * t + c]! / draws;
  const score = new Float64Array(R * m).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < R; i++) for (let j = 0; j < m; j++) if (available(i, j)) score[i * m + j] = 0;
  const fallback = score.slice();
  const y = new Float64Array(draws);
  const slope = new Float64Array(t);
  for (let c = 0; c < t; c++)
    for (let j = 0; j < m; j++) {
      const i = rows[c]!;
      if (!available(i, j)) continue;
      let centre = 0;
      for (let s = 0; s < draws; s++) {
        y[s] = scores[(s * t + c) * m + j]!;
        centre += y[s]! / draws;
      }
      let variance = 0;
      let covariance = 0;
      for (let s = 0; s < draws; s++) {
        const d = y[s]! - centre;
        variance += (d * d) / (draws - 1);
        covariance += (d * (lowest[s * t + c]! - mean[c]!)) / (draws - 1);
      }
      // Only the cell's own row moves: between rows the sampled covariances are small and mostly sampling error.
      slope.fill(0);
      slope[c] = covariance / (Math.sqrt(variance) + 1e-300);
      const gain = knowledgeGradient(mean, slope);
      score[i * m + j] = gain / cost(i, j);
      fallback[i * m + j] = Math.abs(slope[c]!) / cost(i, j);
    }
  const top = bestRow(score);
  if (score[top] === Number.NEGATIVE_INFINITY) return { score, best: undefined, tie: false };
  const tie = !(score[top]! > 0);
  const at = tie ? bestRow(fallback) : top;
  return { score, best: { row: Math.floor(at / m), column: at % m }, tie };
}

/** Joint draws of the rows whose lowest score may be the highest, and every row's bound min_j mean_ij. */
function sampled(
  { belief, units, scoreWeights }: FittedBelief,
  problem: ScoreProblem,
): Samples & { readonly bound: Float64Array } {
  const R = problem.rowNames.length;
  const m = problem.columnNames.length;
  const counted = Array.from({ length: m }, (_, j) => j).filter((j) => problem.weights[j]! > 0);
  // Score in the minimum's units: scale·z + shift.
  const scale = Float64Array.from({ length: m }, (_, j) =>
    problem.normalize
      ? (scoreWeights[j]! / Math.max(problem.weights[j]!, 1e-300)) * units.unit[j]!
      : units.unit[j]!,
  );
  const shift = Float64Array.from({ length: m }, (_, j) => (problem.normalize ? 0 : units.centre[j]!));
  const bound = new Float64Array(R).fill(Number.POSITIVE_INFINITY);
  const reach = new Float64Array(R).fill(Number.POSITIVE_INFINITY);
  const marginals = belief.columns.map((_, j) => columnMarginals(belief, j));
  for (const j of counted)
    for (let i = 0; i < R; i++) {
      const mean = scale[j]! * marginals[j]!.mean[i]! + shift[j]!;
      bound[i] = Math.min(bound[i]!, mean);
      reach[i] = Math.min(reach[i]!, mean + scale[j]! * Math.sqrt(marginals[j]!.variance[i]!));
    }
  const rows = Int32Array.from(
    Array.from({ length: R }, (_, i) => i)
      .sort((a, b) => reach[b]! - reach[a]! || a - b)
      .slice(0, maxRows),
  );
  const t = rows.length;
  const scores = new Float64Array(draws * t * m);
  const lowest = new Float64Array(draws * t).fill(Number.POSITIVE_INFINITY);
  const rng = seeded('worst-task');
  const factors = factorDraws(belief, () => standardNormal(rng));
  const U = belief.factorMean.length;
  for (let j = 0; j < m; j++) {
    const { mean, kappa } = marginals[j]!;
    const residual = ownFactor(belief, j, { rows, kappa });
    for (let s = 0; s < draws; s++) {
      const z = Float64Array.from({ length: t }, () => standardNormal(rng));
      for (let c = 0; c < t; c++) {
        let v =
          mean[rows[c]!]! +
          movedBy(belief, j, { row: rows[c]!, kappa, u: factors.subarray(s * U, (s + 1) * U) });
        if (residual) for (let d = 0; d <= c; d++) v += residual[c * t + d]! * z[d]!;
        const value = scale[j]! * v + shift[j]!;
        scores[(s * t + c) * m + j] = value;
        if (problem.weights[j]! > 0) lowest[s * t + c] = Math.min(lowest[s * t + c]!, value);
      }
    }
  }
  return { rows, scores, minimumScores: lowest, bound };
}

/** Standard deviations of the factors from their mean, draws × U. */
function factorDraws(belief: Belief, normal: () => number): Float64Array {
  const U = belief.factorMean.length;
  const lifted = belief.factorCovariance.slice();
  for (let u = 0; u < U; u++) lifted[u * U + u]! += 1e-8;
  const l = lowerFactor(lifted, U);
  const out = new Float64Array(draws * U);
  const z = new Float64Array(U);
  for (let s = 0; s < draws; s++) {
    for (let u = 0; u < U; u++) z[u] = normal();
    for (let u = 0; u < U; u++) {
      let v = 0;
      if (l) for (let k = 0; k <= u; k++) v += l[u * U + k]! * z[k]!;
      out[s * U + u] = v;
    }
  }
  return out;
}

/** G_c·u */
function movedBy(
  belief: Belief,
  j: number,
  { row, kappa, u }: { readonly row: number; readonly kappa: Float64Array; readonly u: Float64Array },
): number {
  const { solved, columns } = belief;
  const q = solved.problem.form.rank;
  const R = solved.problem.rows;
  const { rows: D } = columns[j]!;
  let s = 0;
  for (let r = 0; r < q; r++) {
    let v = u[r * R + row]!;
    for (let a = 0; a < D.length; a++) v -= kappa[row * D.length + a]! * u[r * R + D[a]!]!;
    s += solved.loadings[j * q + r]! * v;
  }
  return s;
}

/** Lower factor of the own parts' posterior covariance over the rows, t×t. */
function ownFactor(
  belief: Belief,
  j: number,
  { rows, kappa }: { readonly rows: Int32Array; readonly kappa: Float64Array },
): Float64Array | undefined {
  const t = rows.length;
  const c = new Float64Array(t * t);
  for (let a = 0; a < t; a++) {
    const own = ownPosterior(belief, j, { i: rows[a]!, kappa });
    for (let b = 0; b < t; b++) c[a * t + b] = own[rows[b]!]!;
    c[a * t + a]! += 1e-9;
  }
  return lowerFactor(c, t);
}
