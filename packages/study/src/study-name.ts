import { InvalidArgumentError } from '@foothold/core';

const allowed = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/;

/** Throws InvalidArgumentError unless it is one that every storage, file system and address takes. */
export function refuseName(name: string): void {
  if (typeof name !== 'string' || !allowed.test(name))
    throw new InvalidArgumentError(
      'the name of a study',
      name,
      'a text of 1 to 200 letters (a to z), digits, _, . and -, that does not begin with . or -',
    );
}
