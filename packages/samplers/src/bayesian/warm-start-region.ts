import {
  type AcquisitionProblem,
  type Column,
  type Dataset,
  InvalidArgumentError,
  rowOf,
  type Trial,
} from '@foothold/core';
import { transferStates } from '../transfer-states.ts';
import type { SearchRegion } from './search-region.ts';

export interface WarmStartRegionOptions {
  /** Share of each source's rows, the best ones, that the box spans, in (0, 1]. Default: 0.3. */
  readonly share?: number | undefined;
  /** By how much of a column the box goes beyond them, from 0. Default: 0.1. */
  readonly margin?: number | undefined;
  /** Rows of the new study from which on the whole space is open, from 0. Default: 6. */
  readonly maxTrials?: number | undefined;
}

type Region = NonNullable<AcquisitionProblem['region']>;

/** At least so many rows of a source span a box. */
const minRows = 4;

/**
 * A search region for the first proposals of a study: the box where earlier ones had their best results. With a row or two of
 * its own, a model cannot distinguish an unknown corner from a promising one.
 *
 * Columns with levels stay open. From `maxTrials` rows on the whole space is open, so that a misleading source costs a few
 * trials at most; sooner where the weight of the sources in the last model, its state's `transfer.gate`, is below a half. (The
 * idea of learning the box from earlier tasks: Perrone, Shen, Seeger, Archambeau, Jenatton 2019, "Learning search spaces for
 * Bayesian optimization".)
 *
 * Throws InvalidArgumentError for options outside their ranges.
 */
export function warmStartRegion(
  sources: readonly Dataset[],
  columns: readonly Column[],
  options: WarmStartRegionOptions = {},
): SearchRegion {
  const { share = 0.3, margin = 0.1, maxTrials = 6 } = options;
  if (!(share > 0 && share <= 1)) throw new InvalidArgumentError('share', share, 'a number in (0, 1]');
  if (!(maxTrials >= 0)) throw new InvalidArgumentError('maxTrials', maxTrials, 'a number from 0');
  if (!(margin >= 0)) throw new InvalidArgumentError('margin', margin, 'a number from 0');
  const lower = new Float64Array(columns.length).fill(1);
  const upper = new Float64Array(columns.length);
  for (const { x, y } of sources) {
    const count = Math.max(minRows, Math.ceil(share * y.length));
    const best = Array.from(y.keys())
      .sort((a, b) => y[b]! - y[a]!)
      .slice(0, count);
    for (const i of best)
      for (let j = 0; j < columns.length; j++) {
        const u = x.data[i * columns.length + j]!;
        lower[j] = Math.min(lower[j]!, u);
        upper[j] = Math.max(upper[j]!, u);
      }
  }
  columns.forEach(({ kind }, j) => {
    const open = kind !== 'continuous' || lower[j]! > upper[j]!;
    lower[j] = open ? 0 : Math.max(lower[j]! - margin, 0);
    upper[j] = open ? 1 : Math.min(upper[j]! + margin, 1);
  });
  return ({ trials }, data) =>
    data.y.length < maxTrials && transferWeightOf(trials) >= 0.5
      ? { data, region: around(data, { lower, upper, margin }), why: { box: 'of the sources' } }
      : { data, why: {} };
}

/** The box, and `margin` about the study's own best row: where that lies at an edge, what is beyond may be better still. */
function around({ x, y }: Dataset, { lower, upper, margin }: Region & { readonly margin: number }): Region {
  if (y.length === 0) return { lower, upper };
  const best = rowOf(
    x,
    y.reduce((top, v, i) => (v > y[top]! ? i : top), 0),
  );
  return {
    lower: lower.map((low, j) => Math.min(low, Math.max(best[j]! - margin, 0))),
    upper: upper.map((high, j) => Math.max(high, Math.min(best[j]! + margin, 1))),
  };
}

/** Weight of earlier tasks in the latest model that had them, by its state, of several objectives the mean; 1 before the first. */
function transferWeightOf(trials: readonly Trial[]): number {
  for (let i = trials.length - 1; i >= 0; i--) {
    const weights = transferStates(trials[i]!).flatMap(({ gate }) =>
      typeof gate === 'number' ? [gate] : [],
    );
    if (weights.length > 0) return weights.reduce((a, b) => a + b) / weights.length;
  }
  return 1;
}
