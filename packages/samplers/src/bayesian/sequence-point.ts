import type { Column, Rng } from '@foothold/core';
import { maxSobolDimensions, sobol } from '@foothold/numerics';
import { onGrid } from '../acquisition-optimizer/initial-points.ts';

/** Point `index` of a scrambled sequence, on the grid; with more columns than the sequence has, an independent point. */
export function sequencePoint(columns: readonly Column[], index: number, rng: Rng): Float64Array {
  const d = columns.length;
  const drawn = rng.fork(`point ${index}`);
  const { data } =
    d <= maxSobolDimensions ? sobol({ dimensions: d, rng }).points(index, 1) : { data: undefined };
  return Float64Array.from(columns, (column, j) => onGrid(column, data ? data[j]! : drawn.next()));
}
