import { type Attributes, InvalidArgumentError, type TrialNotes } from '@foothold/core';

/** The attribute of a trial that says how often its program has failed. Workers write it; programs may not. */
export const failuresAttribute = 'foothold.failures';

/** How often the program of a trial with these attributes has failed. What is no count says that it has not. */
export function failuresOf(attributes: Attributes | undefined): number {
  const count = attributes?.[failuresAttribute];
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : 0;
}

/** Throws InvalidArgumentError for notes of a program that would change the count. */
export function refuseFailureCount({ attributes }: TrialNotes): void {
  if (attributes && Object.hasOwn(attributes, failuresAttribute))
    throw new InvalidArgumentError(
      `attributes.${failuresAttribute}`,
      attributes[failuresAttribute],
      'another name: workers count there how often the program failed',
    );
}
