/**
 * What one more evaluation is worth, per cost (knowledge gradient over several information sources: Poloczek, Wang,
 * Frazier 2017, "Multi-Information Source Optimization"; Frazier, Powell, Dayanik 2009).
 *
 * a₁ … a_k  targets: points that may turn out the best at the target fidelity, and the candidate itself
 * μ_i       mean of the target fidelity at a_i
 * s_i       cov(f_last(a_i), y)/√Var(y), y the observation of the candidate at its fidelity
 * value     E max(μ_i + s_i·Z) − max μ_i
 */
import { type Matrix, matrix, type Posterior, UnsupportedError } from '@foothold/core';
import { knowledgeGradient, logH } from '@foothold/numerics';

/** Candidates of one joint belief: its covariance is quadratic in them. */
const batch = 24;

export interface ScoredCandidate {
  /** Row of the candidates. */
  readonly index: number;
  readonly level: number;
  /** Expected gain of the best mean at the target fidelity, in the units of the belief. */
  readonly value: number;
}

export interface KnowledgeGradientProblem {
  readonly posterior: Posterior;
  /** Points with the fidelity's column, of whatever level. */
  readonly targets: Matrix;
  readonly candidates: Matrix;
  /** The points at a level. */
  readonly placed: (points: Matrix, level: number) => Matrix;
  /** Levels to value; `last` is that of the target fidelity. */
  readonly levels: readonly number[];
  readonly last: number;
}

/** Every candidate at every level. Throws UnsupportedError for a posterior without a joint belief. */
export async function knowledgeGradients(problem: KnowledgeGradientProblem): Promise<ScoredCandidate[]> {
  const { posterior, targets, candidates, placed, levels, last } = problem;
  if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
  const noise = posterior.noise ?? 0;
  const top = placed(targets, last);
  const k = top.rows;
  const result: ScoredCandidate[] = [];
  const mean = new Float64Array(k + 1);
  const slope = new Float64Array(k + 1);
  for (let from = 0; from < candidates.rows; from += batch) {
    const some = part(candidates, from, Math.min(from + batch, candidates.rows));
    const m = some.rows;
    const wanted = [last, ...levels.filter((level) => level !== last)];
    const rows = stacked([top, ...wanted.map((level) => placed(some, level))]);
    const { mean: means, covariance } = await posterior.joint(rows);
    const at = (i: number, j: number) => covariance.data[i * rows.rows + j]!;
    mean.set(means.subarray(0, k));
    for (let c = 0; c < m; c++) {
      mean[k] = means[k + c]!;
      wanted.forEach((level, w) => {
        if (!levels.includes(level)) return;
        const row = k + w * m + c;
        const standardDeviation = Math.sqrt(Math.max(at(row, row) + noise, 1e-300));
        for (let i = 0; i < k; i++) slope[i] = at(i, row) / standardDeviation;
        slope[k] = at(k + c, row) / standardDeviation;
        result.push({ index: from + c, level, value: knowledgeGradient(mean, slope) });
      });
    }
  }
  return result;
}

/** Expected improvement at the target fidelity over the best value observed there, for each point at that fidelity. */
export async function expectedImprovements(
  posterior: Posterior,
  points: Matrix,
  best: number,
): Promise<Float64Array> {
  const { mean, variance } = await posterior.marginals(points);
  return mean.map((m, i) => {
    const standardDeviation = Math.sqrt(Math.max(variance[i]!, 1e-300));
    return Math.exp(logH((m - best) / standardDeviation) + Math.log(standardDeviation));
  });
}

function part(a: Matrix, from: number, to: number): Matrix {
  return matrix(to - from, a.columns, a.data.slice(from * a.columns, to * a.columns));
}

function stacked(parts: readonly Matrix[]): Matrix {
  const rows = parts.reduce((sum, p) => sum + p.rows, 0);
  const result = matrix(rows, parts[0]!.columns);
  let at = 0;
  for (const { data } of parts) {
    result.data.set(data, at);
    at += data.length;
  }
  return result;
}
