/** Random points that are tried in turn where one that may be proposed is looked for. */
import { type Matrix, matrixOf, type Params, type Rng, type SampleRequest } from '@foothold/core';
import { rawSamples } from './acquisition-optimizer/initial-points.ts';

/** A random point on the linear constraints; `mixing` as in SearchSpace.draw. */
export type Draw = (rng: Rng, mixing?: number) => Float64Array | undefined;

/** Points of each batch. */
const sizes = [256, 2048, 16_384];
/** Trials that points are tried near to. */
const nearTrials = 8;

/** Share of the steps of a random walk that the points of the later, larger batches take. */
const quickMixing = 0.05;

/**
 * Batches of random points, each larger than the one before; from the second on half of them near the latest trials. `draw`
 * gives points where linear constraints leave no volume; those of the first batch are even, the others come quicker. Where the
 * first batch has none, the others ask for none.
 */
export function* randomBatches<P extends Params>(
  { space, trials }: SampleRequest<P>,
  rng: Rng,
  draw: Draw | undefined,
): Generator<Matrix> {
  const { columns } = space;
  let hasDrawn = false;
  const even = (own: Rng) => {
    const point = draw!(own);
    if (point) hasDrawn = true;
    return point;
  };
  const noIncumbents = matrixOf([], columns.length);
  yield rawSamples({ columns, incumbents: noIncumbents, rng, draw: draw && even }, sizes[0]!);
  const incumbents = matrixOf(
    trials.slice(-nearTrials).map(({ params }) => space.encode(params)),
    columns.length,
  );
  const quick = hasDrawn ? (own: Rng) => draw!(own, quickMixing) : undefined;
  for (const size of sizes.slice(1)) yield rawSamples({ columns, incumbents, rng, draw: quick }, size);
}
