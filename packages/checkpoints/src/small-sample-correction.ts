/**
 * Correction of the model's confidence while few cells are known. The hyperparameters are a mode, not an average: with fewer
 * than three cells for each parameter that all columns share, stated standard deviations are far too small. Until then
 * variances are stated larger, and every probability is mixed with one that knows nothing of the rows.
 */
import { sharedLength } from './hyperparameters.ts';

export interface SmallSampleCorrection {
  /** Factor on variances, from 1. */
  readonly varianceInflation: number;
  /** Weight of the null model, in which every row is equally likely to be the best. */
  readonly nullWeight: number;
}

/** The correction for these known cells by column, of the columns that count; `rows` is the largest number possible of each. */
export function smallSampleCorrection(perColumn: readonly number[], rows: number): SmallSampleCorrection {
  const known = perColumn.reduce((a, b) => a + b, 0);
  if (known === perColumn.length * rows) return { varianceInflation: 1, nullWeight: 0 };
  // One cell a column goes into its centre.
  const freedom = Math.max(known - perColumn.length, 0);
  const wanted = 3 * sharedLength;
  const paired = perColumn.every((n) => n >= Math.min(2, rows));
  return {
    varianceInflation:
      freedom >= wanted ? 1 : 1 + (sharedLength * (1 - freedom / wanted)) / Math.max(freedom, 1),
    nullWeight: paired && freedom >= wanted ? 0 : 1 / (2 + known),
  };
}

/** The probability that one of `rows` rows is the best, from the model's probability. */
export function correctedProbability(
  probability: number,
  { nullWeight }: SmallSampleCorrection,
  rows: number,
): number {
  return (1 - nullWeight) * probability + nullWeight / rows;
}
