import { OptimizationError, TrialStateError } from '@foothold/core';
import type { Answer } from './answer.ts';

/** An error as answers have it: the class's name, what to do, and of a TrialStateError the states. */
export function describedError(error: unknown): Answer {
  if (error instanceof OptimizationError)
    return {
      code: error.name,
      message: error.message,
      retry: error.retry,
      ...(error instanceof TrialStateError ? { number: error.number, from: error.from, to: error.to } : {}),
    };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'InternalError', message, retry: false };
}
