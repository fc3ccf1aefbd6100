import { InvalidArgumentError } from '@foothold/core';

/** Throws InvalidArgumentError for what can be no study's name, by the rule of the file storage: a study may move. */
export function refuseStudyName(study: string): void {
  const name = /[\ud800-\udfff]/u.test(study) || study.includes('\0') ? '' : encodeURIComponent(study);
  if (name === '' || name.length > 200)
    throw new InvalidArgumentError(
      'the name of a study',
      study,
      'a text of 1 to 200 characters (as in an address)',
    );
}
