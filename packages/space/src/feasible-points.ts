/** Points of spaces whose linear constraints leave no volume: the nearest one to a point, and random ones. */
import type { Params, Rng } from '@foothold/core';
import { chooseLevels } from './choose-levels.ts';
import type { Conditions } from './conditions.ts';
import type { Domain } from './domain.ts';
import { feasibleWalk } from './feasible-walk.ts';
import { boundsText, type LinearRow, type LinearSystem } from './linear-rows.ts';
import { noSolution } from './no-solution.ts';
import type { ParameterValue } from './parameter.ts';
import { projectNumbers, type Slab } from './project-numbers.ts';
import { positionOf, type Quantity } from './quantity.ts';

export interface FeasiblePoints {
  /**
   * The nearest point that keeps the linear constraints, or in words why none was found. Columns that `given` has a number
   * for, parents of conditions, categories and inactive parameters stay where they are.
   */
  project(point: Float64Array, given?: Float64Array): Float64Array | string;
  /** A random point that keeps them, or undefined; `given` as in `project`. */
  draw(rng: Rng, given?: Float64Array): Float64Array | undefined;
}

/** A space as `feasiblePoints` needs it. */
interface Codec {
  readonly domains: readonly Domain[];
  readonly conditions: Conditions;
  /** Value of each active parameter at a point, undefined for the others. */
  valuesAt(point: Float64Array): readonly (ParameterValue | undefined)[];
  encode(params: Params): Float64Array;
}

/** Random points that are projected before it is said that there is none. */
const drawTries = 16;

export function feasiblePoints(codec: Codec, system: LinearSystem): FeasiblePoints {
  const { domains, conditions, valuesAt } = codec;
  const { quantities, rows } = system;
  const takesPart = domains.map((_, j) => rows.some(({ weights }) => weights[j] !== 0));
  const isParent = domains.map(() => false);
  for (const list of conditions.of) for (const { parent } of list) isParent[parent] = true;

  const paramsOf = (values: readonly (ParameterValue | undefined)[]): Params =>
    Object.fromEntries(
      domains.flatMap(({ name }, j) => (values[j] === undefined ? [] : [[name, values[j]]])),
    );
  /** Columns that may move, and the rows as slabs over them. */
  const movableAt = (values: readonly (ParameterValue | undefined)[], given: Float64Array | undefined) => {
    const movable = domains.flatMap((_, j) =>
      takesPart[j] && !isParent[j] && values[j] !== undefined && Number.isNaN(given?.[j] ?? Number.NaN)
        ? [j]
        : [],
    );
    return { movable, slabs: rows.map((row) => slabOf(row, values, movable)) };
  };

  const project: FeasiblePoints['project'] = (point, given) => {
    const values = [...valuesAt(point)];
    if (keeps(rows, values)) return codec.encode(paramsOf(values));
    const { movable, slabs } = movableAt(values, given);
    const own = movable.map((j) => quantities[j]!);
    const relaxed = projectNumbers(own, coordinatesOf(own, movable, values), slabs);
    if (!relaxed) return unreachable(rows, values, { movable, quantities });
    if (own.every(({ count }) => count === Infinity)) {
      movable.forEach((j, i) => {
        values[j] = relaxed[i]!;
      });
      return codec.encode(paramsOf(values));
    }
    const chosen = levelsNear(own, relaxed, slabs);
    if (!chosen) return noSolution(rows, slabs, own);
    own.forEach((_, i) => {
      const j = movable[i]!;
      if (chosen[i] !== undefined) values[j] = domains[j]!.valueAt(domains[j]!.coordinateOf(chosen[i])!);
    });
    const real = movable.filter((_, i) => chosen[i] === undefined);
    const reals = real.map((j) => quantities[j]!);
    const moved = projectNumbers(
      reals,
      coordinatesOf(reals, real, values),
      rows.map((row) => slabOf(row, values, real)),
    );
    if (!moved) return unreachable(rows, values, { movable: real, quantities });
    real.forEach((j, i) => {
      values[j] = moved[i]!;
    });
    return codec.encode(paramsOf(values));
  };

  return {
    project,
    draw(rng, given) {
      for (let attempt = 0; attempt < drawTries; attempt++) {
        const start = Float64Array.from(domains, (_, j) => {
          const u = rng.next();
          return Number.isNaN(given?.[j] ?? Number.NaN) ? u : given![j]!;
        });
        const base = project(start, given);
        if (typeof base === 'string') continue;
        const values = [...valuesAt(base)];
        const { movable } = movableAt(values, given);
        const real = movable.filter((j) => quantities[j]!.count === Infinity);
        const reals = real.map((j) => quantities[j]!);
        const from = Float64Array.from(real, (j) => values[j] as number);
        const slabs = rows.map((row) => slabOf(row, values, real));
        feasibleWalk(reals, from, { slabs, rng }).forEach((value, i) => {
          values[real[i]!] = value;
        });
        return codec.encode(paramsOf(values));
      }
      return undefined;
    },
  };
}

/** A row without the terms that do not move: their sum is taken from the bounds. */
function slabOf(
  { weights, lower, upper, scale }: LinearRow,
  values: readonly (ParameterValue | undefined)[],
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

function sumOf(
  weights: Float64Array,
  values: readonly (ParameterValue | undefined)[],
  counts: (j: number) => boolean = () => true,
): number {
  return weights.reduce((sum, weight, j) => {
    const value = values[j];
    return typeof value === 'number' && weight !== 0 && counts(j) ? sum + weight * value : sum;
  }, 0);
}

/** True where every sum is within its bounds, up to the rounding of coordinates. */
function keeps(rows: readonly LinearRow[], values: readonly (ParameterValue | undefined)[]): boolean {
  return rows.every(({ weights, lower, upper, scale }) => {
    const sum = sumOf(weights, values);
    const slack = Math.max(16, 4 * values.length) * 2 ** -52 * scale;
    return sum >= lower - slack && sum <= upper + slack;
  });
}

function coordinatesOf(
  quantities: readonly Quantity[],
  columns: readonly number[],
  values: readonly (ParameterValue | undefined)[],
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
  values: readonly (ParameterValue | undefined)[],
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
