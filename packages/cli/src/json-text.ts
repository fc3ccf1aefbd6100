/** JSON of the command line and of files that it names. */
import { InvalidArgumentError, type Params } from '@foothold/core';
import { repeatedName } from '@foothold/protocol';

/** The JSON text, or what is wrong with it under the option's name; a name that an object has twice is wrong too. */
export function json(option: string, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(option, text, `JSON (${error instanceof Error ? error.message : error})`);
  }
  const repeated = repeatedName(text);
  if (repeated !== undefined)
    throw new InvalidArgumentError(`a name in ${option}`, repeated, 'each name once in an object');
  return value;
}

/** The JSON text of an object from parameter to value, such as that of `--enqueue`; `example` is one. */
export function paramsOf(option: string, text: string, example = '{"lr":0.1}'): Params {
  const value = json(option, text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidArgumentError(option, text, `an object from parameter to value, such as ${example}`);
  return value as Params;
}
