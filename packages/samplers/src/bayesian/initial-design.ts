/** The points before the first model: the defaults or the middle, then a spread that all trials of a study share. */
import {
  type Column,
  type Json,
  type Matrix,
  matrixOf,
  type Params,
  type ProgramState,
  positionOf,
  rowOf,
  type SampleRequest,
  type SearchSpace,
  seeded,
  type Why,
} from '@foothold/core';
import { rawSamples } from '../acquisition-optimizer/initial-points.ts';
import type { FeasibleCandidates } from '../feasible-candidates.ts';

/** Seed of a study's design, drawn by its first trial; the later ones read it from `samplerState`. */
export function designSeed(request: Pick<SampleRequest<Params>, 'trials' | 'rng'>): number {
  for (const { samplerState } of request.trials) {
    const found: Json | undefined = samplerState?.design;
    if (typeof found === 'number') return found;
  }
  return Math.floor(request.rng.fork('design').next() * 2 ** 32);
}

/** Stratified sets among which the one with the largest smallest distance is taken. */
const sets = 40;
/** Designs of more points are a sequence: distances between all pairs cost the square of their number at each ask. */
const largestSet = 500;

/**
 * Point `index` of a design of `size` points: the middle first, then a stratified set far from it and from each other; in
 * designs of more than 500 points a scrambled Sobol sequence, whose table of numbers is loaded for them alone.
 */
export async function designPoint(
  columns: readonly Column[],
  { index, size, seed }: { readonly index: number; readonly size: number; readonly seed: number },
): Promise<Float64Array> {
  const middle = Float64Array.from(columns, middleOf);
  if (index === 0 || size < 2) return middle;
  const rng = seeded(seed);
  if (size > largestSet) return (await import('./sequence-point.ts')).sequencePoint(columns, index - 1, rng);
  let best: Matrix | undefined;
  let widest = -1;
  for (let k = 0; k < sets; k++) {
    const spread = rawSamples({ columns, incumbents: matrixOf([], columns.length), rng }, size - 1);
    const width = smallestDistance(spread, middle, widest);
    if (width > widest) {
      widest = width;
      best = spread;
    }
  }
  return Float64Array.from(rowOf(best!, (index - 1) % (size - 1)));
}

/**
 * The point of the space's own guesses: each parameter's default, and the middle where there is none. Undefined where a
 * space has no defaults.
 */
export function defaultPoint<P extends Params>(space: SearchSpace<P>): Float64Array | undefined {
  const { columns, defaults = {} } = space;
  const names = Object.keys(defaults);
  if (names.length === 0 || !space.coordinates) return undefined;
  const point = Float64Array.from(columns, middleOf);
  // One by one: together, a default of an inactive parameter would be refused.
  for (const name of names)
    space.coordinates({ [name]: (defaults as Params)[name] } as Partial<P>).forEach((u, j) => {
      if (!Number.isNaN(u)) point[j] = u;
    });
  return point;
}

/** Square of the smallest distance, or any number up to `enough` where it is not larger than that. */
function smallestDistance(points: Matrix, middle: Float64Array, enough: number): number {
  let smallest = Infinity;
  for (let i = 0; i < points.rows; i++) {
    const a = rowOf(points, i);
    for (let j = -1; j < i; j++) {
      const b = j < 0 ? middle : rowOf(points, j);
      let square = 0;
      for (let k = 0; k < a.length; k++) square += (a[k]! - b[k]!) ** 2;
      if (square < smallest) smallest = square;
      if (smallest <= enough) return smallest;
    }
  }
  return smallest;
}

function middleOf(column: Column): number {
  return column.kind === 'continuous' ? 0.5 : positionOf(column, Math.floor((column.levels - 1) / 2));
}

/**
 * Default number of trials before the first model: 2 + half the columns, 5 to 10. Of a small `budget` at most a fifth, and at
 * least 3: a model of three rows already proposes better than a space-filling design.
 */
export function initialDesignSize(columns: number, budget = Infinity): number {
  const size = Math.min(Math.max(5, 2 + Math.ceil(columns / 2)), 10);
  return Math.min(size, Math.max(3, Math.ceil(budget / 5)));
}

/** Point `index` of the study's design where it may be proposed, else any point that may. */
export async function initialPoint<P extends Params>(
  request: SampleRequest<P>,
  feasible: FeasibleCandidates,
  { index, size }: { readonly index: number; readonly size: number },
): Promise<{ readonly point: Float64Array; readonly why: Why; readonly samplerState: ProgramState }> {
  const seed = designSeed(request);
  const wanted =
    (index === 0 ? defaultPoint(request.space) : undefined) ??
    (await designPoint(request.space.columns, { index, size, seed }));
  // A point of the cube has its nearest one on the edge of a simplex: drawn ones spread over it.
  const drawn = index > 0 && feasible.draw !== undefined;
  const point =
    (drawn ? undefined : feasible.repair(wanted)) ?? feasible.any(request.rng.fork(`initial ${index}`));
  return { point, why: { stage: 'initial' }, samplerState: { design: seed } };
}
