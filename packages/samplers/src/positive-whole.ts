import { InvalidArgumentError } from '@foothold/core';

/** The value where it is a whole number from 1 to `most`, else it throws InvalidArgumentError. */
export function positiveWhole(argument: string, value: unknown, most = Infinity): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > most)
    throw new InvalidArgumentError(
      argument,
      value,
      `a whole number from 1${most < Infinity ? ` to ${most.toLocaleString('en')}` : ''}`,
    );
  return value as number;
}
