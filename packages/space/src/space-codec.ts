import { levelOf, OutOfSpaceError, type Params, positionOf, ShapeError } from '@foothold/core';
import { type Conditions, exact, isActive } from './conditions.ts';
import type { Domain } from './domain.ts';
import type { ParameterValue } from './parameter.ts';

/** Parameters to points of the unit cube and back. */
export interface SpaceCodec<P extends Params> {
  /** The point of these parameters. Throws OutOfSpaceError. */
  encode(params: P): Float64Array;
  /** The parameters at a point. Throws ShapeError. */
  decode(point: Float64Array): P;
  /** Coordinates of some parameters, NaN for the others. Throws OutOfSpaceError. */
  coordinates(values: Partial<P>): Float64Array;
  /** Value of each active parameter at a point, undefined for the others. Throws ShapeError. */
  valuesAt(point: Float64Array): (ParameterValue | undefined)[];
}

/** The codec of these domains under these conditions. An inactive parameter is encoded as its default, or the middle. */
export function spaceCodec<P extends Params>(
  domains: readonly Domain[],
  conditions: Conditions,
): SpaceCodec<P> {
  const names = domains.map(({ name }) => name);
  const known = new Set(names);
  const resting = domains.map(restingCoordinate);
  const valuesAt = (point: Float64Array) => {
    if (point.length !== domains.length)
      throw new ShapeError(`a point of this space has ${domains.length} coordinates, not ${point.length}`);
    const values = new Array<ParameterValue | undefined>(domains.length);
    for (const i of conditions.order)
      if (isActive(conditions.of[i]!, (parent) => values[parent])) values[i] = domains[i]!.valueAt(point[i]!);
    return values;
  };
  return {
    valuesAt,
    encode(params) {
      refuseUnknown(known, params);
      const valueFor = (i: number) => {
        const value = valueIn(params, names[i]!);
        return value === undefined ? undefined : exact(domains[i]!, value);
      };
      const point = new Float64Array(domains.length);
      for (const i of conditions.order) {
        const domain = domains[i]!;
        const value = valueIn(params, domain.name);
        if (isActive(conditions.of[i]!, valueFor)) point[i] = coordinateOf(domain, value);
        else if (value === undefined) point[i] = resting[i]!;
        else throw inactive(domain, value);
      }
      return point;
    },
    decode(point) {
      const values = valuesAt(point);
      const params: Record<string, ParameterValue> = {}; // no name is __proto__
      names.forEach((name, i) => {
        if (values[i] !== undefined) params[name] = values[i];
      });
      return params as P;
    },
    coordinates(values) {
      refuseUnknown(known, values);
      const point = new Float64Array(domains.length).fill(Number.NaN);
      domains.forEach((domain, i) => {
        const value = valueIn(values, domain.name);
        if (value === undefined) return;
        point[i] = coordinateOf(domain, value);
        for (const { parent, values: allowed } of conditions.of[i]!) {
          const given = valueIn(values, names[parent]!);
          if (given !== undefined && !allowed.has(exact(domains[parent]!, given)))
            throw inactive(domain, value);
        }
      });
      return point;
    },
  };
}

/** The value under this name, where it is the object's own. */
export function valueIn(params: object, name: string): ParameterValue | undefined {
  return Object.hasOwn(params, name) ? (params as Params)[name] : undefined;
}

function refuseUnknown(known: ReadonlySet<string>, params: object): void {
  for (const name of Object.keys(params))
    if (!known.has(name))
      throw new OutOfSpaceError(name, (params as Params)[name], `the parameters ${[...known]}`);
}

function coordinateOf({ name, allowed, coordinateOf }: Domain, value: unknown): number {
  const coordinate = coordinateOf(value);
  if (coordinate === undefined) throw new OutOfSpaceError(name, value, allowed);
  return coordinate;
}

function inactive(domain: Domain, value: ParameterValue | undefined): OutOfSpaceError {
  const parts = Object.entries(domain.description.when ?? {}).map(
    ([parent, values]) => `${parent} is ${values.map((v) => JSON.stringify(v)).join(' or ')}`,
  );
  const allowed = `nothing: it is active only while ${parts.join(' and ')}`;
  return new OutOfSpaceError(domain.name, value, allowed);
}

/** Where an inactive parameter's coordinate rests: at its default, else in the middle. */
function restingCoordinate({ column, description, coordinateOf }: Domain): number {
  const fallback = description.default === undefined ? undefined : coordinateOf(description.default);
  if (fallback !== undefined) return fallback;
  return column.kind === 'continuous' ? 0.5 : positionOf(column, levelOf(column, 0.5));
}
