import { type Column, levelOf, type ParameterDescription, positionOf } from '@foothold/core';
import type { ParameterValue } from './parameter.ts';
import { realScale } from './real-scale.ts';
import { steppedRange } from './stepped-range.ts';

/** A checked parameter as arithmetic: between its values and one unit-cube coordinate. */
export interface Domain {
  readonly name: string;
  readonly column: Column;
  readonly description: ParameterDescription;
  /** Number of distinct values, Infinity for reals. */
  readonly levels: number;
  /** The values in words, for messages. */
  readonly allowed: string;
  /** Coordinate of a value; undefined when the value is outside the domain or of another type. */
  coordinateOf(value: unknown): number | undefined;
  valueAt(coordinate: number): ParameterValue;
}

/** Rounding that a whole number may carry (0.1 + 0.2 arithmetic), relative. */
const roundOff = 8 * 2 ** -53;

/** The domain of a description that `checkedDescription` has passed. */
export function domainOf(name: string, description: ParameterDescription): Domain {
  switch (description.type) {
    case 'real': {
      if (description.step !== undefined || description.low === description.high)
        return steppedDomain(name, description);
      const column: Column = { kind: 'continuous', name };
      const allowed = `[${description.low}, ${description.high}]`;
      return { name, column, description, levels: Infinity, allowed, ...realScale(description) };
    }
    case 'int':
      return integerDomain(name, description);
    default:
      return choiceDomain(name, description);
  }
}

/** Numbers with a distance between them, and constants. */
function steppedDomain(
  name: string,
  description: ParameterDescription & { readonly type: 'real' | 'int' },
): Domain {
  const { low, high, step = 1 } = description;
  const { count, valueAt, levelOf: levelOfValue } = steppedRange({ low, high, step });
  const column: Column = { kind: 'ordinal', name, levels: count };
  const last = valueAt(count - 1);
  const kind = description.type === 'int' ? 'whole numbers in ' : '';
  const steps = low === high ? '' : ` in steps of ${step}${last === high ? '' : `, the last is ${last}`}`;
  return {
    name,
    column,
    description,
    levels: count,
    allowed: `${kind}[${low}, ${high}]${steps}`,
    coordinateOf(value) {
      const level = typeof value === 'number' ? levelOfValue(value) : undefined;
      return level === undefined ? undefined : coordinateOfLevel(column, level);
    },
    valueAt: (coordinate) => valueAt(levelOf(column, coordinate)),
  };
}

function integerDomain(name: string, description: ParameterDescription & { readonly type: 'int' }): Domain {
  const { low, high, log } = description;
  if (description.step !== undefined) return steppedDomain(name, description);
  const levels = high - low + 1;
  const column: Column = { kind: 'ordinal', name, levels, ...(log ? { logFrom: low } : {}) };
  return {
    name,
    column,
    description,
    levels,
    allowed: `whole numbers in [${low}, ${high}]`,
    coordinateOf(value) {
      if (typeof value !== 'number') return undefined;
      const whole = Math.round(value);
      if (!(Math.abs(value - whole) <= roundOff * Math.abs(whole)) || whole < low || whole > high)
        return undefined;
      return coordinateOfLevel(column, whole - low);
    },
    valueAt: (coordinate) => low + levelOf(column, coordinate),
  };
}

function choiceDomain(
  name: string,
  description: ParameterDescription & { readonly type: 'ordinal' | 'categorical' },
): Domain {
  const choices: readonly ParameterValue[] = description.choices;
  const column: Column = { kind: description.type, name, levels: choices.length };
  const levelOfChoice = new Map(choices.map((choice, level) => [choice, level]));
  return {
    name,
    column,
    description,
    levels: choices.length,
    allowed: choices.map((choice) => JSON.stringify(choice)).join(' | '),
    coordinateOf(value) {
      const level = levelOfChoice.get(value as ParameterValue);
      return level === undefined ? undefined : positionOf(column, level);
    },
    valueAt: (coordinate) => choices[levelOf(column, coordinate)]!,
  };
}

/**
 * `positionOf`, moved by a few roundings where that is needed to find the level again: beyond 2^50 levels the middle
 * of a cell is no longer a float64 of its own.
 */
export function coordinateOfLevel(column: Column, level: number): number {
  const middle = positionOf(column, level);
  for (let step = 0; step <= 16; step++)
    for (const u of [middle + step * 2 ** -54, middle - step * 2 ** -54])
      if (levelOf(column, u) === level) return u;
  return middle;
}
