/**
 * Which cell to run next. Every cell that is neither observed nor pending is scored.
 *
 * s_i(c) = Cov(τ_i, y_c) / √Var(y_c): move of row i's target per standard deviation of cell c. The matrix is finite, so the
 * nugget of c is part of τ of its own row.
 */
import { knowledgeGradient, logH } from '@foothold/numerics';
import { pulledFactors } from './belief.ts';
import type { Belief } from './belief-state.ts';
import { bestRow, candidateRows } from './best-row.ts';
import { columnMarginals, columnSlopes } from './column-belief.ts';

export type CellAcquisition =
  /**
   * Knowledge gradient of the target. `lookahead`: cells alike that the gain is computed for at once (moves grow by its root),
   * so that what takes several cells to decide is worth starting; 1 is the plain one-step gain.
   */
  | { readonly kind: 'knowledge-gradient'; readonly lookahead?: number | undefined }
  /**
   * Expected improvement of the mean by one cell, with that cell's standard deviation alone. The best must be exceeded by `beta` units
   * of score; both it and the damping of a column's dense regions shrink by `decay` a step; `damping` 0 to 1 is their
   * strength.
   */
  | {
      readonly kind: 'expected-improvement';
      readonly beta?: number | undefined;
      readonly decay?: number | undefined;
      readonly damping?: number | undefined;
    };

export interface CellScores {
  /** Score by row × column, larger is better; −∞ where the cell is not available. */
  readonly score: Float64Array;
  /** The best cell, or undefined where none is available. */
  readonly best: { readonly row: number; readonly column: number } | undefined;
  /** True where all gains vanished and the cell was chosen by the variance that it removes between the top rows. */
  readonly tie: boolean;
}

export interface ScoreOptions {
  readonly acquisition: CellAcquisition;
  /** Cost of a cell, positive. */
  readonly cost: (row: number, column: number) => number;
  readonly available: (row: number, column: number) => boolean;
  /** Steps taken so far, for what decays. */
  readonly step: number;
  /** Only the best cell matters: cells that a bound rules out keep that bound as their score. */
  readonly onlyBest?: boolean | undefined;
}

/** Scores all available cells. */
export function scoreCells(belief: Belief, options: ScoreOptions): CellScores {
  return options.acquisition.kind === 'knowledge-gradient'
    ? byKnowledgeGradient(belief, { ...options, lookahead: options.acquisition.lookahead ?? 4 })
    : byExpectedImprovement(belief, { ...options, ...options.acquisition });
}

function byKnowledgeGradient(
  belief: Belief,
  options: ScoreOptions & { readonly lookahead: number },
): CellScores {
  const { available, cost, lookahead, onlyBest = false } = options;
  const R = belief.mean.length;
  const m = belief.columns.length;
  const chosen = candidateRows(belief);
  const t = chosen.length;
  const mean = Float64Array.from(chosen, (i) => belief.mean[i]!);
  const limit = differenceStandardDeviations(belief, chosen);
  const pulled = pulledFactors(belief, chosen);
  const score = new Float64Array(R * m).fill(Number.NEGATIVE_INFINITY);
  const tieScore = new Float64Array(R * m).fill(Number.NEGATIVE_INFINITY);
  const closeness = mean.map((v, c) => Math.exp(-0.5 * ((mean[0]! - v) / (limit[c]! + 1e-300)) ** 2));
  const slope = new Float64Array(t);
  const root = Math.sqrt(lookahead);
  let highest = 0;
  let at = -1;
  for (let j = 0; j < m; j++) {
    const { variance, kappa } = columnMarginals(belief, j);
    const slopes = columnSlopes(belief, j, { chosen, pulled, kappa });
    const noise = belief.columns[j]!.noise;
    for (let i = 0; i < R; i++) {
      if (!available(i, j)) continue;
      const f = 1 / Math.sqrt(variance[i]! + noise);
      const lead = slopes[i * t]! * f;
      let spread = 0;
      let up = 0;
      let down = 0;
      for (let c = 0; c < t; c++) {
        let d = slopes[i * t + c]! * f - lead;
        spread += closeness[c]! * d * d;
        // Several cells alike cannot move a difference by more than its whole standard deviation.
        if (lookahead !== 1) {
          d *= root;
          if (d > limit[c]!) d = limit[c]!;
          else if (d < -limit[c]!) d = -limit[c]!;
        }
        slope[c] = d;
        if (d > up && 9 * d > mean[0]! - mean[c]!) up = d;
        else if (d < down && -9 * d > mean[0]! - mean[c]!) down = d;
      }
      const price = cost(i, j);
      tieScore[i * m + j] = spread / price;
      // E max(dZ − Δ) ≤ (up − down)·E Z₊, and E Z₊ = φ(0).
      const bound = (0.3989422804014327 * (up - down)) / price;
      const skip = onlyBest && bound <= highest;
      const gain = skip ? bound : knowledgeGradient(mean, slope) / price;
      score[i * m + j] = gain;
      if (!skip && gain > highest) {
        highest = gain;
        at = i * m + j;
      }
    }
  }
  return withBest({ score, tieScore }, at, m);
}

/** The scores with the best cell: `highest`, or the one of the largest tie score where no cell has a gain (−1). */
function withBest(
  { score, tieScore }: { readonly score: Float64Array; readonly tieScore: Float64Array },
  highest: number,
  m: number,
): CellScores {
  // Beyond nine standard deviations nothing distinguishes the cells by their gain.
  const tie = highest < 0;
  const at = tie ? bestRow(tieScore) : highest;
  if (score[at] === Number.NEGATIVE_INFINITY) return { score, best: undefined, tie };
  return { score, best: { row: Math.floor(at / m), column: at % m }, tie };
}

/** Standard deviation of each chosen row's difference to the first one. */
function differenceStandardDeviations(belief: Belief, chosen: Int32Array): Float64Array {
  const n = belief.mean.length;
  const lead = chosen[0]!;
  return Float64Array.from(chosen, (i) => {
    const v =
      belief.covariance[i * n + i]! +
      belief.covariance[lead * n + lead]! -
      2 * belief.covariance[i * n + lead]!;
    return Math.sqrt(Math.max(v, 0));
  });
}

function byExpectedImprovement(
  belief: Belief,
  options: ScoreOptions & {
    readonly beta?: number | undefined;
    readonly decay?: number | undefined;
    readonly damping?: number | undefined;
  },
): CellScores {
  const { available, cost, step, beta = 0.5, decay = 0.9925, damping = 1 } = options;
  const R = belief.mean.length;
  const m = belief.columns.length;
  const { weights } = belief.target;
  const faded = decay ** step;
  const score = new Float64Array(R * m).fill(Number.NEGATIVE_INFINITY);
  const lead = belief.mean[bestRow(belief.mean)]!;
  const unit = weights.reduce((a, b) => a + Math.abs(b), 0) / m;
  const density = new Float64Array(R * m);
  let lowest = Number.POSITIVE_INFINITY;
  for (let j = 0; j < m; j++) {
    if (weights[j] === 0) continue;
    const { variance } = columnMarginals(belief, j);
    const { rows } = belief.columns[j]!;
    for (let i = 0; i < R; i++) {
      if (!available(i, j)) continue;
      const standardDeviation = Math.abs(weights[j]!) * Math.sqrt(variance[i]!);
      const z = (belief.mean[i]! - lead - beta * faded * unit) / standardDeviation;
      const value = Math.log(standardDeviation) + logH(z) - Math.log(cost(i, j));
      score[i * m + j] = value;
      lowest = Math.min(lowest, value);
      let near = 0;
      for (const k of rows) near += Math.exp(-0.5 * ((i - k) / 2) ** 2);
      density[i * m + j] = Math.min(near, 1);
    }
  }
  for (let at = 0; at < score.length; at++)
    if (score[at]! > Number.NEGATIVE_INFINITY)
      score[at] = (score[at]! - lowest) * (1 - damping * faded * Math.sqrt(density[at]!)) + lowest;
  const top = bestRow(score);
  if (score.length === 0 || score[top] === Number.NEGATIVE_INFINITY)
    return { score, best: undefined, tie: false };
  return { score, best: { row: Math.floor(top / m), column: top % m }, tie: false };
}
