import { levelOf, OutOfSpaceError, type Params, positionOf, ShapeError } from '@foothold/core';
import { type Conditions, exact, isActive } from './conditions.ts';
import type { Domain } from './domain.ts';
import type { ParameterValue } from './parameter.ts';

/** What maps parameters to unit-cube points and back. */
export interface SpaceCodec<P extends Params> {
  encode(params: P): Float64Array;
  decode(point: Float64Array): P;
  coordinates(values: Partial<P>): Float64Array;
  /** The value of each domain at this point; undefined where it is inactive. */
  valuesAt(point: Float64Array): (ParameterValue | undefined)[];
}

/** The mapping for these parameters and conditions. `encode` and `coordinates` throw OutOfSpaceError, the others ShapeError. */
export function spaceCodec<P extends Params>(
  domains: readonly Domain[],
  conditions: Conditions,
): SpaceCodec<P> {
  const count = domains.length;
  const names = new Set(domains.map(({ name }) => name));
  const inactive = domains.map(inactiveCoordinate);
  const encode = (params: P): Float64Array => {
    refuseUnknown(params, names);
    const valueFor = (i: number) => {
      const value = valueIn(params, domains[i]!.name);
      return value === undefined ? undefined : exact(domains[i]!, value);
    };
    const point = new Float64Array(count);
    for (const i of conditions.order) {
      const domain = domains[i]!;
      const value = valueIn(params, domain.name);
      if (isActive(conditions.of[i]!, valueFor)) point[i] = checkedCoordinate(domain, value);
      else if (value === undefined) point[i] = inactive[i]!;
      else throw new OutOfSpaceError(domain.name, value, `nothing: it is active ${conditionText(domain)}`);
    }
    return point;
  };
  const valuesAt = (point: Float64Array): (ParameterValue | undefined)[] => {
    if (point.length !== count)
      throw new ShapeError(`a point of this space has ${count} coordinates, not ${point.length}`);
    const values = new Array<ParameterValue | undefined>(count);
    for (const i of conditions.order)
      if (isActive(conditions.of[i]!, (parent) => values[parent])) values[i] = domains[i]!.valueAt(point[i]!);
    return values;
  };
  const decode = (point: Float64Array): P => {
    const values = valuesAt(point);
    const params: Record<string, ParameterValue> = {}; // no name is reserved
    domains.forEach(({ name }, i) => {
      if (values[i] !== undefined) params[name] = values[i];
    });
    return params as P;
  };
  const coordinates = (values: Partial<P>): Float64Array => {
    refuseUnknown(values, names);
    const point = new Float64Array(count).fill(Number.NaN);
    domains.forEach((domain, i) => {
      const value = valueIn(values, domain.name);
      if (value === undefined) return;
      point[i] = checkedCoordinate(domain, value);
      for (const { parent, values: allowed } of conditions.of[i]!) {
        const given = valueIn(values, domains[parent]!.name);
        if (given !== undefined && !allowed.has(exact(domains[parent]!, given)))
          throw new OutOfSpaceError(domain.name, value, `nothing: it is active ${conditionText(domain)}`);
      }
    });
    return point;
  };
  return { encode, decode, coordinates, valuesAt };
}

/** Throws OutOfSpaceError for a member that is no parameter. */
function refuseUnknown(params: object, names: ReadonlySet<string>): void {
  for (const name of Object.keys(params))
    if (!names.has(name))
      throw new OutOfSpaceError(name, (params as Params)[name], `the parameters ${[...names]}`);
}

/** The coordinate of a value. Throws OutOfSpaceError for one that the domain does not have. */
function checkedCoordinate({ name, allowed, coordinateOf }: Domain, value: unknown): number {
  const coordinate = coordinateOf(value);
  if (coordinate === undefined) throw new OutOfSpaceError(name, value, allowed);
  return coordinate;
}

/** The coordinate of a parameter while it is inactive: that of its default, else the middle. */
function inactiveCoordinate({ column, description, coordinateOf }: Domain): number {
  const fallback = description.default === undefined ? undefined : coordinateOf(description.default);
  if (fallback !== undefined) return fallback;
  return column.kind === 'continuous' ? 0.5 : positionOf(column, levelOf(column, 0.5));
}

/** The value of this name among own members; undefined where there is none. */
export function valueIn(params: object, name: string): ParameterValue | undefined {
  return Object.hasOwn(params, name) ? (params as Params)[name] : undefined;
}

function conditionText({ description }: Domain): string {
  const parts = Object.entries(description.when ?? {}).map(
    ([parent, values]) => `${parent} is ${values.map((value) => JSON.stringify(value)).join(' or ')}`,
  );
  return `only while ${parts.join(' and ')}`;
}
