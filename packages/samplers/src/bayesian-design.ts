/** The points before the first model: the middle of the space, then a spread that all trials of a study share. */
import {
  type Column,
  type Json,
  matrixOf,
  type Params,
  positionOf,
  rowOf,
  type SampleRequest,
  seeded,
} from '@foothold/core';
import { candidates } from './acquisition-optimizer-candidates.ts';

/** Seed of a study's design, drawn by its first trial and read from `why` by the later ones. */
export function designSeed(request: Pick<SampleRequest<Params>, 'trials' | 'rng'>): number {
  for (const { why } of request.trials) {
    const found: Json | undefined = why?.design;
    if (typeof found === 'number') return found;
  }
  return Math.floor(request.rng.fork('design').next() * 2 ** 32);
}

/** Point `index` of a design of `size` points. The first is the middle, the others are stratified in every column. */
export function designPoint(
  columns: readonly Column[],
  { index, size, seed }: { readonly index: number; readonly size: number; readonly seed: number },
): Float64Array {
  if (index === 0) return Float64Array.from(columns, middleOf);
  const count = Math.max(size - 1, 1);
  const spread = candidates({ columns, incumbents: matrixOf([], columns.length), rng: seeded(seed) }, count);
  return Float64Array.from(rowOf(spread, (index - 1) % count));
}

function middleOf(column: Column): number {
  return column.kind === 'continuous' ? 0.5 : positionOf(column, Math.floor((column.levels - 1) / 2));
}
