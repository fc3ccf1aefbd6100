/** Points of spaces whose linear constraints leave no volume: the nearest one to a point, and random ones. */
import type { Params, Rng } from '@foothold/core';
import type { Conditions } from './conditions.ts';
import type { Domain } from './domain.ts';
import { feasibleWalk } from './feasible-walk.ts';
import { knownSolutions } from './known-solutions.ts';
import type { LinearRow, LinearSystem } from './linear-rows.ts';
import { type LinearStart, linearSolution, slabOf, sumOf, type Values } from './linear-solution.ts';
import type { ParameterValue } from './parameter.ts';

export interface FeasiblePoints {
  /**
   * The nearest point that keeps the linear constraints, or in words why none was found. Columns that `given` has a number
   * for, parents of conditions, categories and inactive parameters stay where they are.
   */
  project(point: Float64Array, given?: Float64Array): Float64Array | string;
  /** A random point that keeps them, or undefined; `given` as in `project`, `mixing` as in `feasibleWalk`. */
  draw(rng: Rng, given?: Float64Array, mixing?: number): Float64Array | undefined;
}

/** A space as `feasiblePoints` needs it. */
interface Codec {
  readonly domains: readonly Domain[];
  readonly conditions: Conditions;
  /** Value of each active parameter at a point, undefined for the others. */
  valuesAt(point: Float64Array): Values;
  encode(params: Params): Float64Array;
}

/** Random points that are projected before it is said that there is none. */
const drawTries = 16;

/** A space with its thin constraints. */
interface ThinSpace extends Codec {
  readonly system: LinearSystem;
  /** Whether a column may be moved at all: it is in a constraint, and no parent of a condition. */
  readonly isMovable: readonly boolean[];
  /** Values of the columns that may move that keep the rows, wherever the search would begin, or why none were found. */
  solutionFor(start: LinearStart): readonly ParameterValue[] | string;
}

/** The projection onto the linear constraints, and random points on them. */
export function feasiblePoints(codec: Codec, system: LinearSystem): FeasiblePoints {
  const isMovable = codec.domains.map((_, j) => system.rows.some(({ weights }) => weights[j] !== 0));
  for (const list of codec.conditions.of) for (const { parent } of list) isMovable[parent] = false;
  const space: ThinSpace = {
    ...codec,
    system,
    isMovable,
    solutionFor: knownSolutions(codec.domains, system),
  };
  return {
    project: (point, given) => project(space, point, given),
    draw(rng, given, mixing) {
      for (let attempt = 0; attempt < drawTries; attempt++) {
        const start = Float64Array.from(codec.domains, (_, j) => {
          const u = rng.next();
          return Number.isNaN(given?.[j] ?? Number.NaN) ? u : given![j]!;
        });
        const base = project(space, start, given);
        if (typeof base !== 'string') return walked(space, base, { rng, given, mixing });
      }
      return undefined;
    },
  };
}

function project(
  space: ThinSpace,
  point: Float64Array,
  given: Float64Array | undefined,
): Float64Array | string {
  const { rows } = space.system;
  const values = space.valuesAt(point);
  if (keeps(rows, values)) return encoded(space, values);
  const movable = movableAt(space, values, given);
  const start = { values, movable, slabs: rows.map((row) => slabOf(row, values, movable)) };
  const known = space.solutionFor(start);
  if (typeof known === 'string') return known;
  const near = linearSolution(space.domains, space.system, start);
  const solution = typeof near === 'string' ? known : near;
  const moved = [...values];
  movable.forEach((j, i) => {
    moved[j] = solution[i]!;
  });
  return encoded(space, moved);
}

/** A random point on the constraints: a walk over the real columns from this one. */
function walked(
  space: ThinSpace,
  base: Float64Array,
  {
    rng,
    given,
    mixing,
  }: {
    readonly rng: Rng;
    readonly given: Float64Array | undefined;
    readonly mixing: number | undefined;
  },
): Float64Array {
  const { quantities, rows } = space.system;
  const values = [...space.valuesAt(base)];
  const real = movableAt(space, values, given).filter((j) => quantities[j]!.count === Infinity);
  const reals = real.map((j) => quantities[j]!);
  const from = Float64Array.from(real, (j) => values[j] as number);
  const slabs = rows.map((row) => slabOf(row, values, real));
  feasibleWalk(reals, from, { slabs, rng, mixing }).forEach((value, i) => {
    values[real[i]!] = value;
  });
  return encoded(space, values);
}

function encoded({ domains, encode }: ThinSpace, values: Values): Float64Array {
  return encode(
    Object.fromEntries(
      domains.flatMap(({ name }, j) => (values[j] === undefined ? [] : [[name, values[j]]])),
    ),
  );
}

/** Columns that may move: active, and not given. */
function movableAt(
  { domains, isMovable }: ThinSpace,
  values: Values,
  given: Float64Array | undefined,
): readonly number[] {
  return domains.flatMap((_, j) =>
    isMovable[j] && values[j] !== undefined && Number.isNaN(given?.[j] ?? Number.NaN) ? [j] : [],
  );
}

/** True where every sum is within its bounds, up to the rounding of coordinates. */
function keeps(rows: readonly LinearRow[], values: Values): boolean {
  return rows.every(({ weights, lower, upper, scale }) => {
    const sum = sumOf(weights, values);
    const slack = Math.max(16, 4 * values.length) * 2 ** -52 * scale;
    return sum >= lower - slack && sum <= upper + slack;
  });
}
