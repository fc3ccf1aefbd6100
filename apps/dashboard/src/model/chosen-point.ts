import type { Params, SearchSpace } from '@foothold/core';
import { levelOf, positionOf } from '@foothold/core';

/** A point that a person chose, with what the space says of it. */
export interface ChosenPoint {
  /** A coordinate for each column, those of inactive parameters too: they come back with their parents. */
  readonly coordinates: Float64Array;
  readonly params: Params;
  /** Why it may not be evaluated; undefined where it may. */
  readonly violation: string | undefined;
}

/** The point of these coordinates. */
export function chosenPoint(space: SearchSpace, coordinates: Float64Array): ChosenPoint {
  const params = space.decode(coordinates);
  return { coordinates, params, violation: space.violation?.(params) };
}

/** The point of these parameters. Throws OutOfSpaceError. */
export function pointAt(space: SearchSpace, params: Params): ChosenPoint {
  return chosenPoint(space, space.encode(params));
}

/**
 * The point with another coordinate in one column. Where the space can, the others give way, so that limits among parameters (a
 * sum of 1) are kept.
 */
export function movedPoint(
  space: SearchSpace,
  { coordinates }: ChosenPoint,
  { column, to }: { readonly column: number; readonly to: number },
): ChosenPoint {
  const moved = coordinates.with(column, to);
  const given = new Float64Array(moved.length).fill(Number.NaN).with(column, to);
  const kept = space.project?.(moved, given);
  return chosenPoint(space, kept instanceof Float64Array ? kept : moved);
}

/** Steps of a slider of a continuous parameter. */
const steps = 1000;

/** The positions of a slider over a column: whole numbers from 0 to `last`. */
export function sliderOf(column: SearchSpace['columns'][number]): {
  readonly last: number;
  positionAt(coordinate: number): number;
  coordinateAt(position: number): number;
} {
  if (column.kind === 'continuous')
    return {
      last: steps,
      positionAt: (coordinate) => Math.round(coordinate * steps),
      coordinateAt: (position) => position / steps,
    };
  return {
    last: column.levels - 1,
    positionAt: (coordinate) => levelOf(column, coordinate),
    coordinateAt: (position) => positionOf(column, position),
  };
}
