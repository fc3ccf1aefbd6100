/** Points that were good on the sources: the order of a greedy zero-shot portfolio. */
import { type Matrix, rowOf } from '@foothold/core';
import type { EmpiricalPrior } from './empirical-prior-of.ts';

/** An inducing point by its index; `expectedValue` is larger for better points. */
export interface RankedPoint {
  readonly index: number;
  readonly expectedValue: number;
}

/**
 * Inducing points inside the unit cube, best first, from the `limit` best and as many more as lie outside. The first point has
 * the best prior mean; each next one lowers the weighted mean over the sources of the regret of the best point so far the most,
 * in units of each source's range.
 */
export function portfolio(prior: Pick<EmpiricalPrior, 'basis' | 'weights'>, limit: number): RankedPoint[] {
  const { inducingPoints } = prior.basis;
  // A point outside was not measured where it would be proposed.
  const isInside = Array.from({ length: inducingPoints.rows }, (_, i) =>
    rowOf(inducingPoints, i).every((u) => u >= 0 && u <= 1),
  );
  const outside = isInside.filter((inside) => !inside).length;
  return portfolioOrder(prior, limit + outside).filter(({ index }) => isInside[index]);
}

function portfolioOrder(
  { basis, weights }: Pick<EmpiricalPrior, 'basis' | 'weights'>,
  limit: number,
): RankedPoint[] {
  const { inducingPoints, values, taskValues } = basis;
  const m = values.rows;
  const s = taskValues.columns;
  const regrets = regretsOf(taskValues);
  const total = weights?.reduce((a, b) => a + b, 0) ?? s;
  const weight = Float64Array.from({ length: s }, (_, j) => (weights?.[j] ?? 1) / total);
  const best = new Float64Array(s).fill(1);
  /** Weighted mean regret at point i; with `best`, of the better of point i and those chosen so far. */
  const meanRegret = (i: number, chosen?: Float64Array) => {
    let sum = 0;
    for (let j = 0; j < s; j++) {
      const regret = regrets[i * s + j]!;
      sum += (chosen ? Math.min(chosen[j]!, regret) : regret) * weight[j]!;
    }
    return sum;
  };
  const own = Float64Array.from({ length: m }, (_, i) => meanRegret(i));
  const lossOf = (i: number, isFirst: boolean) =>
    isFirst
      ? -values.data[i * values.columns]!
      : // Ties, as where every source has its best already, go to the better mean.
        meanRegret(i, best) + 1e-6 * own[i]!;
  // A grid may hold a point twice.
  const keys = Array.from({ length: m }, (_, i) => rowOf(inducingPoints, i).join());
  const used = new Set<string>();
  const count = Math.min(limit, new Set(keys).size);
  const order: RankedPoint[] = [];
  while (order.length < count) {
    let next = -1;
    let least = Infinity;
    for (let i = 0; i < m; i++) {
      if (used.has(keys[i]!)) continue;
      const loss = lossOf(i, order.length === 0);
      if (loss < least) {
        least = loss;
        next = i;
      }
    }
    used.add(keys[next]!);
    order.push({ index: next, expectedValue: -least });
    for (let j = 0; j < s; j++) best[j] = Math.min(best[j]!, regrets[next * s + j]!);
  }
  return order;
}

/** (best − value) / range of each source, M×S. */
function regretsOf({ rows, columns, data }: Matrix): Float64Array {
  const result = new Float64Array(data.length);
  for (let j = 0; j < columns; j++) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < rows; i++) {
      low = Math.min(low, data[i * columns + j]!);
      high = Math.max(high, data[i * columns + j]!);
    }
    const range = high - low || 1;
    for (let i = 0; i < rows; i++) result[i * columns + j] = (high - data[i * columns + j]!) / range;
  }
  return result;
}
