import { everyFeature, type Params, type SampleRequest, type Sampler } from '@foothold/core';
import { fixedColumns } from '@foothold/space';
import { proposals } from './propose.ts';

/**
 * Independent uniform points (log-uniform where the space is logarithmic); no duplicates on finite spaces. Under an equality
 * such as a sum of 1 they are uniform on what it leaves.
 */
export function random(): Sampler {
  return {
    name: 'random',
    options: {},
    supports: everyFeature,
    sample<P extends Params>(request: SampleRequest<P>) {
      const { space, rng } = request;
      const given = space.draw && fixedColumns(space, request.fixed).point;
      return proposals(
        request,
        () => space.draw?.(rng, given) ?? Float64Array.from(space.columns, () => rng.next()),
      );
    },
  };
}
