/** Which points of a space a sampler may propose: on the grid, allowed, not taken. */
import {
  type Column,
  InfeasibleSpaceError,
  type Matrix,
  matrixOf,
  type Params,
  positionOf,
  type Rng,
  type SampleRequest,
  SpaceExhaustedError,
} from '@foothold/core';
import { fixedColumns } from '@foothold/space';
import { candidates, onGrid } from './acquisition-optimizer-candidates.ts';

export interface Places {
  /** 1 where a column is given, not chosen; undefined when none is. */
  readonly fixed: Uint8Array | undefined;
  /** The nearest point that may be proposed, or undefined. */
  repair(point: Float64Array): Float64Array | undefined;
  /**
   * Where linear constraints leave no volume: the nearest point that keeps them with only continuous columns moved, taken or
   * not. Absent elsewhere.
   */
  readonly project: ((point: Float64Array) => Float64Array | undefined) | undefined;
  /** There too: a random point that keeps them. */
  readonly draw: ((rng: Rng) => Float64Array | undefined) | undefined;
  /** Marks a point as taken. */
  take(point: Float64Array): void;
  /**
   * Any point that may be proposed, beside a running trial where nothing else is found. Throws SpaceExhaustedError when
   * there are finitely many and all are taken, InfeasibleSpaceError when the constraints refuse what is tried.
   */
  any(rng: Rng): Float64Array;
  /** Why nothing is left, after points were tried: all taken, or all of them break the constraints. */
  refusal(size: number): SpaceExhaustedError | InfeasibleSpaceError;
}

/** Points tried in turn, half of them near the trials from the second on, before it is said that there is none. */
const randomTries = [256, 2048, 16_384];
/** Trials that points are tried near to. */
const nearTrials = 8;
/** Random points under an equality that are drawn one by one before others are tried. */
const drawTries = 16;
const enumerationLimit = 200_000;
/** With more running trials than this, their surroundings are no longer kept free: they would cover a small space. */
const mostKeptFree = 100;

/**
 * The points that `request` leaves open. With `apart`, points next to a running trial are put off, as long as others are
 * found: in parallel, two looks at almost one place are one look. Designs, which spread by themselves, go without.
 */
export function places<P extends Params>(
  request: SampleRequest<P>,
  { apart = true }: { readonly apart?: boolean } = {},
): Places {
  const { space, trials, repeat = false } = request;
  const { columns } = space;
  const given = fixedColumns(space, request.fixed);
  const isFixed = given.mask.some((bit) => bit === 1);
  const running = trials.filter(({ state }) => state === 'running').map(({ params }) => space.encode(params));
  const taken = new Set(repeat ? [] : trials.map(({ params }) => keyOf(space.encode(params))));
  // What is left to choose: finite also where every continuous column is given.
  const axes = columns.map((column, j) => (given.mask[j] ? [given.point[j]!] : levelsOf(column)));
  const combinations = axes.reduce((product, axis) => product * (axis?.length ?? Infinity), 1);
  const size = Math.min(combinations, space.size ?? Infinity);
  // Without constraints and conditions the nearest point on the grid is the canonical form.
  const plain =
    space.features !== undefined &&
    !space.features.includes('conditional') &&
    !space.features.includes('input-constraints');

  let keepsApart = apart && !repeat && size === Infinity;
  /** The latest point that was put off because it lies next to a running trial. */
  let spare: Float64Array | undefined;
  const crowds = (point: Float64Array) =>
    keepsApart &&
    running.length > 0 &&
    running.length <= mostKeptFree &&
    running.some((other) => near(point, other));

  let tried = 0;
  let forbidden = 0;
  let violation = '';
  /** The nearest point that keeps the constraints, taken or not. */
  const allowed = (point: Float64Array): Float64Array | undefined => {
    tried++;
    const placed = isFixed ? given.apply(point) : point;
    if (plain) {
      const on = new Float64Array(placed.length);
      for (let j = 0; j < on.length; j++) on[j] = onGrid(columns[j]!, placed[j]!);
      return on;
    }
    const near = space.project?.(placed, given.point) ?? placed;
    if (typeof near === 'string') {
      forbidden++;
      violation = near;
      return undefined;
    }
    const params = space.decode(near);
    const broken = space.violation?.(params);
    if (broken === undefined) return space.encode(params);
    forbidden++;
    violation = broken;
    return undefined;
  };
  const repair = (point: Float64Array): Float64Array | undefined => {
    const found = allowed(point);
    if (!found || taken.has(keyOf(found))) return undefined;
    if (!crowds(found)) return found;
    spare = found;
    return undefined;
  };
  const refusal = (points: number) =>
    forbidden > 0 && forbidden === tried
      ? new InfeasibleSpaceError(tried, violation)
      : new SpaceExhaustedError(points);
  /** The first open one of all combinations; throws when there is none, with how many are allowed. */
  const firstOpen = (): Float64Array => {
    const keys = new Set<number>();
    for (let index = 0; index < combinations; index++) {
      const found = allowed(combination(axes as readonly ArrayLike<number>[], index));
      if (!found) continue;
      if (!taken.has(keyOf(found))) return found;
      keys.add(keyOf(found));
    }
    throw refusal(keys.size);
  };
  /** Coordinates that a climb in the continuous columns does not move, NaN in these. */
  const heldAt = (point: Float64Array) =>
    point.map((u, j) => (columns[j]!.kind === 'continuous' && !given.mask[j] ? Number.NaN : u));
  const draw = space.draw && ((rng: Rng) => space.draw!(rng, given.point));
  return {
    project:
      space.project &&
      ((point) => {
        const near = space.project!(point, heldAt(point));
        return typeof near === 'string' ? undefined : near;
      }),
    draw,
    fixed: isFixed ? given.mask : undefined,
    repair,
    take: (point) => {
      spare = undefined;
      if (repeat) return;
      taken.add(keyOf(point));
      running.push(point);
    },
    any(rng) {
      for (let k = 0; draw && k < drawTries; k++) {
        const drawn = draw(rng);
        const found = drawn && repair(drawn);
        if (found) return found;
      }
      const around = matrixOf(
        trials.slice(-nearTrials).map(({ params }) => space.encode(params)),
        columns.length,
      );
      for (const [k, tries] of randomTries.entries()) {
        const incumbents = k === 0 ? matrixOf([], columns.length) : around;
        const found = firstAllowed(candidates({ columns, incumbents, rng, draw }, tries), repair);
        if (found) return found;
        if (spare) {
          // No room beside the running trials: this request looks for none any more.
          keepsApart = false;
          return spare;
        }
        if (combinations <= Math.max(enumerationLimit, 2 * taken.size)) return firstOpen();
      }
      if (size === Infinity && forbidden > 0) throw new InfeasibleSpaceError(forbidden, violation);
      throw refusal(size === Infinity ? taken.size : size);
    },
    refusal,
  };
}

function firstAllowed(points: Matrix, repair: Places['repair']): Float64Array | undefined {
  for (let i = 0; i < points.rows; i++) {
    const point = repair(points.data.slice(i * points.columns, (i + 1) * points.columns));
    if (point) return point;
  }
  return undefined;
}

/** Coordinates of a column's levels; undefined where it is continuous. */
function levelsOf(column: Column): Float64Array | undefined {
  if (column.kind === 'continuous') return undefined;
  return Float64Array.from({ length: column.levels }, (_, i) => positionOf(column, i));
}

/** Number `index` of all combinations of the axes' values, the last axis moving fastest. */
export function combination(axes: readonly ArrayLike<number>[], index: number): Float64Array {
  const point = new Float64Array(axes.length);
  let rest = index;
  for (let j = axes.length - 1; j >= 0; j--) {
    point[j] = axes[j]![rest % axes[j]!.length]!;
    rest = Math.floor(rest / axes[j]!.length);
  }
  return point;
}

const crowdedDistance = 3e-3;

function near(a: Float64Array, b: Float64Array): boolean {
  let square = 0;
  for (let i = 0; i < a.length; i++) square += (a[i]! - b[i]!) ** 2;
  return square < crowdedDistance ** 2 * a.length;
}

/** Coordinates closer than this are one: decoding and encoding again may change the last bits. */
const resolution = 2 ** -44;

/** A number that two points share only when they are equal: a sum with multipliers that no grid has in common. */
function keyOf(point: Float64Array): number {
  let key = 0;
  for (let i = 0; i < point.length; i++)
    key = key * 1.3247179572447458 + Math.round(point[i]! / resolution) * resolution * 0.7548776662466927;
  return key;
}
