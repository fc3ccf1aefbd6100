import { OptimizationError } from '@foothold/core';

/** A cell was told another value than it already has. The first value stays; nothing is lost. Do not retry. */
export class CellConflictError extends OptimizationError {
  static override readonly id: string = 'CellConflictError';
  readonly row: string;
  readonly column: string;
  readonly known: number;
  readonly told: number;
  constructor(cell: {
    readonly row: string;
    readonly column: string;
    readonly known: number;
    readonly told: number;
  }) {
    super(
      `cell (${cell.row}, ${cell.column}) is ${cell.known} and was told ${cell.told}: a score is told once`,
    );
    this.row = cell.row;
    this.column = cell.column;
    this.known = cell.known;
    this.told = cell.told;
  }
}

/** A table of scores could not be read: `line` counts from 1. Correct the file: do not retry. */
export class ScoreTableError extends OptimizationError {
  static override readonly id: string = 'ScoreTableError';
  readonly line: number;
  constructor(line: number, problem: string) {
    super(`line ${line} of the score table: ${problem}`);
    this.line = line;
  }
}
