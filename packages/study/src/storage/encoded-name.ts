import { InvalidArgumentError } from '@foothold/core';

/**
 * A study's name as part of an address or a file's name. Throws InvalidArgumentError for one that is too long, empty or no text: the
 * rule of every storage that keeps studies, since a study may move.
 */
export function encodedName(study: string): string {
  const name = /[\ud800-\udfff]/u.test(study) ? '' : encodeURIComponent(study);
  if (name === '' || name.length > 200)
    throw new InvalidArgumentError(
      'the name of a study',
      study,
      'a text of 1 to 200 characters (as in an address)',
    );
  return name;
}
