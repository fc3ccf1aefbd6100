import { BudgetExceededError, LanguageModelError } from './errors.ts';

/** The message of an error after which a study goes on without the model; undefined for any other error, which is the caller's. */
export function adviserFailure(error: unknown): string | undefined {
  return error instanceof LanguageModelError || error instanceof BudgetExceededError
    ? error.message
    : undefined;
}
