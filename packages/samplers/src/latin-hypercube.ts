import {
  everyFeature,
  type Params,
  type Rng,
  type SampleRequest,
  type Sampler,
  seeded,
} from '@foothold/core';
import { positiveWhole } from './positive-whole.ts';
import { proposals, seedOf } from './propose.ts';

/** Each ask builds the whole design. */
const largest = 10_000;

/**
 * Latin hypercube designs of `size` points, one after another: in each, every parameter takes each of `size` equal parts
 * of its range once. A larger budget takes several designs. Default of `size`: the study's budget, 16
 * without one, and at most 10,000. Throws InvalidArgumentError, also for a larger `size`.
 */
export function latinHypercube(
  options: { readonly size?: number; readonly seed?: number | string } = {},
): Sampler {
  const seed = seedOf(options.seed);
  if (options.size !== undefined) positiveWhole('size', options.size, largest);
  return {
    name: 'latin hypercube',
    options: { seed, ...(options.size !== undefined && { size: options.size }) },
    supports: everyFeature,
    sample<P extends Params>(request: SampleRequest<P>) {
      const { columns } = request.space;
      const size = options.size ?? Math.min(Math.max(1, request.plannedTrials ?? 16), largest);
      const from = request.trials.filter((t) => !t.loaded).length;
      const designs = new Map<number, readonly Float64Array[]>();
      const pointAt = (index: number) => {
        const block = Math.floor(index / size);
        const rng = seeded(seed).fork(block);
        const design = designs.get(block) ?? columns.map((_, j) => strata(size, rng.fork(j)));
        designs.set(block, design);
        return Float64Array.from(design, (column) => column[index % size]!);
      };
      return proposals(request, (i, attempt) =>
        attempt === 0 ? pointAt(from + i) : Float64Array.from(columns, () => request.rng.next()),
      );
    },
  };
}

/** One number in each of `size` equal parts of [0, 1), in random order. */
function strata(size: number, rng: Rng): Float64Array {
  const values = Float64Array.from({ length: size }, (_, i) => (i + rng.next()) / size);
  for (let i = size - 1; i > 0; i--) {
    const k = Math.floor(rng.next() * (i + 1));
    const held = values[i]!;
    values[i] = values[k]!;
    values[k] = held;
  }
  return values;
}
