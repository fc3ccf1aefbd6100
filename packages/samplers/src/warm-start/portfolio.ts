/** Points that were good on the sources: the order of a greedy zero-shot portfolio. */
import { type Matrix, rowOf, type SourceValues } from '@foothold/core';

/** A point of the unit cube; `expectedValue` is larger for better points. */
export interface RankedPoint {
  readonly point: Float64Array;
  readonly expectedValue: number;
}

/** What decides the order. */
type Values = Pick<SourceValues, 'points' | 'mean' | 'taskValues' | 'weights'>;

/**
 * The points that `warmStart` would begin with, at most `count` of them, best first: for those who choose among given settings.
 */
export function promisingPoints(values: Values, count: number): Float64Array[] {
  return portfolio(values, count)
    .slice(0, count)
    .map(({ point }) => point);
}

/**
 * Points inside the unit cube, best first, from the `limit` best and as many more as lie outside. The first point has
 * the best mean; each next one lowers the weighted mean over the sources of the regret of the best point so far the most,
 * in units of each source's range.
 */
export function portfolio(values: Values, limit: number): RankedPoint[] {
  const { points } = values;
  // A point outside was not measured where it would be proposed.
  const isInside = Array.from({ length: points.rows }, (_, i) =>
    rowOf(points, i).every((u) => u >= 0 && u <= 1),
  );
  const outside = isInside.filter((inside) => !inside).length;
  return portfolioOrder(values, limit + outside)
    .filter(({ index }) => isInside[index])
    .map(({ index, expectedValue }) => ({ point: Float64Array.from(rowOf(points, index)), expectedValue }));
}

function portfolioOrder(
  { points, mean, taskValues, weights }: Values,
  limit: number,
): { readonly index: number; readonly expectedValue: number }[] {
  const m = points.rows;
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
      ? -mean[i]!
      : // Ties, as where every source has its best already, go to the better mean.
        meanRegret(i, best) + 1e-6 * own[i]!;
  // A grid may hold a point twice.
  const keys = Array.from({ length: m }, (_, i) => rowOf(points, i).join());
  const used = new Set<string>();
  const count = Math.min(limit, new Set(keys).size);
  const order: { index: number; expectedValue: number }[] = [];
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
