/** Values near given ones that keep linear rows, for the columns that may move while the others are held. */
import { chooseLevels } from './choose-levels.ts';
import type { Domain } from './domain.ts';
import { boundsText, type LinearRow, type LinearSystem } from './linear-rows.ts';
import { noSolution } from './no-solution.ts';
import type { ParameterValue } from './parameter.ts';
import { projectNumbers, type Slab } from './project-numbers.ts';
import { positionOf, type Quantity } from './quantity.ts';

/** Value of each active parameter, undefined for the others; d. */
export type Values = readonly (ParameterValue | undefined)[];

/** Where a search begins. */
export interface LinearStart {
  readonly values: Values;
  /** Columns that may move, ascending; the others are held. */
  readonly movable: readonly number[];
  /** The rows over `movable`, what the held values add taken from their bounds. */
  readonly slabs: readonly Slab[];
}

/** The values of `movable`, in its order, nearest to the start that keep all rows, or in words why none were found. */
export function linearSolution(
  domains: readonly Domain[],
  { quantities, rows }: LinearSystem,
  { values, movable, slabs }: LinearStart,
): readonly ParameterValue[] | string {
  const own = movable.map((j) => quantities[j]!);
  const relaxed = projectNumbers(own, coordinatesOf(own, movable, values), slabs);
  if (!relaxed) return unreachable(rows, values, { movable, quantities });
  if (own.every(({ count }) => count === Infinity)) return [...relaxed];
  const levels = levelsNear(own, relaxed, slabs);
  if (!levels) return noSolution(rows, slabs, own);
  const chosen = [...values];
  levels.forEach((level, i) => {
    const j = movable[i]!;
    if (level !== undefined) chosen[j] = domains[j]!.valueAt(domains[j]!.coordinateOf(level)!);
  });
  const real = movable.filter((_, i) => levels[i] === undefined);
  const reals = real.map((j) => quantities[j]!);
  const moved = projectNumbers(
    reals,
    coordinatesOf(reals, real, chosen),
    rows.map((row) => slabOf(row, chosen, real)),
  );
  if (!moved) return unreachable(rows, chosen, { movable: real, quantities });
  real.forEach((j, i) => {
    chosen[j] = moved[i]!;
  });
  return movable.map((j) => chosen[j]!);
}

/** A row without the terms that do not move: their sum is taken from the bounds. */
export function slabOf(
  { weights, lower, upper, scale }: LinearRow,
  values: Values,
  movable: readonly number[],
): Slab {
  const moves = new Set(movable);
  const held = sumOf(weights, values, (j) => !moves.has(j));
  return {
    weights: Float64Array.from(movable, (j) => weights[j]!),
    lower: lower - held,
    upper: upper - held,
    scale,
  };
}

/** Σ weight · value over the columns that count and have a number. */
export function sumOf(
  weights: Float64Array,
  values: Values,
  counts: (j: number) => boolean = () => true,
): number {
  return weights.reduce((sum, weight, j) => {
    const value = values[j];
    return typeof value === 'number' && weight !== 0 && counts(j) ? sum + weight * value : sum;
  }, 0);
}

function coordinatesOf(
  quantities: readonly Quantity[],
  columns: readonly number[],
  values: Values,
): Float64Array {
  return Float64Array.from(columns, (j, i) => positionOf(quantities[i]!, values[j] as number));
}

/** Values for the quantities with steps, undefined for real ones; undefined where none were found. */
function levelsNear(
  quantities: readonly Quantity[],
  wanted: Float64Array,
  slabs: readonly Slab[],
): readonly (number | undefined)[] | undefined {
  const stepped = quantities.flatMap(({ count }, i) => (count === Infinity ? [] : [i]));
  const ends = (slab: Slab) =>
    quantities.flatMap(({ low, high, count }, i) =>
      count === Infinity ? [[slab.weights[i]! * low, slab.weights[i]! * high]] : [],
    );
  const total = (pick: (...pair: number[]) => number) =>
    slabs.map((slab) => ends(slab).reduce((sum, pair) => sum + pick(...pair), 0));
  const found = chooseLevels(
    stepped.map((i) => ({
      quantity: quantities[i]!,
      wanted: wanted[i]!,
      weights: slabs.map((slab) => slab.weights[i]!),
    })),
    slabs,
    { least: total(Math.min), most: total(Math.max) },
  );
  if (!found) return undefined;
  const result = new Array<number | undefined>(quantities.length).fill(undefined);
  stepped.forEach((i, k) => {
    result[i] = found[k];
  });
  return result;
}

/** Why no values keep the rows: a sum that cannot get to its bounds, or rows that exclude each other. */
function unreachable(
  rows: readonly LinearRow[],
  values: Values,
  {
    movable,
    quantities,
  }: { readonly movable: readonly number[]; readonly quantities: readonly (Quantity | undefined)[] },
): string {
  const moves = new Set(movable);
  for (const row of rows) {
    const held = sumOf(row.weights, values, (j) => !moves.has(j));
    const end = (pick: (a: number, b: number) => number) =>
      movable.reduce((sum, j) => {
        const w = row.weights[j]!;
        return sum + pick(w * quantities[j]!.low, w * quantities[j]!.high);
      }, held);
    const [least, most] = [end(Math.min), end(Math.max)];
    if (least > row.upper || most < row.lower)
      return `${row.text} is between ${least} and ${most}, allowed is ${boundsText(row)}`;
  }
  return `${rows.map(boundsText).join(', ')} exclude each other`;
}
