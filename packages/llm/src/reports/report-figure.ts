import { InvalidArgumentError } from '@foothold/core';

/** A number that a report may state. */
export interface ReportFigure {
  /** What it is, as the model is told: `best value`, `importance of lr, alone`. */
  readonly name: string;
  /** Finite. */
  readonly value: number;
  /**
   * `count`: a whole number (trials, ranks), never rounded and never a percentage. `share`: from 0 to 1, also as a percentage.
   * `quantity`: any other number, in the units that it has.
   */
  readonly kind: 'count' | 'share' | 'quantity';
  /** The parameters that it belongs to: a sentence that names others only may not state it. Default: none. */
  readonly about?: readonly string[] | undefined;
}

/** Throws InvalidArgumentError for a value that is not finite, and for a count that is not whole. */
export function checkFigures(figures: readonly ReportFigure[]): void {
  for (const { name, value, kind } of figures)
    if (!Number.isFinite(value) || (kind === 'count' && !Number.isInteger(value)))
      throw new InvalidArgumentError(
        `figures: ${name}`,
        value,
        kind === 'count' ? 'a whole number' : 'a finite number',
      );
}
