import type { Rng } from './rng.ts';
import type { Params } from './trial.ts';

/**
 * One unit-cube coordinate.
 *
 * Level i of k sits at (i + 0.5) / k; with `logFrom` (integers from that value on a logarithmic scale) at
 * ln((logFrom + i) / (logFrom − ½)) / ln((logFrom + k − ½) / (logFrom − ½)).
 */
export type Column =
  | { readonly kind: 'continuous'; readonly name: string }
  | { readonly kind: 'ordinal'; readonly name: string; readonly levels: number; readonly logFrom?: number }
  | { readonly kind: 'categorical'; readonly name: string; readonly levels: number };

/** Bijection between parameters and unit-cube points (up to rounding onto the grid): decode(encode(p)) equals p. */
export interface SearchSpace<P extends Params = Params> {
  readonly columns: readonly Column[];
  /** Throws OutOfSpaceError. Coordinates of inactive (conditional) parameters get one fixed value each. */
  encode(params: P): Float64Array;
  decode(point: Float64Array): P;
  /** Why these in-range parameters may not be evaluated (a constraint's text), or undefined when they may. */
  violation?(params: P): string | undefined;
  /** Number of distinct parameter sets, Infinity with a continuous parameter; constraints are not counted. */
  readonly size?: number;
  /**
   * Positions of the columns, each after those that decide whether it is active: with conditions, the order in which all
   * points can be counted once. Column names are then the names of parameters, and `decode` leaves inactive ones out.
   */
  readonly parentsFirst?: readonly number[];
  /** Unit-cube coordinates of these parameters, NaN in the columns of all others. Throws OutOfSpaceError. */
  coordinates?(values: Partial<P>): Float64Array;
  /**
   * The nearest point that keeps the linear constraints, or in words why none was found; there where they leave no volume
   * that points tried at random would hit (a sum of 1, a thin slab). Columns that `given` has a number for stay where they
   * are (NaN: free, as `coordinates` gives them). A point that keeps the constraints is given back; predicates are not
   * looked at.
   */
  project?(point: Float64Array, given?: Float64Array): Float64Array | string;
  /**
   * A random point on what those constraints leave, uniform in the real parameters; undefined where none was found. `mixing`
   * in (0, 1], 1 where it is left out, is the share of the work to put in: points of less come quicker and are less even.
   */
  draw?(rng: Rng, given?: Float64Array, mixing?: number): Float64Array | undefined;
  /**
   * The values, and one for each parent that makes them active, drawn where several do. Throws OutOfSpaceError where they
   * cannot be active together.
   */
  withParents?(values: Partial<P>, rng: Rng): Partial<P>;
  /** The values that stand in where a parameter has none: in a study of another space, as a first guess. */
  readonly defaults?: Partial<P>;
  /** What the space needs of a sampler, beside its columns. */
  readonly features?: readonly Feature[];
  /** The space in JSON, for logs and other processes; absent where it has parts that JSON cannot hold. */
  readonly description?: SpaceDescription;
}

/**
 * Every ability that a sampler can state in `supports`; a study compares them with its problem when it is created. A sampler
 * that does not look at outcomes handles them all.
 */
export const everyFeature = [
  'conditional',
  'input-constraints',
  'fixed',
  'outcome-constraints',
  'several-objectives',
  'cost',
  'known-noise',
  'continuous',
] as const;

/** One of `everyFeature`. */
export type Feature = (typeof everyFeature)[number];

/** A space as JSON: an object from name to parameter, plus constraints under `$constraints`. */
export type SpaceDescription = Readonly<Record<string, ParameterDescription>>;
export type ParameterDescription = (
  | {
      readonly type: 'real';
      readonly low: number;
      readonly high: number;
      readonly log?: boolean;
      /** Values are low + k·step, up to high. */
      readonly step?: number;
    }
  | {
      readonly type: 'int';
      readonly low: number;
      readonly high: number;
      readonly log?: boolean;
      readonly step?: number;
    }
  | { readonly type: 'ordinal'; readonly choices: readonly (number | string)[] }
  | { readonly type: 'categorical'; readonly choices: readonly (string | number | boolean | null)[] }
) & {
  readonly default?: number | string | boolean | null;
  /** Active only while each named parameter has one of these values. */
  readonly when?: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
};

/** Unit-cube coordinate of a level. */
export function positionOf(column: Column, level: number): number {
  if (column.kind === 'continuous') return level;
  if (column.kind === 'ordinal' && column.logFrom !== undefined) {
    const from = column.logFrom - 0.5;
    return Math.log((column.logFrom + level) / from) / Math.log((from + column.levels) / from);
  }
  return (level + 0.5) / column.levels;
}

/** The level whose cell holds this coordinate; coordinates outside [0, 1] count as the nearest end. */
export function levelOf(column: Column, coordinate: number): number {
  if (column.kind === 'continuous') return Math.min(Math.max(coordinate, 0), 1);
  const u = Math.min(Math.max(coordinate, 0), 1);
  if (column.kind === 'ordinal' && column.logFrom !== undefined) {
    const from = column.logFrom - 0.5;
    const value = from * Math.exp(u * Math.log((from + column.levels) / from));
    return Math.min(Math.max(Math.round(value) - column.logFrom, 0), column.levels - 1);
  }
  return Math.min(Math.floor(u * column.levels), column.levels - 1);
}

/** The coordinate at which the cell of an ordinal level begins: levelOf is at least `level` from there on. */
export function lowerEdge(column: Column & { readonly kind: 'ordinal' }, level: number): number {
  if (column.logFrom === undefined) return level / column.levels;
  const from = column.logFrom - 0.5;
  return Math.log((from + level) / from) / Math.log((from + column.levels) / from);
}
