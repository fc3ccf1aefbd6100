/**
 * The point of another study's parameters in the unit cube of a space.
 *
 * A number just outside the range stays outside the cube: a model of distances learns from it what it shows, while at the nearest
 * end of the range it would contradict what is true there. Categories that the space lacks are levels of their own, so that
 * their rows still inform about the other columns.
 */
import type { Params, SearchSpace } from '@foothold/core';
import { type ColumnParameter, defaultOf, mappedValue, type Note, rangeMargin } from './map-value.ts';

type Value = Params[string];

/** The point of a row, or in words why it has none. `note` takes what could not be used. */
export type MapParams = (params: Params, note: Note) => Float64Array | string;

/** Why a row that cannot be encoded has no point. */
export const cannotEncode = 'trials that the new space does not take are left out';

/** A row in a space that it was not made for. */
export interface NearestRow {
  /** The nearest parameters that the space takes. */
  readonly values: Params;
  /** Where the row itself lies: outside of the unit cube where its parameters are outside of their ranges. */
  readonly point: Float64Array;
}

/** Maps rows into the space; undefined where the space has no description to map by. */
export function paramsMapper<P extends Params>(space: SearchSpace<P>): MapParams | undefined {
  const nearest = rowMapper(space);
  return (
    nearest &&
    ((params, note) => {
      const row = nearest(params, note);
      return typeof row === 'string' ? row : row.point;
    })
  );
}

/**
 * A function from the parameters of another space to the nearest ones and their point, or in words why there is none; undefined
 * where the space has no description. `margin` is how far outside a number may lie, in ranges. Default: 0.1.
 */
export function rowMapper<P extends Params>(
  space: SearchSpace<P>,
  margin: number = rangeMargin,
): ((params: Params, note?: Note) => NearestRow | string) | undefined {
  const description = space.description ?? {};
  const columns = space.columns.map((column) => ({ column, parameter: description[column.name], margin }));
  if (columns.some(({ parameter }) => !parameter)) return undefined;
  const known = columns as readonly ColumnParameter[];
  const names = new Set(known.map(({ column }) => column.name));
  return (params, note = () => undefined) => {
    for (const name of Object.keys(params)) if (!names.has(name)) note(`${name}: not in the new space`);
    const { values, coordinates, outOfRange } = mappedRow(known, params, note);
    if (outOfRange !== undefined) return `${outOfRange}: far outside the new range, left out`;
    try {
      const point = space.encode(values as P);
      for (const [j, coordinate] of coordinates) point[j] = coordinate;
      return { values, point };
    } catch {
      return cannotEncode;
    }
  };
}

interface MappedRow {
  readonly values: Params;
  /** Coordinates that differ from those of the values, by column. */
  readonly coordinates: ReadonlyMap<number, number>;
  /** The first parameter whose value is far outside its range. */
  readonly outOfRange: string | undefined;
}

function mappedRow(columns: readonly ColumnParameter[], params: Params, note: Note): MappedRow {
  const values: Record<string, Value> = {};
  const coordinates = new Map<number, number>();
  let outOfRange: string | undefined;
  // Parents may come after their children: a pass for each level of conditions settles all.
  const settled = new Set<string>();
  for (let pass = 0; pass <= columns.length && settled.size < columns.length; pass++)
    columns.forEach((known, j) => {
      const { column, parameter } = known;
      const { name } = column;
      const parents = Object.entries(parameter.when ?? {});
      if (settled.has(name) || parents.some(([parent]) => !settled.has(parent))) return;
      settled.add(name);
      const given = Object.hasOwn(params, name) ? params[name] : undefined;
      const isActive = parents.every(([parent, allowed]) => {
        const value = values[parent];
        return value !== undefined && allowed.includes(value);
      });
      if (!isActive) {
        if (given !== undefined) note(`${name}: not active where it is given`);
        return;
      }
      const mapped = given === undefined ? undefined : mappedValue(given, known, note);
      if (mapped === 'outOfRange') outOfRange ??= name;
      else if (mapped?.coordinate !== undefined) coordinates.set(j, mapped.coordinate);
      // A value may be null.
      const value = mapped === 'outOfRange' ? undefined : mapped?.value;
      values[name] = value === undefined ? defaultOf(parameter) : value;
      if (given === undefined) note(`${name}: missing, takes ${JSON.stringify(values[name])}`);
    });
  return { values, coordinates, outOfRange };
}
