import { type Params, type SearchSpace, UnsupportedError } from '@foothold/core';

/** Which columns of a space are given, and where they lie. */
export interface FixedColumns {
  /** 1 where a column is fixed, d. */
  readonly mask: Uint8Array;
  /** Coordinates of the fixed columns, d; NaN where a column is free. */
  readonly point: Float64Array;
  /** A copy of `point` with the fixed coordinates put in. */
  apply(point: Float64Array): Float64Array;
}

/**
 * The columns that these values fix: what a sampler needs of `request.fixed`.
 *
 * Throws OutOfSpaceError for a value outside its parameter, UnsupportedError where the space has no coordinates of single values.
 */
export function fixedColumns<P extends Params>(space: SearchSpace<P>, values: Partial<P> = {}): FixedColumns {
  const d = space.columns.length;
  if (Object.keys(values).length > 0 && !space.coordinates)
    throw new UnsupportedError('fixed values', 'the space', 'give it a `coordinates` method');
  const point = space.coordinates?.(values) ?? new Float64Array(d).fill(Number.NaN);
  return {
    mask: Uint8Array.from(point, (u) => (Number.isNaN(u) ? 0 : 1)),
    point,
    apply: (free) => Float64Array.from(free, (u, i) => (Number.isNaN(point[i]!) ? u : point[i]!)),
  };
}
