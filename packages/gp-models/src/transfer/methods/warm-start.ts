import {
  type Column,
  InvalidArgumentError,
  type LinearAlgebra,
  type Matrix,
  type Params,
  type Proposal,
  rowOf,
  type SampleRequest,
  type Sampler,
} from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { cachedSources, type PreparedSources } from '../sources/prepare-sources.ts';
import type { PriorTask } from '../sources/prior-task.ts';
import { transferWhy } from '../transfer-why.ts';

export interface WarmStartOptions {
  /** Proposes all further trials. */
  readonly sampler: Sampler;
  /** Proposes instead where no source is usable, from the first trial on; `sampler` unless told. */
  readonly fallback?: Sampler | undefined;
  /** How many trials the sources alone decide, 1 unless told: a model of the new task does better from then on. */
  readonly points?: number | undefined;
  readonly columns?: readonly Column[] | undefined;
  readonly linalg?: LinearAlgebra | undefined;
  readonly metaFeatures?: readonly number[] | undefined;
}

/**
 * Begins a study where earlier ones say that it is good on average, in a scale where no task dominates: of one source
 * its best trial, of many the setting of the best prior mean; each further point lowers the sources' mean regret the
 * most, given those before it. Then `sampler` takes over. Trials that exist already, loaded ones too, count as points.
 */
export function warmStart(sources: readonly PriorTask[], options: WarmStartOptions): Sampler {
  const { sampler, points = 1, linalg = cpu, metaFeatures } = options;
  if (!(Number.isInteger(points) && points >= 0))
    throw new InvalidArgumentError('points', points, 'a whole number from 0');
  let prepared: Promise<PreparedSources | undefined> | undefined;
  return {
    ...sampler,
    name: 'warm-start',
    async sample<P extends Params>(request: SampleRequest<P>) {
      const { space, trials, count } = request;
      const open = Math.min(Math.max(points - trials.length, 0), count);
      prepared ??= cachedSources(sources, {
        columns: options.columns ?? space.columns,
        linalg,
        metaFeatures,
      });
      const prior = await prepared;
      if (!prior) return (options.fallback ?? sampler).sample(request);
      if (open === 0) return sampler.sample(request);
      const proposals = initialProposals(prior, request, open);
      const rest = count - proposals.length;
      if (rest === 0) return proposals;
      // The other proposals must see these as pending: the sampler is asked as if they ran.
      const running = proposals.map(({ params }, k) => ({
        number: (trials.at(-1)?.number ?? -1) + 1 + k,
        params,
        reports: [],
        state: 'running' as const,
      }));
      const more = await sampler.sample({ ...request, trials: [...trials, ...running], count: rest });
      return [...proposals, ...more];
    },
  };
}

/** Anchors to begin with, that the space allows and no trial has taken. */
function initialProposals<P extends Params>(
  prior: PreparedSources,
  request: SampleRequest<P>,
  count: number,
): Proposal<P>[] {
  const { space, trials, fixed } = request;
  const taken = new Set(trials.map(({ params }) => space.encode(params).join()));
  const { inducingPoints: anchors } = prior.basis;
  const proposals: Proposal<P>[] = [];
  const weights = prior.weights ?? prior.names.map(() => 1);
  const whole = weights.reduce((a, b) => a + b, 0);
  const why = transferWhy('portfolio', { names: prior.names, weights: weights.map((w) => w / whole) });
  for (const { anchor: index, merit: expectedValue } of portfolioOrder(
    prior,
    trials.length + count + 20 + countOutside(anchors),
  )) {
    if (proposals.length >= count) break;
    const params = { ...space.decode(Float64Array.from(rowOf(anchors, index))), ...fixed };
    const key = space.encode(params).join();
    if (!isInUnitCube(rowOf(anchors, index)) || taken.has(key) || space.violation?.(params) !== undefined)
      continue;
    taken.add(key);
    proposals.push({
      params,
      why: { stage: 'warm start', merit: expectedValue, ...why },
    });
  }
  return proposals;
}

/**
 * Anchors in the order of a greedy zero-shot portfolio: the first has the best prior mean; each next one lowers the (weighted) mean
 * over the sources of the best value so far the most, in units of each source's range.
 */
export function portfolioOrder(
  { basis, weights }: Pick<PreparedSources, 'basis' | 'weights'>,
  limit: number,
): { readonly anchor: number; readonly merit: number }[] {
  const { inducingPoints: anchors, values, taskValues: sourceValues } = basis;
  const m = values.rows;
  const s = sourceValues.columns;
  const regrets = regretsOf(sourceValues);
  const whole = weights?.reduce((a, b) => a + b, 0) ?? s;
  const share = Float64Array.from({ length: s }, (_, j) => (weights?.[j] ?? 1) / whole);
  const meanRegret = Float64Array.from({ length: m }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < s; j++) sum += regrets[i * s + j]! * share[j]!;
    return sum;
  });
  const best = new Float64Array(s).fill(1);
  const order: { anchor: number; merit: number }[] = [];
  // A grid may hold a point twice.
  const keys = Array.from({ length: m }, (_, i) => rowOf(anchors, i).join());
  const used = new Set<string>();
  const most = Math.min(limit, new Set(keys).size);
  while (order.length < most) {
    let next = -1;
    let least = Infinity;
    for (let i = 0; i < m; i++) {
      if (used.has(keys[i]!)) continue;
      let value = 0;
      if (order.length === 0) value = -values.data[i * values.columns]!;
      else {
        for (let j = 0; j < s; j++) value += Math.min(best[j]!, regrets[i * s + j]!) * share[j]!;
        // Ties, as where every source has its best already, go to the better mean.
        value += 1e-6 * meanRegret[i]!;
      }
      if (value < least) {
        least = value;
        next = i;
      }
    }
    used.add(keys[next]!);
    order.push({ anchor: next, merit: -least });
    for (let j = 0; j < s; j++) best[j] = Math.min(best[j]!, regrets[next * s + j]!);
  }
  return order;
}

/** (best − value) / range of each source, M×S. */
function regretsOf({ rows, columns, data }: PreparedSources['basis']['taskValues']): Float64Array {
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

/**
 * The points that `warmStart` would begin with, best first, in the unit cube: for those who choose among given settings.
 * None where no source is usable.
 */
export async function promisingPoints(
  sources: readonly PriorTask[],
  options: {
    readonly count: number;
    readonly columns?: readonly Column[] | undefined;
    readonly linalg?: LinearAlgebra | undefined;
    readonly metaFeatures?: readonly number[] | undefined;
  },
): Promise<Float64Array[]> {
  const { count, columns, linalg = cpu, metaFeatures } = options;
  const prior = await cachedSources(sources, { columns, linalg, metaFeatures });
  if (!prior) return [];
  const { inducingPoints: anchors } = prior.basis;
  return portfolioOrder(prior, count + countOutside(anchors))
    .map(({ anchor }) => Float64Array.from(rowOf(anchors, anchor)))
    .filter(isInUnitCube)
    .slice(0, count);
}

/** How many of the points lie outside the space. */
function countOutside(points: Matrix): number {
  let count = 0;
  for (let i = 0; i < points.rows; i++) if (!isInUnitCube(rowOf(points, i))) count++;
  return count;
}

/** False for what lies outside the space: it was not measured where it would be proposed. */
function isInUnitCube(point: Float64Array): boolean {
  return point.every((u) => u >= 0 && u <= 1);
}
