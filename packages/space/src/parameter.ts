import type { ParameterDescription } from '@foothold/core';

/** What a parameter's value can be. */
export type ParameterValue = number | string | boolean | null;

/** Distance between neighbouring values, which are low + k·step up to high; without it every number between the bounds. */
export interface StepOptions {
  readonly step?: number | undefined;
}

/**
 * One parameter of a search space: values of type T, active only while the parameters named in Parents allow it
 * (`never`: always). Immutable; every method returns a new one. `searchSpace` checks it, with its name at hand.
 */
export interface Parameter<T extends ParameterValue = ParameterValue, Parents extends string = string> {
  readonly description: ParameterDescription;
  readonly parents: readonly Parents[];
  /** The value that stands in where none is given: a first guess, or what an older study without this parameter used. */
  default(value: T): Parameter<T, Parents>;
  /** Active only while the parameter `name` has one of these values; several conditions must all hold. */
  when<Name extends string>(name: Name, ...values: readonly ParameterValue[]): Parameter<T, Parents | Name>;
}

/** The parameter that a description states, unchecked. */
function parameter<T extends ParameterValue, Parents extends string = never>(
  description: ParameterDescription,
): Parameter<T, Parents> {
  return {
    description,
    parents: Object.keys(description.when ?? {}) as Parents[],
    default: (value) => parameter<T, Parents>({ ...description, default: value }),
    when: <Name extends string>(name: Name, ...values: readonly ParameterValue[]) =>
      parameter<T, Parents | Name>({
        ...description,
        when: Object.fromEntries([...Object.entries(description.when ?? {}), [name, values]]),
      }),
  };
}

/**
 * A real number in [low, high]; low = high makes a constant. With `step` one of low, low + step, … up to high: of
 * `uniform(0, 1, { step: 0.3 })` the last value is 0.9.
 */
export function uniform(low: number, high: number, { step }: StepOptions = {}): Parameter<number, never> {
  return parameter({ type: 'real', low, high, ...(step === undefined ? {} : { step }) });
}

/** A real number in [low, high] whose logarithm counts: 1e-4 to 1e-3 is as wide as 1e-2 to 1e-1. Needs low > 0. */
export function logUniform(low: number, high: number): Parameter<number, never> {
  return parameter({ type: 'real', low, high, log: true });
}

/** A whole number from low to high, both included; low = high makes a constant. With `step` one of low, low + step, … up to high. */
export function integer(low: number, high: number, { step }: StepOptions = {}): Parameter<number, never> {
  return parameter({ type: 'int', low, high, ...(step === undefined ? {} : { step }) });
}

/** A whole number from low to high, both included, whose logarithm counts. Needs low ≥ 1. */
export function logInteger(low: number, high: number): Parameter<number, never> {
  return parameter({ type: 'int', low, high, log: true });
}

/** One of these values, which have an order: neighbours in the list are expected to behave alike. */
export function ordinal<const T extends readonly (number | string)[]>(
  ...choices: T
): Parameter<T[number], never> {
  return parameter({ type: 'ordinal', choices });
}

/** One of these values, none nearer to another than the rest. `null` is a value like the others; lists are not values. */
export function categorical<const T extends readonly ParameterValue[]>(
  ...choices: T
): Parameter<T[number], never> {
  return parameter({ type: 'categorical', choices });
}

/** false or true. */
export function boolean(): Parameter<boolean, never> {
  return parameter({ type: 'categorical', choices: [false, true] });
}
