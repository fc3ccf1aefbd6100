import { InvalidArgumentError, type ParameterDescription } from '@foothold/core';

/** Whole-number ranges hold at most this many values, so that every level is a float64 of its own. */
const mostLevels = 2 ** 53;

/**
 * A parameter's description out of anything (JSON, a caller's object), rebuilt from what is allowed and nothing else.
 *
 * Throws InvalidArgumentError that names the parameter and the field: an unknown type or field, a bound that is not
 * finite, low ≥ high, a logarithm of what is not positive, no choices or the same one twice, an empty condition.
 * Whether the default and the conditions fit the space is for `searchSpace` to see.
 */
export function checkedDescription(name: string, raw: unknown): ParameterDescription {
  if (!isRecord(raw)) throw new InvalidArgumentError(name, raw, 'an object with a type');
  const type = own(raw, 'type');
  switch (type) {
    case 'real':
    case 'int': {
      onlyFields(name, raw, ['type', 'low', 'high', 'log', 'default', 'when']);
      const range = checkedRange(name, raw, type === 'int');
      return { type, ...range, ...extras(name, raw) };
    }
    case 'ordinal': {
      onlyFields(name, raw, ['type', 'choices', 'default', 'when']);
      const choices = checkedChoices(name, raw).filter((choice) => typeof choice !== 'boolean');
      if (choices.length < (own(raw, 'choices') as unknown[]).length)
        throw new InvalidArgumentError(`${name}.choices`, own(raw, 'choices'), 'numbers and strings');
      return { type, choices, ...extras(name, raw) };
    }
    case 'categorical':
      onlyFields(name, raw, ['type', 'choices', 'default', 'when']);
      return { type, choices: checkedChoices(name, raw), ...extras(name, raw) };
    default:
      throw new InvalidArgumentError(`${name}.type`, type, '"real" | "int" | "ordinal" | "categorical"');
  }
}

function checkedRange(name: string, raw: Record<string, unknown>, whole: boolean) {
  const [low, high, log] = [own(raw, 'low'), own(raw, 'high'), own(raw, 'log')];
  const kind = whole ? 'a whole number up to 2^53 − 1 in size' : 'a finite number';
  const fits = (bound: unknown): bound is number =>
    whole ? Number.isSafeInteger(bound) : Number.isFinite(bound);
  if (!fits(low)) throw new InvalidArgumentError(`${name}.low`, low, kind);
  if (!fits(high)) throw new InvalidArgumentError(`${name}.high`, high, kind);
  if (low >= high) throw new InvalidArgumentError(`${name}.low`, low, `a number below high, ${high}`);
  if (log !== undefined && typeof log !== 'boolean')
    throw new InvalidArgumentError(`${name}.log`, log, 'true | false');
  if (log && low <= 0)
    throw new InvalidArgumentError(
      `${name}.low`,
      low,
      `${whole ? 'at least 1' : 'above 0'} on a logarithmic scale`,
    );
  if (whole && high - low >= mostLevels)
    throw new InvalidArgumentError(`${name}.high`, high, 'less than 2^53 above low');
  return log ? { low, high, log } : { low, high };
}

function checkedChoices(name: string, raw: Record<string, unknown>): (string | number | boolean)[] {
  const choices = own(raw, 'choices');
  if (!Array.isArray(choices) || choices.length === 0)
    throw new InvalidArgumentError(`${name}.choices`, choices, 'a list of at least one value');
  for (const choice of choices)
    if (!isValue(choice))
      throw new InvalidArgumentError(`${name}.choices`, choice, 'strings, finite numbers, true and false');
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

/** An own property: what a prototype adds is never data. */
function own(raw: Record<string, unknown>, field: string): unknown {
  return Object.hasOwn(raw, field) ? raw[field] : undefined;
}

function isValue(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
