/** One value of a parameter in another space: a value that the space takes, and a coordinate where that differs. */
import { type Column, type ParameterDescription, type Params, positionOf } from '@foothold/core';

type Value = Params[string];

/**
 * How far outside the unit cube, in ranges, a mapped row may be; a whole number by a step at least. Rows further away did more
 * harm than good, and so they did at the nearest end of the range (decisions/2026-11-21-sources-of-other-spaces.md).
 */
export const rangeMargin = 0.1;

/** Takes note of what of a row could not be used. */
export type Note = (text: string) => void;

export interface ColumnParameter {
  readonly column: Column;
  readonly parameter: ParameterDescription;
  /** How far outside the unit cube, in ranges, a row may be. */
  readonly margin: number;
}

export interface MappedValue {
  /** A value that the space takes. */
  readonly value: Value;
  /** Its coordinate, if that is not the one of the value. */
  readonly coordinate?: number;
}

/** The value in this column's parameter; undefined where the default takes its place, 'outOfRange' where the row has no point. */
export function mappedValue(
  given: Value,
  { column, parameter, margin }: ColumnParameter,
  note: Note,
): MappedValue | 'outOfRange' | undefined {
  const { name } = column;
  if (parameter.type === 'real' || parameter.type === 'int') {
    const value = numberIn(given);
    if (value !== undefined) return mappedNumber(value, { column, parameter, margin }, note);
    note(`${name}: ${JSON.stringify(given)} is no number, takes the default`);
    return undefined;
  }
  const choices: readonly Value[] = parameter.choices;
  const found =
    choices.find((choice) => choice === given) ?? choices.find((choice) => textOf(choice) === textOf(given));
  if (found !== undefined) return { value: found };
  if (parameter.type === 'categorical') {
    note(`${name}: ${JSON.stringify(given)} is no choice, counts as one of its own`);
    return { value: defaultOf(parameter), coordinate: 1 + hashedFraction(String(given)) };
  }
  const level = typeof given === 'number' ? levelBetween(choices, given) : undefined;
  if (level !== undefined) {
    const nearest = choices[Math.min(Math.max(Math.round(level), 0), choices.length - 1)]!;
    const coordinate = positionOf(column, level);
    const step = level >= -1 && level <= choices.length;
    return step || isWithin(margin, coordinate) ? { value: nearest, coordinate } : 'outOfRange';
  }
  note(`${name}: ${JSON.stringify(given)} is no choice, takes the default`);
  return undefined;
}

function mappedNumber(
  value: number,
  { column, parameter, margin }: ColumnParameter & { readonly parameter: NumberParameter },
  note: Note,
): MappedValue | 'outOfRange' {
  const { low, high, log } = parameter;
  if (isStepped(parameter)) {
    const level = (value - low) / (parameter.step ?? 1);
    const nearest = Math.min(Math.max(Math.round(level), 0), levelsOf(column) - 1);
    const at = { value: levelValue(parameter, nearest) };
    if (Math.abs(level - nearest) <= 1e-9 * Math.max(1, nearest)) return at;
    const coordinate = positionOf(column, level);
    const isBeside = level >= -1 && level <= levelsOf(column);
    return low < high && (isBeside || isWithin(margin, coordinate)) ? { ...at, coordinate } : 'outOfRange';
  }
  const inside = Math.min(Math.max(value, low), high);
  const whole = parameter.type === 'int';
  if (value === inside && (!whole || Number.isInteger(value))) return { value };
  const nearest = whole ? Math.round(inside) : inside;
  if (log && value <= 0) {
    note(`${column.name}: not above 0 on a logarithmic scale, counts as just below the range`);
    return { value: nearest, coordinate: -rangeMargin };
  }
  if (whole) {
    const coordinate = positionOf(column, value - low);
    const step = value >= low - 1 && value <= high + 1;
    return step || isWithin(margin, coordinate) ? { value: nearest, coordinate } : 'outOfRange';
  }
  // In halves, so that the widest ranges stay finite.
  const coordinate = log
    ? Math.log(value / low) / Math.log(high / low)
    : (value / 2 - low / 2) / (high / 2 - low / 2);
  return isWithin(margin, coordinate) ? { value: nearest, coordinate } : 'outOfRange';
}

function isWithin(margin: number, coordinate: number): boolean {
  return coordinate >= -margin - 1e-12 && coordinate <= 1 + margin + 1e-12;
}

type NumberParameter = ParameterDescription & { readonly type: 'real' | 'int' };

/** Numbers with a distance between them, and constants. */
function isStepped({ low, high, step }: NumberParameter): boolean {
  return step !== undefined || low === high;
}

/** Up to rounding, which the space takes away. */
function levelValue({ low, high, step = 1 }: NumberParameter, level: number): number {
  return Math.min(low + level * step, high);
}

function levelsOf(column: Column): number {
  return column.kind === 'continuous' ? Infinity : column.levels;
}

/** A choice as a table may write it: Python's None is null. */
function textOf(value: Value): string {
  return value === 'None' ? 'null' : String(value);
}

/** Numbers, and texts that are numbers. */
function numberIn(value: Value): number | undefined {
  if (value === null || typeof value === 'boolean' || (typeof value === 'string' && value.trim() === ''))
    return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** The fractional level of a number among choices that are ascending or descending numbers, also beyond them. */
function levelBetween(choices: readonly Value[], value: number): number | undefined {
  const last = choices.length - 1;
  const numbers = choices.map(numberIn);
  if (last < 1 || numbers.some((v) => v === undefined) || !Number.isFinite(value)) return undefined;
  const list = numbers as number[];
  const up = list[last]! > list[0]!;
  if (list.some((v, k) => k > 0 && v > list[k - 1]! !== up)) return undefined;
  let k = 0;
  while (k < last - 1 && value > list[k + 1]! === up) k++;
  return k + (value - list[k]!) / (list[k + 1]! - list[k]!);
}

/** A number in (0, 1) that follows from the text: equal texts have equal ones, in whichever source. */
function hashedFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return ((hash >>> 0) + 0.5) / 2 ** 32;
}

export function defaultOf(parameter: ParameterDescription): Value {
  if (parameter.default !== undefined) return parameter.default;
  if (parameter.type === 'categorical' || parameter.type === 'ordinal') {
    const choices: readonly Value[] = parameter.choices;
    return choices[choices.length >> 1]!;
  }
  const { low, high, log } = parameter;
  if (isStepped(parameter))
    return levelValue(parameter, Math.floor((high - low) / (parameter.step ?? 1) / 2));
  const middle = log ? Math.sqrt(low) * Math.sqrt(high) : low / 2 + high / 2;
  const inside = Math.min(Math.max(middle, low), high);
  return parameter.type === 'int' ? Math.round(inside) : inside;
}
