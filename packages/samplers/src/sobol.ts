import {
  everyFeature,
  type Params,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
  seeded,
  UnsupportedError,
} from '@foothold/core';
import { maxSobolDimensions, sobol as sequence } from '@foothold/numerics';
import { proposals, seedOf } from './propose.ts';

/**
 * Scrambled Sobol points: even coverage at every length, best at powers of two. `seed` chooses the scramble, and the
 * number of trials the position in the sequence, so that a resumed study goes on where it stopped.
 *
 * Throws InvalidArgumentError; `check` and `sample` throw UnsupportedError for more than 4,096 columns.
 */
export function sobol(options: { readonly seed?: number | string } = {}): Sampler {
  const seed = seedOf(options.seed);
  return {
    name: 'sobol',
    options: { seed },
    supports: everyFeature,
    check: ({ space }) => refuseTooMany(space),
    sample<P extends Params>(request: SampleRequest<P>) {
      const { columns } = request.space;
      refuseTooMany(request.space);
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

function refuseTooMany({ columns }: Pick<SearchSpace, 'columns'>): void {
  if (columns.length > maxSobolDimensions)
    throw new UnsupportedError(
      `${columns.length} columns`,
      'sobol',
      `its sequence has ${maxSobolDimensions}; choose latin-hypercube or random`,
    );
}
