import { InvalidArgumentError } from '@foothold/core';

/** Throws InvalidArgumentError unless the value is a number above 0; Infinity is one. */
export function positive(name: string, value: unknown): number {
  if (!(typeof value === 'number' && value > 0))
    throw new InvalidArgumentError(name, value, 'a number above 0');
  return value;
}
