/** The candidate and the fidelity with the largest gain per cost. */
import {
  type Matrix,
  matrixOf,
  type Params,
  rowOf,
  rowsByValue,
  type SampleRequest,
  type Why,
} from '@foothold/core';
import { rawSamples } from '../acquisition-optimizer/initial-points.ts';
import { inUserUnits } from '../bayesian/explanation.ts';
import type { FidelityBelief } from './fidelity-belief.ts';
import { type CostBudget, candidatesAt, type FidelityColumn } from './fidelity-column.ts';
import { expectedImprovements, knowledgeGradients, type ScoredCandidate } from './knowledge-gradients.ts';

/** Candidates over the whole space, and then near the best of these; points whose mean an observation may move. */
const [globalCount, localCount, targetCount] = [160, 64, 32];

interface FidelityProblem {
  readonly column: FidelityColumn;
  readonly costBudget: CostBudget;
  /** Levels that may be proposed. */
  readonly allowed: readonly number[];
}

interface RatedCandidate {
  readonly point: Float64Array;
  readonly level: number;
  /** Expected gain of the best value at the target fidelity. */
  readonly value: number;
  /** Value per cost. */
  readonly rate: number;
}

/** The feasible candidate of the largest value per cost, or a random point where none of them is feasible. */
export async function bestPerCost<P extends Params>(
  request: SampleRequest<P>,
  belief: FidelityBelief,
  problem: FidelityProblem,
): Promise<{ readonly point: Float64Array; readonly why: Why }> {
  const { column, costBudget, allowed } = problem;
  const feasible = new Map(allowed.map((level) => [level, candidatesAt(request, column, level)]));
  const rated = await ratedCandidates(request, belief, problem);
  for (const { point, level, rate, value } of rated.candidates) {
    const valid = feasible.get(level)!.repair(point);
    if (!valid) continue;
    const { why } = belief.fitted;
    const fidelities: Why = {
      chosen: column.valueAt(level),
      gainPerCost: rate,
      bestGainPerCost: rated.rates,
      remaining: costBudget.remaining,
      ...(why?.fidelities as Why | undefined),
    };
    return {
      point: valid,
      why: {
        stage: 'model',
        acquisition: { name: 'knowledgeGradient', value },
        prediction: inUserUnits(request, await belief.fitted.marginals(matrixOf([valid]))),
        fidelities,
        ...(why && { model: why }),
      },
    };
  }
  const point = feasible.get(allowed.at(-1)!)!.any(request.rng.fork('any'));
  return { point, why: { stage: 'model', fallback: 'random point: every candidate is taken' } };
}

/** The candidates at every allowed level, best first, and the best rate of each fidelity. */
async function ratedCandidates<P extends Params>(
  request: SampleRequest<P>,
  belief: FidelityBelief,
  { column, costBudget, allowed }: FidelityProblem,
): Promise<{ readonly candidates: readonly RatedCandidate[]; readonly rates: Record<string, number> }> {
  const { posterior, data } = belief;
  const { columns } = request.space;
  const last = column.levels - 1;
  const best = data.y.reduce(
    (most, v, i) => (column.levelOf(rowOf(data.x, i)) === last ? Math.max(most, v) : most),
    -Infinity,
  );
  const { pool, order, targets } = await poolOf(request, belief, column);
  const rated: RatedCandidate[] = [];
  const rate = async (points: Matrix) => {
    const problem = { posterior, targets, candidates: points, placed: column.placed, levels: allowed, last };
    const improvements =
      best > -Infinity ? await expectedImprovements(posterior, column.placed(points, last), best) : undefined;
    for (const scored of await knowledgeGradients(problem)) {
      const { index, level } = scored;
      const value = acquisitionValue(scored, last, improvements);
      const point = rowOf(column.placed(points, level), index);
      rated.push({ point, level, value, rate: value / costBudget.costs[level]! });
    }
    rated.sort((a, b) => b.rate - a.rate);
  };
  // What was evaluated at one fidelity may be evaluated again at another.
  await rate(pool);
  const incumbents = matrixOf(
    rated.slice(0, 4).map(({ point }) => point),
    columns.length,
  );
  await rate(rawSamples({ columns, incumbents, rng: request.rng.fork('near') }, localCount));

  const rates: Record<string, number> = {};
  for (const candidate of rated) rates[String(column.valueAt(candidate.level))] ??= candidate.rate;
  // The first evaluation at the target fidelity is of the best mean so far: there is nothing yet to improve on.
  if (best === -Infinity && rated[0]!.level === last) {
    const point = rowOf(pool, order[0]!);
    const known = rated.find((r) => r.level === last && isSame(r.point, point));
    rated.unshift({ ...(known ?? rated[0]!), point });
  }
  return { candidates: rated, rates };
}

/**
 * Observed and new points at the target fidelity, the observed ones first, with the order of these by their mean; and the
 * targets: the best of both, by mean and by upper confidence bound.
 */
async function poolOf<P extends Params>(
  request: SampleRequest<P>,
  { posterior, data }: FidelityBelief,
  column: FidelityColumn,
): Promise<{ readonly pool: Matrix; readonly order: readonly number[]; readonly targets: Matrix }> {
  const { columns } = request.space;
  const last = column.levels - 1;
  const observed = column.placed(data.x, last);
  const order = rowsByValue((await posterior.marginals(observed)).mean);
  const incumbents = matrixOf(
    order.slice(0, 5).map((i) => rowOf(observed, i)),
    columns.length,
  );
  const drawn = rawSamples({ columns, incumbents, rng: request.rng.fork('wide') }, globalCount);
  const pool = matrixOf([...rowsOf(observed), ...rowsOf(column.placed(drawn, last))], columns.length);
  const { mean, variance } = await posterior.marginals(pool);
  const upper = mean.map((m, i) => m + Math.sqrt(variance[i]!));
  const topByUpper = rowsByValue(upper).slice(0, (3 * targetCount) / 4);
  const targets = matrixOf(
    [...order.slice(0, targetCount / 4), ...topByUpper].map((i) => rowOf(pool, i)),
    columns.length,
  );
  return { pool, order, targets };
}

/** At the target fidelity the larger of what is learned and what is gained at once. */
function acquisitionValue(
  { index, level, value }: ScoredCandidate,
  last: number,
  improvements: Float64Array | undefined,
): number {
  return level === last && improvements ? Math.max(value, improvements[index]!) : value;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((u, i) => u === b[i]);
}

function rowsOf(a: Matrix): Float64Array[] {
  return Array.from({ length: a.rows }, (_, i) => rowOf(a, i));
}
