/**
 * Transfer between quantiles (Salinas, Shen, Perrone 2020, "A Quantile-based Approach for Hyperparameter Transfer
 * Learning"): whatever a task's units and outliers, its values' normal scores are alike.
 *
 * z    normal score of a value among its task's values
 * μ    mean of one process over the pooled scores of all sources
 * z = μ(x) + residual, and y by the inverse of the new task's own scores
 */
import { type Dataset, type Surrogate, seeded } from '@foothold/core';
import { joined, type OutcomeTransform, untransformPosterior } from '../../warps/outcome-transform.ts';
import { type PriorTask, sourceWeight, usableTasks } from '../sources/prior-task.ts';
import { memoizeAsync, normalScores } from '../sources/prior-task-models.ts';
import { bestAndEvenRows } from '../sources/shared-basis.ts';
import { scaleWeights, transferWhy } from '../transfer-why.ts';
import { residualTransfer } from './residual-transfer.ts';

export interface QuantileTransferOptions {
  /** Rows of all sources together that take part, 400 unless told: a fit is cubic in them. */
  readonly rows?: number | undefined;
}

/**
 * `base` over the pooled normal scores of all sources is the prior of `base` over those of the new study. Sources of any
 * units go together, and of the new study's values only the order counts, but between them. It trusts the sources and has
 * no gate: `gated` adds one. Values of a source that is not trusted wholly count as noisy ones.
 */
export function quantileTransfer(
  sources: readonly PriorTask[],
  base: Surrogate,
  options: QuantileTransferOptions = {},
): Surrogate {
  const { rows = 400 } = options;
  const usable = usableTasks(sources);
  const pooled = usable
    .map((source) => normalScoreRows(source, Math.max(Math.floor(rows / usable.length), 5)))
    .reduce<Dataset | undefined>((all, part) => (all ? joined(all, part) : part), undefined);
  const trust = usable.reduce((sum, source) => sum + sourceWeight(source), 0);
  const largest = Math.max(0, ...usable.map(sourceWeight));
  const told = transferWhy('quantile', {
    names: usable.map(({ name }) => name),
    weights: usable.map((source) => (largest * sourceWeight(source)) / trust),
  });
  const priorOf = memoizeAsync(async (signal) =>
    pooled ? base.fit(pooled, { rng: seeded(0).fork('sources'), signal }) : undefined,
  );
  return {
    async fit(data, context) {
      const prior = await priorOf(context.signal);
      if (!prior) {
        const own = await base.fit(data, context);
        return { ...own, why: { ...own.why, ...told } };
      }
      const scale = normalScoreTransform(data.y);
      const scores: Dataset = { x: data.x, y: data.y.map((y) => scale.forward(y)) };
      const inner = await residualTransfer(prior, base).fit(scores, context);
      return untransformPosterior(inner, {
        scale,
        data,
        why: { ...inner.why, ...scaleWeights(told, 1) },
      });
    },
  };
}

function normalScoreRows(source: PriorTask, rows: number): Dataset {
  const { x, y } = bestAndEvenRows({ x: source.data.x, y: normalScores(source.data.y) }, rows);
  const trust = sourceWeight(source);
  return trust === 1 ? { x, y } : { x, y, noise: y.map(() => 1 / trust - 1) };
}

/** Normal scores of these values, linear between them and, at the slope from the median to the end, beyond them. */
export function normalScoreTransform(values: Float64Array): OutcomeTransform {
  const scores = normalScores(values);
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const knots = order.filter((i, k) => k === 0 || values[i]! > values[order[k - 1]!]!);
  const ys = knots.map((i) => values[i]!);
  const us = knots.map((i) => scores[i]!);
  const last = ys.length - 1;
  const middle = last >> 1;
  const slope = (from: number, to: number) => (from < to ? (ys[to]! - ys[from]!) / (us[to]! - us[from]!) : 1);
  const below = last > 0 ? slope(0, Math.max(middle, 1)) : 1;
  const above = last > 0 ? slope(Math.min(middle, last - 1), last) : 1;
  /** First of the two knots around the place, −1 below all of them, `last` above. */
  const segmentOf = (list: readonly number[], at: number) => {
    if (last < 0 || at < list[0]!) return -1;
    let low = 0;
    let high = last;
    while (low < high) {
      const half = (low + high + 1) >> 1;
      if (list[half]! <= at) low = half;
      else high = half - 1;
    }
    return low;
  };
  const lineAt = (segment: number) => {
    if (last < 0) return { y: 0, u: 0, slope: 1 };
    if (segment < 0) return { y: ys[0]!, u: us[0]!, slope: below };
    if (segment >= last) return { y: ys[last]!, u: us[last]!, slope: above };
    return { y: ys[segment]!, u: us[segment]!, slope: slope(segment, segment + 1) };
  };
  return {
    name: 'normal scores',
    forward(y) {
      const line = lineAt(segmentOf(ys, y));
      return line.u + (y - line.y) / line.slope;
    },
    inverse(u) {
      const line = lineAt(segmentOf(us, u));
      return { y: line.y + (u - line.u) * line.slope, slope: line.slope };
    },
  };
}
