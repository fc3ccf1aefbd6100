/** The target "best on every task": each column is a problem of its own, tied to the others by the common factors. */
import { knowledgeGradient } from '@foothold/numerics';
import type { CellScores, ScoreOptions } from './acquisition.ts';
import type { Belief } from './belief-state.ts';
import { bestProbability, bestRow, candidateRows, type RowBelief } from './best-row.ts';
import { columnMarginals, ownPosterior } from './column-belief.ts';
import { timesTransposed } from './dense.ts';

/** Joint belief over the scores of column j, standardized: mean R and covariance R×R. */
export function columnBelief(belief: Belief, j: number): RowBelief {
  const { solved, columns, factorCovariance } = belief;
  const R = solved.problem.rows;
  const q = solved.problem.form.rank;
  const U = q * R;
  const { rows: D } = columns[j]!;
  const n = D.length;
  const { mean, kappa } = columnMarginals(belief, j);
  // G of every cell, R×U.
  const g = new Float64Array(R * U);
  for (let i = 0; i < R; i++)
    for (let r = 0; r < q; r++) {
      const l = solved.loadings[j * q + r]!;
      g[i * U + r * R + i]! += l;
      for (let a = 0; a < n; a++) g[i * U + r * R + D[a]!]! -= l * kappa[i * n + a]!;
    }
  const covariance = timesTransposed(timesTransposed(g, factorCovariance, U), g, U);
  for (let i = 0; i < R; i++) {
    const own = ownPosterior(belief, j, { i, kappa });
    for (let k = 0; k < R; k++) covariance[i * R + k]! += own[k]!;
  }
  return { mean, covariance };
}

export interface ColumnBest {
  readonly row: number;
  /** Standardized. */
  readonly mean: number;
  readonly standardDeviation: number;
  readonly probability: number;
  readonly within: number;
  readonly expectedRegret: number;
}

/** The best row of each column; `tolerance` by column, standardized; `varianceInflation`, a factor on the covariance. */
export function bestByColumn(
  belief: Belief,
  {
    tolerance = () => 0,
    varianceInflation = 1,
  }: { readonly tolerance?: (j: number) => number; readonly varianceInflation?: number } = {},
): readonly ColumnBest[] {
  const R = belief.mean.length;
  return belief.columns.map((_, j) => {
    const { mean, covariance } = columnBelief(belief, j);
    const column = {
      mean,
      covariance: varianceInflation === 1 ? covariance : covariance.map((v) => v * varianceInflation),
    };
    const row = bestRow(column.mean);
    const { best, within, expectedRegret } = bestProbability(column, {
      tolerance: tolerance(j),
      samples: 500,
    });
    const standardDeviation = Math.sqrt(Math.max(column.covariance[row * R + row]!, 0));
    return {
      row,
      mean: column.mean[row]!,
      standardDeviation,
      probability: best[row]!,
      within,
      expectedRegret,
    };
  });
}

/**
 * Knowledge gradient of the weighted sum of the columns' maxima. Of a cell's gains, that of its own column is counted: the
 * others are positive and smaller, since columns meet only in the factors.
 */
export function everyTaskScores(belief: Belief, options: ScoreOptions): CellScores {
  const { available, cost } = options;
  const R = belief.mean.length;
  const m = belief.columns.length;
  const score = new Float64Array(R * m).fill(Number.NEGATIVE_INFINITY);
  const fallback = score.slice();
  for (let j = 0; j < m; j++) {
    const weight = Math.abs(belief.target.weights[j]!);
    const { mean, covariance } = columnBelief(belief, j);
    const close = candidateRows({ mean, covariance });
    const means = Float64Array.from(close, (i) => mean[i]!);
    for (let i = 0; i < R; i++) {
      if (!available(i, j)) continue;
      const standardDeviation = Math.sqrt(covariance[i * R + i]! + belief.columns[j]!.noise);
      const slope = Float64Array.from(close, (k) => covariance[k * R + i]! / standardDeviation);
      const gain = weight * knowledgeGradient(means, slope);
      score[i * m + j] = gain / cost(i, j);
      fallback[i * m + j] = (weight * standardDeviation) / cost(i, j);
    }
  }
  const top = bestRow(score);
  if (score[top] === Number.NEGATIVE_INFINITY) return { score, best: undefined, tie: false };
  const tie = !(score[top]! > 0);
  const at = tie ? bestRow(fallback) : top;
  return { score, best: { row: Math.floor(at / m), column: at % m }, tie };
}
