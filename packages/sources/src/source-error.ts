import { OptimizationError } from '@foothold/core';

/** A source is not there, cannot be read, or leaves open what is meant; the message says what to change. */
export class SourceError extends OptimizationError {
  static override readonly id: string = 'SourceError';
}
