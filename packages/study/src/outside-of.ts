import type { Params, SearchSpace } from '@foothold/core';
import { refusalOf } from './refusal-of.ts';

/** Why the parameters may not be proposed in this space; undefined where they may. */
export function outsideOf<P extends Params>(space: SearchSpace<P>, params: P): string | undefined {
  return refusalOf(() => space.encode(params)) ?? space.violation?.(params);
}

/** True where the parameters have a point, whatever the constraints say. */
export function isInCube<P extends Params>(space: SearchSpace<P>, params: P): boolean {
  return refusalOf(() => space.encode(params)) === undefined;
}
