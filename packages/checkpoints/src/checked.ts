import { InvalidArgumentError } from '@foothold/core';

/** Largest magnitude of a score: covariances are in its square, which has to stay a number. */
export const maxScore = 1e150;
const allowedScore = 'a finite number from -1e150 to 1e150';

/** The score itself. Throws InvalidArgumentError, naming the cell, for what is no number or too large to be squared. */
export function checkedScore(
  value: number,
  cell?: { readonly rowName: string; readonly columnName: string },
): number {
  if (typeof value !== 'number' || !(Math.abs(value) <= maxScore))
    throw new InvalidArgumentError(
      cell ? `score of cell (${cell.rowName}, ${cell.columnName})` : 'score',
      value,
      allowedScore,
    );
  return value;
}

/** A whole number from `least`. */
export function checkedCount(argument: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least)
    throw new InvalidArgumentError(argument, value, `a whole number from ${least}`);
  return value;
}

/** A number between 0 and 1, both excluded. */
export function checkedShare(argument: string, value: number): number {
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError(argument, value, 'a number between 0 and 1');
  return value;
}
