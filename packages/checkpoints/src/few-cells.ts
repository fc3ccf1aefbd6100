/**
 * Doubt in the model while few cells are known. The hyperparameters are a mode, not an average: with fewer than three cells for
 * each of the parameters that all columns share, deviations come out far too small. Until then variances are stated larger, and
 * a share of every probability says nothing about the rows.
 */
import { sharedLength } from './hyperparameters.ts';

export interface Doubt {
  /** Factor on variances, from 1. */
  readonly widening: number;
  /** Probability that the model means nothing: every row is then equally likely to be the best. */
  readonly share: number;
}

/** `perColumn`: known cells by column, of the columns that count; `rows`: the most there can be of each. */
export function doubtOf(perColumn: readonly number[], rows: number): Doubt {
  const known = perColumn.reduce((a, b) => a + b, 0);
  if (known === perColumn.length * rows) return { widening: 1, share: 0 };
  // One cell a column goes into its centre.
  const freedom = Math.max(known - perColumn.length, 0);
  const wanted = 3 * sharedLength;
  const paired = perColumn.every((n) => n >= Math.min(2, rows));
  return {
    widening: freedom >= wanted ? 1 : 1 + (sharedLength * (1 - freedom / wanted)) / Math.max(freedom, 1),
    share: paired && freedom >= wanted ? 0 : 1 / (2 + known),
  };
}

/** The probability that one of `rows` rows is the best, given the model's. */
export function doubted(probability: number, { share }: Doubt, rows: number): number {
  return (1 - share) * probability + share / rows;
}
