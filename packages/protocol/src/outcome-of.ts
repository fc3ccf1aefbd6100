import { InvalidArgumentError, type Outcome } from '@foothold/core';

interface Told {
  readonly value?: number | null | undefined;
  readonly standardError?: number | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  readonly state?: 'complete' | 'failed' | 'pruned' | undefined;
  readonly reason?: string | undefined;
}

/** The outcome that a `tell` or a past trial states. Throws InvalidArgumentError when it states none. */
export function outcomeOf(told: Told): Outcome {
  const state = told.state ?? (typeof told.value === 'number' ? 'complete' : undefined);
  switch (state) {
    case 'failed':
      return { state, reason: told.reason ?? 'no reason given' };
    case 'pruned':
      return { state };
    case 'complete':
      if (typeof told.value !== 'number')
        throw new InvalidArgumentError('value', told.value, 'a finite number');
      return {
        state,
        value: told.value,
        ...(told.standardError === undefined ? {} : { standardError: told.standardError }),
        ...(told.metrics === undefined ? {} : { metrics: told.metrics }),
      };
    default:
      throw new InvalidArgumentError(
        'value',
        told.value,
        'a finite number, or "state":"failed" with a "reason"',
      );
  }
}
