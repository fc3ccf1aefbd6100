import { OptimizationError } from '@foothold/core';

/** The message of the typed error that the check throws; undefined where it throws none. Other errors pass through. */
export function refusalOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof OptimizationError) return error.message;
    throw error;
  }
}
