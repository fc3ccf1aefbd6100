import type { Params, SearchSpace } from '@foothold/core';

/** The same for configurations at one point of the space. Throws OutOfSpaceError for one outside of it. */
export function configurationKey<P extends Params>(space: Pick<SearchSpace<P>, 'encode'>, params: P): string {
  return space.encode(params).join();
}
