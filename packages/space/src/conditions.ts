import { InvalidArgumentError } from '@foothold/core';
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
          'a condition on a whole-number, ordinal or categorical parameter of this space',
        );
      for (const value of values)
        if (parentDomain.coordinateOf(value) === undefined)
          throw new InvalidArgumentError(argument, value, parentDomain.allowed);
      return { parent, values: new Set(values) };
    }),
  );
  return { of, order: parentsFirst(domains, of) };
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
  while (order.length < domains.length) {
    const ready = domains.findIndex(
      (_, i) => !placed.has(i) && of[i]!.every(({ parent }) => placed.has(parent)),
    );
    if (ready < 0) {
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
