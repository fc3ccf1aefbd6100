import type { Params, SampleRequest, Sampler } from '@foothold/core';
import { everyFeature, proposals } from './propose.ts';

/** Independent uniform points (log-uniform where the space is logarithmic); no duplicates on finite spaces. */
export function random(): Sampler {
  return {
    name: 'random',
    supports: everyFeature,
    sample<P extends Params>(request: SampleRequest<P>) {
      const { columns } = request.space;
      return proposals(request, () => Float64Array.from(columns, () => request.rng.next()));
    },
  };
}
