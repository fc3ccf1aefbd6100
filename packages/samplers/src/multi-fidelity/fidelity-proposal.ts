/** The candidate and the fidelity with the largest utility per cost. */
import {
  type Acquisition,
  concatMatrixRows,
  type JointUtility,
  type Matrix,
  matrixOf,
  type Params,
  rowOf,
  rowsByValue,
  type SampleRequest,
  type Utility,
  type Why,
} from '@foothold/core';
import { rawSamples } from '../acquisition-optimizer/initial-points.ts';
import { finite, inUserUnits } from '../bayesian/explanation.ts';
import { inLogUnits } from '../bayesian/log-units.ts';
import { scoreOf } from '../bayesian/score.ts';
import { feasibleCandidates } from '../feasible-candidates.ts';
import type { FidelityBelief } from './fidelity-belief.ts';
import { type CostBudget, candidatesAt, type FidelityColumn } from './fidelity-column.ts';

/** Candidates over the whole space, and then near the best of these. */
const [globalCount, localCount] = [160, 64];

interface FidelityProblem {
  readonly acquisition: Acquisition;
  readonly column: FidelityColumn;
  readonly costBudget: CostBudget;
  /** Levels that may be proposed. */
  readonly allowed: readonly number[];
}

interface RatedCandidate {
  readonly point: Float64Array;
  readonly level: number;
  /** Utility in log units. */
  readonly value: number;
  /** Utility less log cost. */
  readonly rate: number;
}

/** The feasible candidate of the largest utility per cost, or a random point where none of them is feasible. */
export async function bestPerCost<P extends Params>(
  request: SampleRequest<P>,
  belief: FidelityBelief,
  problem: FidelityProblem,
): Promise<{ readonly point: Float64Array; readonly why: Why }> {
  const { acquisition, column, costBudget, allowed } = problem;
  const feasible = new Map(allowed.map((level) => [level, candidatesAt(request, column, level)]));
  const rated = await ratedCandidates(request, belief, problem);
  for (const { point, level, rate, value } of rated.candidates) {
    const valid = feasible.get(level)!.repair(point);
    if (!valid) continue;
    const { why } = belief.fitted;
    const fidelities: Why = {
      chosen: column.valueAt(level),
      gainPerCost: Math.exp(rate),
      bestGainPerCost: rated.rates,
      remaining: costBudget.remaining,
      ...(why?.fidelities as Why | undefined),
    };
    return {
      point: valid,
      why: {
        stage: 'model',
        acquisition: { name: acquisition.name ?? 'unnamed', value: finite(value) },
        prediction: inUserUnits(request, await belief.fitted.marginals(matrixOf([valid]))),
        fidelities,
        ...(why && { model: why }),
      },
    };
  }
  const point = feasible.get(allowed.at(-1)!)!.any(request.rng.fork('any'));
  return { point, why: { stage: 'model', fallback: 'random point: every candidate is taken' } };
}

/** The candidates at every allowed level, best first, and the best gain per cost of each fidelity. */
async function ratedCandidates<P extends Params>(
  request: SampleRequest<P>,
  belief: FidelityBelief,
  problem: FidelityProblem,
): Promise<{ readonly candidates: readonly RatedCandidate[]; readonly rates: Record<string, number> }> {
  const { column } = problem;
  const { columns } = request.space;
  const last = column.levels - 1;
  const { pool, best } = await poolOf(request, belief, column);
  const utility = await utilityOf(request, belief, { ...problem, pool });
  const rated: RatedCandidate[] = [];
  const rate = async (points: Matrix) => {
    rated.push(...(await ratedAt(points, belief, { ...problem, utility, columns })));
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
  for (const candidate of rated) rates[String(column.valueAt(candidate.level))] ??= Math.exp(candidate.rate);
  const { data } = belief;
  const isFirst = data.y.every((_, i) => column.levelOf(rowOf(data.x, i)) !== last);
  // The first evaluation at the target fidelity is of the best mean so far: there is nothing yet to improve on.
  if (isFirst && rated[0]!.level === last) {
    const known = rated.find((r) => r.level === last && isSame(r.point, best));
    rated.unshift({ ...(known ?? rated[0]!), point: best });
  }
  return { candidates: rated, rates };
}

/** The acquisition's utility, in log units. */
async function utilityOf<P extends Params>(
  request: SampleRequest<P>,
  { posterior, data, pending }: FidelityBelief,
  { acquisition, column, pool }: FidelityProblem & { readonly pool: Matrix },
): Promise<Utility | JointUtility> {
  const { columns } = request.space;
  const { repair, project, draw, fixed } = feasibleCandidates(request);
  const prepared = await acquisition.prepare({
    posterior,
    data,
    rng: request.rng.fork('prepare'),
    pending: matrixOf(pending, columns.length),
    domain: { columns, repair, project, draw, fixed },
    candidates: pool,
    projectToTargetFidelity: (x) => column.placed(x, column.levels - 1),
  });
  return acquisition.isLog ? prepared : inLogUnits(prepared, { posterior, data });
}

/** Points of one joint belief: its covariance is quadratic in them. */
const batch = 24;

/** The points at every allowed level, in their order. */
async function ratedAt(
  points: Matrix,
  { posterior }: FidelityBelief,
  {
    utility,
    columns,
    column,
    costBudget,
    allowed,
  }: FidelityProblem & {
    readonly utility: Utility | JointUtility;
    readonly columns: SampleRequest['space']['columns'];
  },
): Promise<RatedCandidate[]> {
  const last = column.levels - 1;
  const levels = [...allowed.filter((level) => level === last), ...allowed.filter((level) => level !== last)];
  // A point at all levels has one projection to the target fidelity: together they cost one joint belief.
  const score = scoreOf([{ posterior, utility }], columns, { batch: batch * levels.length });
  const rated: RatedCandidate[] = [];
  for (let from = 0; from < points.rows; from += batch) {
    const some = matrixOf(rowsOf(points).slice(from, from + batch));
    const placed = levels.map((level) => column.placed(some, level));
    const { value } = await score(placed.reduce(concatMatrixRows), { gradient: false });
    for (let i = 0; i < some.rows; i++)
      levels.forEach((level, k) => {
        const own = value[k * some.rows + i]!;
        const rate = own - Math.log(costBudget.costs[level]!);
        rated.push({ point: rowOf(placed[k]!, i), level, value: own, rate });
      });
  }
  return rated;
}

/** Observed and new points at the target fidelity, the observed ones first, and the observed one of the largest mean there. */
async function poolOf<P extends Params>(
  request: SampleRequest<P>,
  { posterior, data }: FidelityBelief,
  column: FidelityColumn,
): Promise<{ readonly pool: Matrix; readonly best: Float64Array }> {
  const { columns } = request.space;
  const last = column.levels - 1;
  const observed = column.placed(data.x, last);
  const order = rowsByValue((await posterior.marginals(observed)).mean);
  const incumbents = matrixOf(
    order.slice(0, 5).map((i) => rowOf(observed, i)),
    columns.length,
  );
  const drawn = rawSamples({ columns, incumbents, rng: request.rng.fork('wide') }, globalCount);
  return { pool: concatMatrixRows(observed, column.placed(drawn, last)), best: rowOf(observed, order[0]!) };
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((u, i) => u === b[i]);
}

function rowsOf(a: Matrix): Float64Array[] {
  return Array.from({ length: a.rows }, (_, i) => rowOf(a, i));
}
