/**
 * One earlier evaluation's place in the unit cube of another space.
 *
 * A number just outside the new range stays outside the cube: a model of distances learns from it what it says, while drawn
 * to the nearest end it would contradict what is true there. Categories that the new space lacks are levels of their own,
 * so that their rows still tell about the other columns.
 */
import {
  type Column,
  type ParameterDescription,
  type Params,
  positionOf,
  type SearchSpace,
} from '@foothold/core';

type Value = Params[string];

/** Tells what of a row could not be used. */
type Note = (text: string) => void;

/** A row's place, or in words why it has none. */
export type MapParams = (params: Params, note: Note) => Float64Array | string;

/** Places rows; undefined where the space has no description that says how. */
export function paramsMapper<P extends Params>(space: SearchSpace<P>): MapParams | undefined {
  const description = space.description ?? {};
  const columns = space.columns.map((column) => ({ column, parameter: description[column.name] }));
  if (columns.some(({ parameter }) => !parameter)) return undefined;
  const known = columns as readonly ColumnParameter[];
  const names = new Set(known.map(({ column }) => column.name));
  return (params, note) => {
    for (const name of Object.keys(params)) if (!names.has(name)) note(`${name}: not in the new space`);
    const base: Record<string, Value> = {};
    const point = new Map<number, number>();
    let far: string | undefined;
    // Parents may come after their children: a pass for each level of conditions settles all.
    const settled = new Set<string>();
    for (let pass = 0; pass <= known.length && settled.size < known.length; pass++)
      known.forEach(({ column, parameter }, j) => {
        const { name } = column;
        const parents = Object.entries(parameter.when ?? {});
        if (settled.has(name) || parents.some(([parent]) => !settled.has(parent))) return;
        settled.add(name);
        const given = Object.hasOwn(params, name) ? params[name] : undefined;
        const active = parents.every(([parent, values]) => {
          const value = base[parent];
          return value !== undefined && values.includes(value);
        });
        if (!active) {
          if (given !== undefined) note(`${name}: not active where it is given`);
          return;
        }
        const place = given === undefined ? undefined : mappedValue(given, { column, parameter }, note);
        if (place === 'far') far ??= name;
        else if (place?.coordinate !== undefined) point.set(j, place.coordinate);
        const taken = place === 'far' ? undefined : place?.value;
        base[name] = taken === undefined ? defaultOf(parameter) : taken;
        if (given === undefined) note(`${name}: missing, takes ${JSON.stringify(base[name])}`);
      });
    if (far !== undefined) return `${far}: far outside the new range, left out`;
    try {
      const result = space.encode(base as P);
      for (const [j, coordinate] of point) result[j] = coordinate;
      return result;
    } catch {
      return cannotEncode;
    }
  };
}

/** Why a row that cannot be encoded has no place. */
export const cannotEncode = 'trials that the new space does not take are left out';

interface ColumnParameter {
  readonly column: Column;
  readonly parameter: ParameterDescription;
}

interface MappedValue {
  /** A value that the space takes. */
  readonly value: Value;
  /** Where the row is, if not at that value. */
  readonly coordinate?: number;
}

function mappedValue(
  given: Value,
  { column, parameter }: ColumnParameter,
  note: Note,
): MappedValue | 'far' | undefined {
  const { name } = column;
  if (parameter.type === 'real' || parameter.type === 'int') {
    const value = numberIn(given);
    if (value !== undefined) return mappedNumber(value, { column, parameter }, note);
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
    return step || isWithinMargin(coordinate) ? { value: nearest, coordinate } : 'far';
  }
  note(`${name}: ${JSON.stringify(given)} is no choice, takes the default`);
  return undefined;
}

function mappedNumber(
  value: number,
  {
    column,
    parameter,
  }: {
    readonly column: Column;
    readonly parameter: NumberParameter;
  },
  note: Note,
): MappedValue | 'far' {
  const { low, high, log } = parameter;
  if (isStepped(parameter)) {
    const level = (value - low) / (parameter.step ?? 1);
    const nearest = Math.min(Math.max(Math.round(level), 0), levelsOf(column) - 1);
    const at = { value: levelValue(parameter, nearest) };
    if (Math.abs(level - nearest) <= 1e-9 * Math.max(1, nearest)) return at;
    const coordinate = positionOf(column, level);
    const isBeside = level >= -1 && level <= levelsOf(column);
    return low < high && (isBeside || isWithinMargin(coordinate)) ? { ...at, coordinate } : 'far';
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
    return step || isWithinMargin(coordinate) ? { value: nearest, coordinate } : 'far';
  }
  // In halves, so that the widest ranges stay finite.
  const coordinate = log
    ? Math.log(value / low) / Math.log(high / low)
    : (value / 2 - low / 2) / (high / 2 - low / 2);
  return isWithinMargin(coordinate) ? { value: nearest, coordinate } : 'far';
}

/**
 * How far beyond the unit cube a row may lie, and a whole number by a step at least. Rows further away did more harm than
 * good where it was measured, and so they did at the nearest end (decisions/2026-11-21-sources-of-other-spaces.md).
 */
const rangeMargin = 0.1;

function isWithinMargin(coordinate: number): boolean {
  return coordinate >= -rangeMargin - 1e-12 && coordinate <= 1 + rangeMargin + 1e-12;
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

function defaultOf(parameter: ParameterDescription): Value {
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
