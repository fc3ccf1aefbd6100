import {
  InvalidArgumentError,
  OutOfSpaceError,
  type Params,
  type Sampler,
  type SearchSpace,
  seeded,
  UnsupportedError,
} from '@foothold/core';
import { nameOf } from '../refuse-unsupported.ts';

/** Throws OutOfSpaceError unless the parameters may be evaluated. */
export function refuseOutside<P extends Params>(space: SearchSpace<P>, params: P): void {
  if (!isObject(params))
    throw new InvalidArgumentError('params', params, 'an object from parameter to value');
  space.encode(params);
  const violation = space.violation?.(params);
  if (violation !== undefined)
    throw new OutOfSpaceError('params', params, `the constraints of the space: ${violation}`);
}

const isObject = (params: unknown): boolean =>
  typeof params === 'object' && params !== null && !Array.isArray(params);

/** True when no parameter is missing: the sampler has nothing to choose. Values that the space does not take count as whole. */
export function isWhole<P extends Params>(space: SearchSpace<P>, params: Partial<P>): params is P {
  try {
    space.encode(params as P);
    return true;
  } catch (error) {
    return !(error instanceof OutOfSpaceError && error.value === undefined);
  }
}

/**
 * Throws OutOfSpaceError unless a trial can have these parameters, all of its own or some, UnsupportedError where the
 * sampler or the space cannot choose the rest. Whether functions among the constraints allow it is seen when it is asked.
 */
export function refuseEnqueued<P extends Params>(
  space: SearchSpace<P>,
  sampler: Sampler,
  params: Partial<P>,
): void {
  if (!isObject(params) || isWhole(space, params) || !space.coordinates) {
    refuseOutside(space, params as P);
    return;
  }
  if (!sampler.supports?.includes('fixed'))
    throw new UnsupportedError(
      'fixed values',
      nameOf(sampler),
      `enqueue all parameters, not only ${Object.keys(params)}`,
    );
  space.coordinates(params);
  const given = space.withParents?.(params, seeded('enqueued')) ?? params;
  // With conditions another value of a parent may keep what this one breaks: seen when it is asked.
  if (space.features?.includes('conditional')) return;
  const middle = new Float64Array(space.columns.length).fill(0.5);
  const coordinates = space.coordinates(given);
  const near = space.project?.(
    middle.map((u, j) => (Number.isNaN(coordinates[j]!) ? u : coordinates[j]!)),
    coordinates,
  );
  if (typeof near === 'string')
    throw new OutOfSpaceError('params', params, `the constraints of the space: ${near}`);
}
