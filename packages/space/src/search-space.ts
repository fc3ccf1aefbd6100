import {
  type Feature,
  InvalidArgumentError,
  levelOf,
  OutOfSpaceError,
  type Params,
  positionOf,
  type Rng,
  type SearchSpace,
  ShapeError,
  type SpaceDescription,
} from '@foothold/core';
import { checkedDescription } from './checked-description.ts';
import { conditionsOf, exact, isActive, parentsOf } from './conditions.ts';
import { brokenBy, type Constraint, checkedLinear, thinRoundOff } from './constraint.ts';
import { type Domain, domainOf } from './domain.ts';
import { feasiblePoints } from './feasible-points.ts';
import { thinSystem } from './linear-rows.ts';
import type { ParameterValue } from './parameter.ts';
import type { ParamsOfShape, Shape, WithKnownParents } from './params-of.ts';
import { sizeOf } from './size-of.ts';

/** A search space with everything that a core SearchSpace may have. */
export interface ParameterSpace<P extends Params = Params> extends SearchSpace<P> {
  /** Undefined: no constraint is broken. Throws OutOfSpaceError like `encode`. */
  violation(params: P): string | undefined;
  coordinates(values: Partial<P>): Float64Array;
  withParents(values: Partial<P>, rng: Rng): Partial<P>;
  readonly size: number;
  readonly features: readonly Feature[];
  readonly defaults: Partial<P>;
}

/**
 * The space of these parameters, one column each, in the order given; `params` is typed from it.
 *
 * Names are not empty, do not begin with `$` and are not `__proto__`. Throws InvalidArgumentError for whatever a
 * parameter, a condition or a constraint does not allow, with the parameter's name, the value and what is allowed.
 * A predicate among the constraints leaves the space without a `description`: JSON cannot hold it.
 */
export function searchSpace<const S extends Shape>(
  shape: S & WithKnownParents<S>,
  options: { readonly constraints?: readonly Constraint<ParamsOfShape<S>>[] } = {},
): ParameterSpace<ParamsOfShape<S>> {
  return spaceFrom(
    Object.entries(shape as Shape).map(([name, { description }]) => [name, description]),
    options.constraints ?? [],
  );
}

/** The space of these unchecked descriptions and constraints. */
export function spaceFrom<P extends Params>(
  entries: readonly (readonly [name: string, description: unknown])[],
  constraints: readonly Constraint<P>[],
): ParameterSpace<P> {
  const domains = entries.map(([name, raw]) => {
    if (name === '' || name.startsWith('$') || name === '__proto__')
      throw new InvalidArgumentError(
        'a parameter name',
        name,
        'a text that is not "__proto__" and has no $ in front',
      );
    return domainOf(name, checkedDescription(name, raw));
  });
  if (domains.length === 0) throw new InvalidArgumentError('the space', {}, 'at least one parameter');
  for (const { name, description, coordinateOf, allowed } of domains)
    if (description.default !== undefined && coordinateOf(description.default) === undefined)
      throw new InvalidArgumentError(`${name}.default`, description.default, allowed);
  const conditions = conditionsOf(domains);
  const checked = constraints.map((constraint, i) =>
    typeof constraint === 'function' ? constraint : checkedLinear(constraint, i, domains),
  );
  const columns = domains.map((domain) => domain.column);
  const positionOfName = new Map(domains.map((domain, i) => [domain.name, i]));
  const resting = domains.map(restingCoordinate);

  const refuseUnknown = (params: object) => {
    for (const name of Object.keys(params))
      if (!positionOfName.has(name))
        throw new OutOfSpaceError(
          name,
          (params as Params)[name],
          `the parameters ${[...positionOfName.keys()]}`,
        );
  };
  const coordinateOf = ({ name, allowed, coordinateOf }: Domain, value: unknown): number => {
    const coordinate = coordinateOf(value);
    if (coordinate === undefined) throw new OutOfSpaceError(name, value, allowed);
    return coordinate;
  };
  const encode = (params: P): Float64Array => {
    refuseUnknown(params);
    const valueFor = (i: number) => {
      const value = valueIn(params, domains[i]!.name);
      return value === undefined ? undefined : exact(domains[i]!, value);
    };
    const point = new Float64Array(columns.length);
    for (const i of conditions.order) {
      const domain = domains[i]!;
      const value = valueIn(params, domain.name);
      if (isActive(conditions.of[i]!, valueFor)) point[i] = coordinateOf(domain, value);
      else if (value === undefined) point[i] = resting[i]!;
      else throw new OutOfSpaceError(domain.name, value, `nothing: it is active ${conditionText(domain)}`);
    }
    return point;
  };
  const valuesAt = (point: Float64Array): (ParameterValue | undefined)[] => {
    if (point.length !== columns.length)
      throw new ShapeError(`a point of this space has ${columns.length} coordinates, not ${point.length}`);
    const values = new Array<ParameterValue | undefined>(columns.length);
    for (const i of conditions.order)
      if (isActive(conditions.of[i]!, (parent) => values[parent])) values[i] = domains[i]!.valueAt(point[i]!);
    return values;
  };
  const decode = (point: Float64Array): P => {
    const values = valuesAt(point);
    const params: Record<string, ParameterValue> = {}; // no name is __proto__
    domains.forEach(({ name }, i) => {
      if (values[i] !== undefined) params[name] = values[i];
    });
    return params as P;
  };
  const coordinates = (values: Partial<P>): Float64Array => {
    refuseUnknown(values);
    const point = new Float64Array(columns.length).fill(Number.NaN);
    domains.forEach((domain, i) => {
      const value = valueIn(values, domain.name);
      if (value === undefined) return;
      point[i] = coordinateOf(domain, value);
      for (const { parent, values: allowed } of conditions.of[i]!) {
        const given = valueIn(values, domains[parent]!.name);
        if (given !== undefined && !allowed.has(exact(domains[parent]!, given)))
          throw new OutOfSpaceError(domain.name, value, `nothing: it is active ${conditionText(domain)}`);
      }
    });
    return point;
  };
  const features: Feature[] = [];
  if (conditions.of.some((list) => list.length > 0)) features.push('conditional');
  if (checked.length > 0) features.push('input-constraints');
  const linearOnes = checked.filter((constraint) => typeof constraint !== 'function');
  const thin = thinSystem(domains, linearOnes);
  const description = {
    ...Object.fromEntries(domains.map((domain) => [domain.name, domain.description])),
    ...(linearOnes.length > 0 ? { $constraints: linearOnes } : {}),
  } as unknown as SpaceDescription;
  return {
    columns,
    encode,
    decode,
    violation(params) {
      encode(params);
      for (const [i, constraint] of checked.entries()) {
        const text = brokenBy(constraint, params, { position: i, ...(thin && { tolerance: thinRoundOff }) });
        if (text !== undefined) return text;
      }
      return undefined;
    },
    coordinates,
    withParents(values, rng) {
      coordinates(values);
      const given = domains.map(({ name }) => valueIn(values, name));
      const choose = (all: readonly ParameterValue[]) => all[Math.floor(rng.next() * all.length)]!;
      const all = parentsOf(domains, conditions, { given, choose });
      return Object.fromEntries(
        domains.flatMap(({ name }, i) => (all[i] === undefined ? [] : [[name, all[i]]])),
      ) as Partial<P>;
    },
    ...(thin &&
      feasiblePoints({ domains, conditions, valuesAt, encode: (params) => encode(params as P) }, thin)),
    size: sizeOf(domains, conditions),
    features,
    ...(features.includes('conditional') ? { parentsFirst: conditions.order } : {}),
    defaults: Object.fromEntries(
      domains.flatMap(({ name, description: d }) => (d.default === undefined ? [] : [[name, d.default]])),
    ) as Partial<P>,
    ...(linearOnes.length === checked.length ? { description } : {}),
  };
}

/** Where an inactive parameter's coordinate rests: at its default, else in the middle. */
function restingCoordinate({ column, description, coordinateOf }: Domain): number {
  const fallback = description.default === undefined ? undefined : coordinateOf(description.default);
  if (fallback !== undefined) return fallback;
  return column.kind === 'continuous' ? 0.5 : positionOf(column, levelOf(column, 0.5));
}

function valueIn(params: object, name: string): ParameterValue | undefined {
  return Object.hasOwn(params, name) ? (params as Params)[name] : undefined;
}

function conditionText({ description }: Domain): string {
  const parts = Object.entries(description.when ?? {}).map(
    ([parent, values]) => `${parent} is ${values.map((value) => JSON.stringify(value)).join(' or ')}`,
  );
  return `only while ${parts.join(' and ')}`;
}
