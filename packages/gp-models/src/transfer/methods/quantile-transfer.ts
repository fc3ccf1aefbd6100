/**
 * Transfer between quantiles (Salinas, Shen, Perrone 2020, "A Quantile-based Approach for Hyperparameter Transfer
 * Learning"): whatever a task's units and outliers, its values' normal scores are alike.
 *
 * z    normal score of a value among its task's values
 * μ    mean of one process over the pooled scores of all sources
 * z = μ(x) + residual, and y by the inverse of the new task's own scores
 */
import {
  concatRows,
  type Dataset,
  largestOf,
  type PriorTask,
  type Surrogate,
  seeded,
  transferWhy,
} from '@foothold/core';
import { normalScores, normalScoreTransform } from '../../warps/normal-scores.ts';
import { untransformPosterior } from '../../warps/outcome-transform.ts';
import { scaleWeights } from '../scale-weights.ts';
import { memoizeAsync } from '../sources/prior-task-models.ts';
import { bestAndEvenRows } from '../sources/row-subsets.ts';
import { sourceWeight, usableTasks } from '../sources/usable-tasks.ts';
import { residualTransfer } from './residual-transfer.ts';

export interface QuantileTransferOptions {
  /** Rows of all sources together that take part: a fit is cubic in them. Default: 400. */
  readonly rows?: number | undefined;
}

/**
 * `base` over the pooled normal scores of all sources is the prior of `base` over those of the new study. Sources of any
 * units go together, and of the new study's values only the order counts, but between them. There is
 * no safeguard against misleading sources: `gated` adds one. Values of a source of a weight below 1 count as noisy ones.
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
    .reduce<Dataset | undefined>((all, part) => (all ? concatRows(all, part) : part), undefined);
  const total = usable.reduce((sum, source) => sum + sourceWeight(source), 0);
  const largest = Math.max(0, largestOf(usable.map(sourceWeight)));
  const explanation = transferWhy('quantile', {
    names: usable.map(({ name }) => name),
    weights: usable.map((source) => (largest * sourceWeight(source)) / total),
  });
  const priorOf = memoizeAsync(async (signal) =>
    pooled ? base.fit(pooled, { rng: seeded(0).fork('sources'), signal }) : undefined,
  );
  return {
    async fit(data, context) {
      const prior = await priorOf(context.signal);
      if (!prior) {
        const own = await base.fit(data, context);
        return { ...own, why: { ...own.why, ...explanation } };
      }
      const transform = normalScoreTransform(data.y);
      const scores: Dataset = { x: data.x, y: data.y.map((y) => transform.forward(y)) };
      const inner = await residualTransfer(prior, base).fit(scores, context);
      return untransformPosterior(inner, {
        transform,
        data,
        why: { ...inner.why, ...scaleWeights(explanation, 1) },
      });
    },
  };
}

function normalScoreRows(source: PriorTask, rows: number): Dataset {
  const { x, y } = bestAndEvenRows({ x: source.data.x, y: normalScores(source.data.y) }, rows);
  const weight = sourceWeight(source);
  return weight === 1 ? { x, y } : { x, y, noise: y.map(() => 1 / weight - 1) };
}
