import { InvalidArgumentError, type ParameterDescription } from '@foothold/core';
import type { ParameterValue } from './parameter.ts';
import { isResolved, steppedRange } from './stepped-range.ts';

/** Whole-number ranges hold at most this many values, so that every level is a float64 of its own. */
const maxLevels = 2 ** 53;

/**
 * A parameter's description out of anything (JSON, a caller's object), rebuilt from what is allowed and nothing else.
 *
 * Throws InvalidArgumentError that names the parameter and the field: an unknown type or field, a bound that is not
 * finite, low > high, a logarithm of what is not positive, a step beside a logarithm or wider than the range, no choices or
 * the same one twice, a list as a choice, an empty condition. `"type":"boolean"` is a categorical of false and true.
 
 * Whether the default and the conditions fit the space is for `searchSpace` to see.
 */
export function checkedDescription(name: string, raw: unknown): ParameterDescription {
  if (!isRecord(raw)) throw new InvalidArgumentError(name, raw, 'an object with a type');
  const type = own(raw, 'type');
  switch (type) {
    case 'real':
    case 'int': {
      onlyFields(name, raw, ['type', 'low', 'high', 'log', 'step', 'default', 'when']);
      const range = checkedRange(name, raw, type === 'int');
      return { type, ...range, ...extras(name, raw) };
    }
    case 'ordinal': {
      onlyFields(name, raw, ['type', 'choices', 'default', 'when']);
      const choices = checkedChoices(name, raw).filter(
        (choice) => typeof choice === 'number' || typeof choice === 'string',
      );
      if (choices.length < (own(raw, 'choices') as unknown[]).length)
        throw new InvalidArgumentError(`${name}.choices`, own(raw, 'choices'), 'numbers and strings');
      return { type, choices, ...extras(name, raw) };
    }
    case 'boolean':
      onlyFields(name, raw, ['type', 'default', 'when']);
      return { type: 'categorical', choices: [false, true], ...extras(name, raw) };
    case 'categorical':
      onlyFields(name, raw, ['type', 'choices', 'default', 'when']);
      return { type, choices: checkedChoices(name, raw), ...extras(name, raw) };
    default:
      throw new InvalidArgumentError(
        `${name}.type`,
        type,
        '"real" | "int" | "ordinal" | "categorical" | "boolean"',
      );
  }
}

function checkedRange(name: string, raw: Record<string, unknown>, whole: boolean) {
  const [low, high, log] = [own(raw, 'low'), own(raw, 'high'), own(raw, 'log')];
  const kind = whole ? 'a whole number up to 2^53 − 1 in size' : 'a finite number';
  const fits = (bound: unknown): bound is number =>
    whole ? Number.isSafeInteger(bound) : Number.isFinite(bound);
  if (!fits(low)) throw new InvalidArgumentError(`${name}.low`, low, kind);
  if (!fits(high)) throw new InvalidArgumentError(`${name}.high`, high, kind);
  if (low > high) throw new InvalidArgumentError(`${name}.low`, low, `a number up to high, ${high}`);
  if (log !== undefined && typeof log !== 'boolean')
    throw new InvalidArgumentError(`${name}.log`, log, 'true | false');
  if (log && low <= 0)
    throw new InvalidArgumentError(
      `${name}.low`,
      low,
      `${whole ? 'at least 1' : 'above 0'} on a logarithmic scale`,
    );
  if (whole && high - low >= maxLevels)
    throw new InvalidArgumentError(`${name}.high`, high, 'less than 2^53 above low');
  return { low, high, ...(log ? { log } : {}), ...checkedStep(name, raw, { low, high, log, whole }) };
}

function checkedStep(
  name: string,
  raw: Record<string, unknown>,
  { low, high, log, whole }: { low: number; high: number; log: boolean | undefined; whole: boolean },
): { readonly step?: number } {
  const step = own(raw, 'step');
  // Whole numbers have a distance of 1 as they are.
  if (step === undefined || (whole && step === 1)) return {};
  const refuse = (allowed: string) => new InvalidArgumentError(`${name}.step`, step, allowed);
  if (log) throw refuse('none on a logarithmic scale: choose one of step and log');
  if (typeof step !== 'number' || !(step > 0) || !(whole ? Number.isSafeInteger(step) : step < Infinity))
    throw refuse(whole ? 'a whole number from 1' : 'a finite number above 0');
  if (low === high) return { step };
  if (!whole && !isResolved({ low, high, step }))
    throw refuse('at least 2^-50 of the larger bound, so that float64 tells the values from each other');
  if (steppedRange({ low, high, step }).count < 2) throw refuse(`at most high − low, ${high - low}`);
  return { step };
}

function checkedChoices(name: string, raw: Record<string, unknown>): ParameterValue[] {
  const choices = own(raw, 'choices');
  if (!Array.isArray(choices) || choices.length === 0)
    throw new InvalidArgumentError(`${name}.choices`, choices, 'a list of at least one value');
  for (const choice of choices)
    if (!isValue(choice))
      throw new InvalidArgumentError(
        `${name}.choices`,
        choice,
        typeof choice === 'object'
          ? 'strings, finite numbers, true, false and null; write a list or an object as a string, such as "64,32"'
          : 'strings, finite numbers, true, false and null',
      );
  const seen = new Set<unknown>();
  const twice = choices.find((choice) => seen.size === seen.add(choice).size);
  if (twice !== undefined) throw new InvalidArgumentError(`${name}.choices`, twice, 'each choice once');
  return [...choices];
}

function extras(name: string, raw: Record<string, unknown>): Pick<ParameterDescription, 'default' | 'when'> {
  const [fallback, when] = [own(raw, 'default'), own(raw, 'when')];
  if (fallback !== undefined && !isValue(fallback))
    throw new InvalidArgumentError(`${name}.default`, fallback, 'a value of the parameter');
  if (when !== undefined && !isRecord(when))
    throw new InvalidArgumentError(`${name}.when`, when, 'an object from parameter to list of values');
  const conditions = Object.entries(when ?? {}).map(([parent, values]) => {
    if (!Array.isArray(values) || values.length === 0 || !values.every(isValue))
      throw new InvalidArgumentError(`${name}.when.${parent}`, values, 'a list of at least one value');
    return [parent, [...values]] as const;
  });
  return {
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(conditions.length === 0 ? {} : { when: Object.fromEntries(conditions) }),
  };
}

function onlyFields(name: string, raw: Record<string, unknown>, allowed: readonly string[]): void {
  for (const field of Object.keys(raw))
    if (!allowed.includes(field) && raw[field] !== undefined)
      throw new InvalidArgumentError(
        `${name}.${field}`,
        raw[field],
        `one of the fields ${allowed.join(', ')}`,
      );
}

/** A property of the object itself: what a prototype adds is never data. */
function own(raw: Record<string, unknown>, field: string): unknown {
  return Object.hasOwn(raw, field) ? raw[field] : undefined;
}

function isValue(value: unknown): value is ParameterValue {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
