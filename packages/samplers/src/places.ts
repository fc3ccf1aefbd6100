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
  /** Marks a point as taken. */
  take(point: Float64Array): void;
  /** Any point that may be proposed. Throws what `refusal` says when there is none. */
  any(rng: Rng): Float64Array;
  /** Why nothing is left, after points were tried: all taken, or all of them break the constraints. */
  refusal(size: number): SpaceExhaustedError | InfeasibleSpaceError;
}

/** Points tried in turn, half of them near the trials, before it is said that there is none. */
const randomTries = [256, 2048, 16_384];
/** Trials that points are tried near to. */
const nearTrials = 8;
const enumerationLimit = 200_000;

export function places<P extends Params>(request: SampleRequest<P>): Places {
  const { space, trials, repeat = false } = request;
  const { columns } = space;
  const given = fixedColumns(space, request.fixed);
  const isFixed = given.mask.some((bit) => bit === 1);
  const running = trials.filter(({ state }) => state === 'running').map(({ params }) => space.encode(params));
  const taken = new Set(repeat ? [] : trials.map(({ params }) => keyOf(space.encode(params))));
  const finite = Number.isFinite(space.size ?? Infinity);
  // Without constraints and conditions the nearest point on the grid is the canonical form.
  const plain =
    space.features !== undefined &&
    !space.features.includes('conditional') &&
    !space.features.includes('input-constraints');

  /** True beside a running trial: in parallel, two looks at almost one place are one look. */
  const crowds = (point: Float64Array, others: readonly Float64Array[]) =>
    !finite && !repeat && others.some((other) => near(point, other));

  let tried = 0;
  let forbidden = 0;
  let violation = '';
  const open = (point: Float64Array) =>
    taken.has(keyOf(point)) || crowds(point, running) ? undefined : point;
  const repair = (point: Float64Array): Float64Array | undefined => {
    tried++;
    const placed = isFixed ? given.apply(point) : point;
    if (plain) return open(placed.map((u, j) => onGrid(columns[j]!, u)));
    const params = space.decode(placed);
    const broken = space.violation?.(params);
    if (broken === undefined) return open(space.encode(params));
    forbidden++;
    violation = broken;
    return undefined;
  };
  const refusal = (size: number) =>
    forbidden > 0 && forbidden === tried
      ? new InfeasibleSpaceError(tried, violation)
      : new SpaceExhaustedError(size);
  const enumerated = (): Matrix => {
    const levels = columns.map((column, j) =>
      given.mask[j]
        ? [given.point[j]!]
        : Array.from({ length: levelCount(column) }, (_, i) => positionOf(column, i)),
    );
    let rows: number[][] = [[]];
    for (const choices of levels) rows = rows.flatMap((row) => choices.map((u) => [...row, u]));
    return matrixOf(rows, columns.length);
  };
  return {
    fixed: isFixed ? given.mask : undefined,
    repair,
    take: (point) => {
      if (repeat) return;
      taken.add(keyOf(point));
      running.push(point);
    },
    any(rng) {
      const around = matrixOf(
        trials.slice(-nearTrials).map(({ params }) => space.encode(params)),
        columns.length,
      );
      for (const [k, tries] of randomTries.entries()) {
        const incumbents = k === 0 ? matrixOf([], columns.length) : around;
        const found = firstAllowed(candidates({ columns, incumbents, rng }, tries), repair);
        if (found) return found;
        if (!finite || (space.size ?? 0) > enumerationLimit) continue;
        const all = firstAllowed(enumerated(), repair);
        if (all) return all;
        break;
      }
      throw refusal(finite ? (space.size ?? taken.size) : taken.size);
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

function levelCount(column: Column): number {
  return column.kind === 'continuous' ? 1 : column.levels;
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
