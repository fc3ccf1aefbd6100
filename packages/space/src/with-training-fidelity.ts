import {
  InvalidArgumentError,
  type ParameterDescription,
  type Params,
  type SearchSpace,
  type TrainingFidelity,
  UnsupportedError,
} from '@foothold/core';
import { spaceOf } from './space-of.ts';

/**
 * The space of a study whose trials are pieces of training: the parameters and, as the last one, the fidelity, whole numbers from 1 to
 * `max`.
 *
 * Throws InvalidArgumentError where the space has a parameter of that name, UnsupportedError for a space without a description: one that
 * has constraints that are functions.
 */
export function withTrainingFidelity<P extends Params>(
  space: SearchSpace<P>,
  { name, max }: Pick<TrainingFidelity, 'name' | 'max'>,
): SearchSpace<P & Params> {
  const { columns, description } = space;
  const isTaken = columns.some((column) => column.name === name);
  if (isTaken || (description && Object.hasOwn(description, name)))
    throw new InvalidArgumentError('fidelity.name', name, 'a name that no parameter of the space has');
  if (!description)
    throw new UnsupportedError(
      'constraints that are functions',
      'a study with a fidelity',
      'write them as linear constraints, or have evaluations that break them fail',
    );
  const fidelity: ParameterDescription = { type: 'int', low: 1, high: max };
  return spaceOf({ ...description, [name]: fidelity }) as SearchSpace as SearchSpace<P & Params>;
}
