import { InvalidArgumentError, OutOfSpaceError } from '@foothold/core';
import type { Domain } from './domain.ts';
import type { ParameterValue } from './parameter.ts';

/** When a parameter is active: each parent has one of the values. */
interface Condition {
  readonly parent: number;
  readonly values: ReadonlySet<ParameterValue>;
}

export interface Conditions {
  /** Conditions of each domain, in the order of the domains. */
  readonly of: readonly (readonly Condition[])[];
  /** Positions of the domains, parents first. */
  readonly order: readonly number[];
}

/**
 * The conditions between these parameters.
 *
 * Throws InvalidArgumentError for a parent that does not exist or is a real number, a value that the parent cannot
 * have, and parameters that wait for each other in a circle.
 */
export function conditionsOf(domains: readonly Domain[]): Conditions {
  const positionOfName = new Map(domains.map((domain, i) => [domain.name, i]));
  const of = domains.map((domain) =>
    Object.entries(domain.description.when ?? {}).map(([name, values]): Condition => {
      const argument = `${domain.name}.when.${name}`;
      const parent = positionOfName.get(name);
      const parentDomain = parent === undefined ? undefined : domains[parent];
      if (parent === undefined || !parentDomain || parentDomain.column.kind === 'continuous')
        throw new InvalidArgumentError(
          argument,
          values,
          'a condition on a parameter of this space that has steps or choices',
        );
      for (const value of values)
        if (parentDomain.coordinateOf(value) === undefined)
          throw new InvalidArgumentError(argument, value, parentDomain.allowed);
      return { parent, values: new Set(values.map((value) => exact(parentDomain, value))) };
    }),
  );
  return { of, order: parentsFirst(domains, of) };
}

/** The domain's own value for one that it takes: without the rounding that a number may carry. */
export function exact(domain: Domain, value: ParameterValue): ParameterValue {
  const coordinate = domain.coordinateOf(value);
  return coordinate === undefined ? value : domain.valueAt(coordinate);
}

/**
 * For each domain without a value that one with a value waits for: what it may be, so that all are active. Throws
 * OutOfSpaceError where there is no such value. `choose` picks among several.
 */
export function parentsOf(
  domains: readonly Domain[],
  conditions: Conditions,
  {
    given,
    choose,
  }: {
    readonly given: readonly (ParameterValue | undefined)[];
    readonly choose: (values: readonly ParameterValue[]) => ParameterValue;
  },
): readonly (ParameterValue | undefined)[] {
  const values = [...given];
  const needed = new Map<number, readonly ParameterValue[]>();
  // Children first: all that is asked of a parent is known when it is reached.
  for (const i of [...conditions.order].reverse()) {
    const wanted = needed.get(i);
    if (values[i] === undefined && wanted) values[i] = choose(wanted);
    const value = values[i];
    if (value === undefined) continue;
    for (const { parent, values: allowed } of conditions.of[i]!) {
      const before = needed.get(parent) ?? [...allowed];
      const own = given[parent];
      const both = before.filter(
        (v) => allowed.has(v) && (own === undefined || v === exact(domains[parent]!, own)),
      );
      if (both.length === 0)
        throw new OutOfSpaceError(
          domains[i]!.name,
          value,
          `nothing: no value of ${domains[parent]!.name} makes it active beside the others`,
        );
      needed.set(parent, both);
    }
  }
  return values;
}

/** Whether domain i is active, given the values of its parents (undefined: inactive). */
export function isActive(
  conditions: readonly Condition[],
  valueFor: (position: number) => ParameterValue | undefined,
): boolean {
  return conditions.every(({ parent, values }) => {
    const value = valueFor(parent);
    return value !== undefined && values.has(value);
  });
}

function parentsFirst(domains: readonly Domain[], of: readonly (readonly Condition[])[]): number[] {
  const order: number[] = [];
  const placed = new Set<number>();
  /** All before it are placed: without conditions each is found at once. */
  let first = 0;
  const isReady = (i: number) => !placed.has(i) && of[i]!.every(({ parent }) => placed.has(parent));
  while (order.length < domains.length) {
    while (placed.has(first)) first++;
    let ready = first;
    while (ready < domains.length && !isReady(ready)) ready++;
    if (ready === domains.length) {
      const stuck = domains.filter((_, i) => !placed.has(i));
      throw new InvalidArgumentError(
        `${stuck[0]!.name}.when`,
        stuck.map((domain) => domain.name),
        'conditions that do not form a circle',
      );
    }
    placed.add(ready);
    order.push(ready);
  }
  return order;
}
