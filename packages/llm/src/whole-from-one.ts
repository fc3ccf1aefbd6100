import { InvalidArgumentError } from '@foothold/core';

/** Throws InvalidArgumentError unless the value is a whole number from 1. */
export function wholeFromOne(name: string, value: unknown): number {
  if (!(Number.isSafeInteger(value) && (value as number) >= 1))
    throw new InvalidArgumentError(name, value, 'a whole number from 1');
  return value as number;
}
