import { OptimizationError } from '@foothold/core';

/** The budget does not allow the next call. Every finished trial is kept: the same command with a larger budget goes on. */
export class BudgetSpentError extends OptimizationError {
  static override readonly id: string = 'BudgetSpentError';
}
