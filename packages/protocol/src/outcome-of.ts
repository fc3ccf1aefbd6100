import { InvalidArgumentError, type Outcome } from '@foothold/core';

interface Told {
  readonly value?: number | null | undefined;
  readonly standardError?: number | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  readonly state?: 'complete' | 'failed' | 'pruned' | undefined;
  readonly reason?: string | undefined;
}

/** What an outcome of each state has no place for. */
const noPlace = {
  complete: ['reason'],
  failed: ['value', 'standardError', 'metrics'],
  pruned: ['value', 'standardError', 'metrics', 'reason'],
} as const;

/**
 * `outcomeOf` of what a client tells, of which nothing is dropped without a word: throws InvalidArgumentError also for a member that the
 * state has no place for.
 */
export function wholeOutcomeOf(told: Told): Outcome {
  const outcome = outcomeOf(told);
  for (const name of noPlace[outcome.state])
    if (told[name] !== undefined && told[name] !== null)
      throw new InvalidArgumentError(
        name,
        told[name],
        `nothing beside "state":"${outcome.state}", which has no place for it: ${elsewhere(name)}`,
      );
  return outcome;
}

function elsewhere(name: keyof Told): string {
  return name === 'reason'
    ? 'a "note" keeps a text'
    : '"report" keeps values on the way, and "attributes" keep any JSON';
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
