import { type Params, type SampleRequest, type Sampler, seeded } from '@foothold/core';
import { sobol as sequence } from '@foothold/numerics';
import { everyFeature, proposals } from './propose.ts';

/**
 * Scrambled Sobol points: even coverage at every length, best at powers of two. `seed` chooses the scramble, and the
 * number of trials the place in the sequence, so that a resumed study goes on where it stopped.
 */
export function sobol(options: { readonly seed?: number | string } = {}): Sampler {
  const { seed = 0 } = options;
  return {
    name: 'sobol',
    supports: everyFeature,
    sample<P extends Params>(request: SampleRequest<P>) {
      const { columns } = request.space;
      const from = request.trials.filter((t) => !t.loaded).length;
      const points = sequence({ dimensions: columns.length, rng: seeded(seed) }).points(from, request.count);
      return proposals(request, (i, attempt) =>
        attempt === 0
          ? points.data.slice(i * columns.length, (i + 1) * columns.length)
          : Float64Array.from(columns, () => request.rng.next()),
      );
    },
  };
}
