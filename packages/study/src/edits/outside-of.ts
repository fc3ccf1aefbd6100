import type { Params, SearchSpace } from '@foothold/core';
import { refusalOf } from '../refusal-of.ts';

/** Why the parameters may not be proposed in this space; undefined where they may. */
export function outsideOf<P extends Params>(space: SearchSpace<P>, params: P): string | undefined {
  let broken: string | undefined;
  const refusal = refusalOf(() => {
    space.encode(params);
    // A space of shifted fidelities knows points of more parameters than those that it has.
    broken = space.violation?.(params);
  });
  return refusal ?? broken;
}

/** True where the parameters have a point, whatever the constraints say. */
export function isInCube<P extends Params>(space: SearchSpace<P>, params: P): boolean {
  return refusalOf(() => space.encode(params)) === undefined;
}
