import {
  type Feature,
  InvalidArgumentError,
  isReservedName,
  type Params,
  type Rng,
  type SearchSpace,
  type SpaceDescription,
} from '@foothold/core';
import { checkedDescription } from './checked-description.ts';
import { conditionsOf, parentsOf } from './conditions.ts';
import { brokenBy, type Constraint, checkedLinear, thinRoundOff } from './constraint.ts';
import { type Domain, domainOf } from './domain.ts';
import { feasiblePoints } from './feasible-points.ts';
import { thinSystem } from './linear-rows.ts';
import type { ParameterValue } from './parameter.ts';
import type { ParamsOfShape, Shape, WithKnownParents } from './params-of.ts';
import { sizeOf } from './size-of.ts';
import { spaceCodec, valueIn } from './space-codec.ts';

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
 * Names are not empty, do not begin with `$` and are none that every JavaScript object has (`constructor`, `toString`). Throws
 * InvalidArgumentError for whatever a parameter, a condition or a constraint does not allow, with the parameter's name, the
 * value and what is allowed.
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
  const domains = checkedDomains(entries);
  const conditions = conditionsOf(domains);
  const checked = constraints.map((constraint, i) =>
    typeof constraint === 'function' ? constraint : checkedLinear(constraint, i, domains),
  );
  const { encode, decode, coordinates, valuesAt } = spaceCodec<P>(domains, conditions);
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
    columns: domains.map(({ column }) => column),
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

/** The parameters of these descriptions. Throws InvalidArgumentError for a name, a description or a default that cannot be. */
function checkedDomains(
  entries: readonly (readonly [name: string, description: unknown])[],
): readonly Domain[] {
  const domains = entries.map(([name, raw]) => {
    if (name === '' || name.startsWith('$') || isReservedName(name))
      throw new InvalidArgumentError(
        'a parameter name',
        name,
        'a text without $ in front that is no name of every JavaScript object (constructor, toString)',
      );
    return domainOf(name, checkedDescription(name, raw));
  });
  if (domains.length === 0) throw new InvalidArgumentError('the space', {}, 'at least one parameter');
  for (const { name, description, coordinateOf, allowed } of domains)
    if (description.default !== undefined && coordinateOf(description.default) === undefined)
      throw new InvalidArgumentError(`${name}.default`, description.default, allowed);
  return domains;
}
