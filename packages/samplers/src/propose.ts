import {
  InvalidArgumentError,
  type Params,
  type Proposal,
  type SampleRequest,
  type Why,
} from '@foothold/core';
import { feasibleCandidates } from './feasible-candidates.ts';

const tries = 32;

/**
 * `request.count` proposals from a source of unit-cube points: brought onto the grid, fixed values applied, constraints
 * kept, nothing proposed twice. `draw(i, attempt)` gives a point for proposal i; after some refusals any open point is
 * taken. Throws SpaceExhaustedError when all points of a finite space are taken, InfeasibleSpaceError when the constraints
 * refuse what is tried.
 */
export function proposals<P extends Params>(
  request: SampleRequest<P>,
  draw: (proposal: number, attempt: number) => Float64Array | undefined,
  why?: Why,
): readonly Proposal<P>[] {
  const open = feasibleCandidates(request, { avoidPending: false });
  return Array.from({ length: request.count }, (_, i) => {
    let point: Float64Array | undefined;
    for (let attempt = 0; !point && attempt < tries; attempt++) {
      const drawn = draw(i, attempt);
      if (!drawn) break;
      point = open.repair(drawn);
    }
    point ??= open.any(request.rng.fork(`any ${i}`));
    open.take(point);
    const params = request.space.decode(point);
    return why ? { params, why } : { params };
  });
}

/** The seed, 0 where none is given. Throws InvalidArgumentError unless it is a number or a text. */
export function seedOf(seed: unknown): number | string {
  if (seed === undefined) return 0;
  if (typeof seed !== 'number' && typeof seed !== 'string')
    throw new InvalidArgumentError('seed', seed, 'a number or a text');
  return seed;
}
