import { InvalidArgumentError } from '@foothold/core';
import { isRecord } from './checked-description.ts';
import type { LinearConstraint } from './constraint.ts';
import { type ParameterSpace, spaceFrom } from './search-space.ts';

/**
 * The space that JSON describes: an object from name to parameter, with linear constraints under `$constraints`.
 * `spaceOf(space.description)` is the same space again.
 *
 * Throws InvalidArgumentError with the parameter, the value and what is allowed; whatever is parsed JSON may be passed.
 */
export function spaceOf(description: unknown): ParameterSpace {
  if (!isRecord(description))
    throw new InvalidArgumentError('the space', description, 'an object from name to parameter');
  const { $constraints: constraints = [], ...parameters } = description;
  if (!Array.isArray(constraints) || constraints.some((constraint) => typeof constraint === 'function'))
    throw new InvalidArgumentError('$constraints', constraints, 'a list of linear constraints');
  return spaceFrom(Object.entries(parameters), constraints as LinearConstraint[]);
}
