import { InvalidArgumentError, type Params } from '@foothold/core';
import { isRecord } from './checked-description.ts';
import type { Domain } from './domain.ts';

/** Σ weight · parameter at most or at least a bound (or both). Inactive parameters count 0. */
export interface LinearConstraint {
  readonly type: 'linear';
  readonly terms: Readonly<Record<string, number>>;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** True or undefined where parameters may be evaluated; false, or a text that says why, where they may not. */
export type Predicate<P extends Params = Params> = (params: P) => boolean | string | undefined;

export type Constraint<P extends Params = Params> = LinearConstraint | Predicate<P>;

/** Rounding that a sum on its bound may carry, relative to its largest term. */
const roundOff = 16 * 2 ** -53;

/** The constraint that a weighted sum of parameters stays within bounds: `linear({ a: 1, b: 2 }, { atMost: 10 })`. */
export function linear(
  terms: Readonly<Record<string, number>>,
  bounds: { readonly atMost?: number; readonly atLeast?: number },
): LinearConstraint {
  return { type: 'linear', terms, ...bounds };
}

/** Rounding that the sum of a thin constraint may carry, which nobody meets to the last bit. */
export const thinRoundOff = 1e-9;

/**
 * Why these parameters break the constraint, or undefined. `position` counts from 0 and names a predicate without text;
 * `tolerance` is relative to the largest term.
 */
export function brokenBy<P extends Params>(
  constraint: Constraint<P>,
  params: P,
  { position, tolerance = roundOff }: { readonly position: number; readonly tolerance?: number },
): string | undefined {
  if (typeof constraint === 'function') {
    const verdict = constraint(params);
    if (verdict === false) return `constraint ${position} does not hold`;
    return typeof verdict === 'string' ? verdict : undefined;
  }
  let sum = 0;
  let size = 0;
  for (const [name, weight] of Object.entries(constraint.terms)) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (typeof value !== 'number') continue;
    sum += weight * value;
    size = Math.max(size, Math.abs(weight * value));
  }
  const { atMost = Infinity, atLeast = -Infinity } = constraint;
  const slack = tolerance * size;
  if (sum - slack <= atMost && sum + slack >= atLeast) return undefined;
  const text = Object.entries(constraint.terms).map(([name, weight]) => `${weight}·${name}`);
  const bound = sum > atMost ? `at most ${atMost}` : `at least ${atLeast}`;
  return `${text.join(' + ')} is ${sum}, allowed is ${bound}`;
}

/** A linear constraint on these domains out of anything. Throws InvalidArgumentError. */
export function checkedLinear(raw: unknown, position: number, domains: readonly Domain[]): LinearConstraint {
  const argument = `constraint ${position}`;
  if (!isRecord(raw) || raw.type !== 'linear' || !isRecord(raw.terms))
    throw new InvalidArgumentError(argument, raw, '{"type":"linear","terms":{…},"atMost":…,"atLeast":…}');
  const names = domains
    .filter(({ description: d }) => 'low' in d || d.choices.every((choice) => typeof choice === 'number'))
    .map(({ name }) => name);
  const terms = Object.entries(raw.terms);
  for (const [name, weight] of terms) {
    if (!names.includes(name))
      throw new InvalidArgumentError(`${argument}: term`, name, `one of the numeric parameters ${names}`);
    if (!Number.isFinite(weight))
      throw new InvalidArgumentError(`${argument}: weight of ${name}`, weight, 'a finite number');
  }
  const { atMost, atLeast } = raw;
  for (const bound of [atMost, atLeast])
    if (bound !== undefined && !Number.isFinite(bound))
      throw new InvalidArgumentError(`${argument}: bound`, bound, 'a finite number');
  if (terms.length === 0 || (atMost === undefined && atLeast === undefined))
    throw new InvalidArgumentError(argument, raw, 'at least one term, and atMost or atLeast');
  return {
    type: 'linear',
    terms: Object.fromEntries(terms) as Record<string, number>,
    ...(atMost === undefined ? {} : { atMost: atMost as number }),
    ...(atLeast === undefined ? {} : { atLeast: atLeast as number }),
  };
}
