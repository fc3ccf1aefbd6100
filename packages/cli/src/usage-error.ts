import { OptimizationError } from '@foothold/core';

/** The command line or a file that it names is not as it should be; the message says what to change. */
export class UsageError extends OptimizationError {
  static override readonly id: string = 'UsageError';
}
