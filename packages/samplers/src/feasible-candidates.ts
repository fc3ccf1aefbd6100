/** Which points of a space a sampler may propose: on the grid, within the constraints, not proposed before. */
import {
  type Column,
  InfeasibleSpaceError,
  type Matrix,
  type Params,
  type Rng,
  type SampleRequest,
  SpaceExhaustedError,
} from '@foothold/core';
import { type FixedColumns, fixedColumns } from '@foothold/space';
import { onGrid } from './acquisition-optimizer/initial-points.ts';
import { type Axis, evenAxis, levelAxis, nearestEven, singleAxis } from './combinations.ts';
import { openCombinations } from './open-combinations.ts';
import { pointSet } from './point-set.ts';
import { type Draw, randomBatches } from './random-batches.ts';
import { takenPoints } from './taken-points.ts';

export interface FeasibleCandidates {
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
  readonly draw: Draw | undefined;
  /** Marks a point as taken. */
  take(point: Float64Array): void;
  /**
   * Any point that may be proposed, near a running trial where no other is found. Throws SpaceExhaustedError when
   * there are finitely many and all are taken, InfeasibleSpaceError when the constraints refuse what is tried.
   */
  any(rng: Rng): Float64Array;
  /**
   * The first point in the order of all combinations that may be proposed; `limit` combinations are looked at, beside
   * those that are taken. Throws as `any` does. Only for finitely many combinations.
   */
  next(limit: number): Float64Array;
}

export interface CandidateOptions {
  /** Whether points near a running trial are deferred as long as others are found; true. */
  readonly avoidPending?: boolean;
  /** Number of values of a continuous column where the candidates form a grid. */
  readonly continuousLevels?: ((column: Column) => number) | undefined;
}

/** Random points under an equality that are drawn one by one before others are tried. */
const drawTries = 16;
/** Up to so many combinations are walked after the first random tries. */
const enumerationLimit = 200_000;
/** The same where each is projected onto linear constraints, which takes twenty times as long. */
const projectionLimit = 10_000;
/** With more running trials than this, points near them are not deferred: they would cover a small space. */
const maxPending = 100;

/**
 * The points that `request` leaves open. Points near a running trial are deferred unless `avoidPending` is false, since two
 * evaluations of almost one point teach little more than one. Designs spread by themselves and go without.
 */
export function feasibleCandidates<P extends Params>(
  request: SampleRequest<P>,
  { avoidPending = true, continuousLevels }: CandidateOptions = {},
): FeasibleCandidates {
  const { space, repeat = false } = request;
  const { columns } = space;
  const given = fixedColumns(space, request.fixed);
  const isFixed = given.mask.some((bit) => bit === 1);
  const anchorOf = anchors(given, isFixed, { columns, continuousLevels });
  const taken = repeat ? pointSet(columns, anchorOf) : takenPoints(request, anchorOf);
  const open = openCombinations(request, axesOf(columns, given, continuousLevels));
  const nearest = nearestAllowed(request, given, isFixed);

  const isDeferring = avoidPending && !repeat && open.size === Infinity;
  const pending = isDeferring ? runningPoints(request) : [];
  const near = pendingFilter(pending, isDeferring);
  const repair = (point: Float64Array): Float64Array | undefined => {
    const found = nearest.allowed(point);
    return found && !taken.has(found) && !near.defers(found) ? found : undefined;
  };
  // Where all points are combinations, each that keeps the constraints comes by: none need be moved onto them.
  const isMoved = columns.some(({ kind }) => kind === 'continuous');
  const next = (limit: number, moves = true): Float64Array => {
    const found = open.first(limit + 2 * taken.size, (point) => {
      const allowed = nearest.allowed(point, moves);
      return { allowed, isOpen: allowed !== undefined && !taken.has(allowed) };
    });
    if (found) return found;
    throw nearest.refusal(open.allowed, open.isWalked);
  };
  const draw = drawOf(space, given);
  return {
    project: space.project && projectionOf(space, given),
    draw,
    fixed: isFixed ? given.mask : undefined,
    repair,
    take: (point) => {
      near.forget();
      if (repeat) return;
      taken.add(point);
      pending.push(point);
    },
    any(rng) {
      const drawn = firstDrawn(draw, rng, repair);
      if (drawn) return drawn;
      for (const points of randomBatches(request, rng, draw)) {
        const found = firstRepaired(points, repair);
        if (found) return found;
        // No room away from the running trials: this request looks for none any more.
        if (near.deferred) return near.stop();
        if (open.length <= Math.max(enumerationLimit, 2 * taken.size)) return next(open.length, isMoved);
      }
      if (open.isFinite) return next(space.project ? projectionLimit : enumerationLimit);
      throw nearest.refusal(taken.size, false);
    },
    next: (limit) => next(limit),
  };
}

function runningPoints<P extends Params>({ space, trials }: SampleRequest<P>): Float64Array[] {
  return trials.filter(({ state }) => state === 'running').map(({ params }) => space.encode(params));
}

/** Which points are deferred because they lie near a running trial, until `stop`. */
function pendingFilter(pending: readonly Float64Array[], isActive: boolean) {
  let deferring = isActive;
  let deferred: Float64Array | undefined;
  return {
    /** The latest point that was deferred. */
    get deferred() {
      return deferred;
    },
    /** True where this point waits for others to be found. */
    defers(point: Float64Array): boolean {
      if (!deferring || pending.length > maxPending || !pending.some((other) => areNear(point, other)))
        return false;
      deferred = point;
      return true;
    },
    forget(): void {
      deferred = undefined;
    },
    /** Defers nothing from now on, and gives the latest deferred point. */
    stop(): Float64Array {
      deferring = false;
      return deferred!;
    },
  };
}

/** Random points on the linear constraints that have the given values; undefined where the space draws none. */
function drawOf<P extends Params>(
  space: SampleRequest<P>['space'],
  { point }: FixedColumns,
): Draw | undefined {
  return space.draw && ((rng, mixing) => space.draw!(rng, point, mixing));
}

/** The nearest point that keeps the linear constraints with only continuous columns moved that are not given. */
function projectionOf<P extends Params>(
  space: SampleRequest<P>['space'],
  given: FixedColumns,
): (point: Float64Array) => Float64Array | undefined {
  const isFree = space.columns.map(({ kind }, j) => kind === 'continuous' && !given.mask[j]);
  return (point) => {
    const held = point.map((u, j) => (isFree[j] ? Number.NaN : u));
    const near = space.project!(point, held);
    return typeof near === 'string' ? undefined : near;
  };
}

/** The first of a few draws that may be proposed. */
function firstDrawn(
  draw: Draw | undefined,
  rng: Rng,
  repair: FeasibleCandidates['repair'],
): Float64Array | undefined {
  for (let k = 0; draw && k < drawTries; k++) {
    const drawn = draw(rng);
    const found = drawn && repair(drawn);
    if (found) return found;
  }
  return undefined;
}

/** The axes of the columns that are not given; undefined for a continuous column that is neither given nor a grid. */
function axesOf(
  columns: readonly Column[],
  given: FixedColumns,
  continuousLevels: CandidateOptions['continuousLevels'],
): readonly (Axis | undefined)[] {
  return columns.map((column, j) => {
    if (given.mask[j]) return singleAxis(given.point[j]!);
    if (column.kind !== 'continuous') return levelAxis(column);
    return continuousLevels && evenAxis(continuousLevels(column));
  });
}

/** The coordinates that continuous columns are known to hold: given values, and those of a grid. */
function anchors(
  given: FixedColumns,
  isFixed: boolean,
  grid: { readonly columns: readonly Column[] } & Pick<CandidateOptions, 'continuousLevels'>,
): ((column: number, coordinate: number) => number | undefined) | undefined {
  const { columns, continuousLevels } = grid;
  if (!isFixed && !continuousLevels) return undefined;
  return (j, coordinate) => {
    if (given.mask[j]) return given.point[j];
    if (!continuousLevels) return undefined;
    const count = continuousLevels(columns[j]!);
    return evenAxis(count).coordinate(nearestEven(count, coordinate));
  };
}

/** Points on the grid that keep the constraints, and a record of what was tried. */
function nearestAllowed<P extends Params>(
  { space }: SampleRequest<P>,
  given: FixedColumns,
  isFixed: boolean,
) {
  const { columns } = space;
  // Without constraints and conditions the nearest point on the grid is the canonical form.
  const isPlain =
    space.features !== undefined &&
    !space.features.includes('conditional') &&
    !space.features.includes('input-constraints');
  let tried = 0;
  let forbidden = 0;
  let violation = '';
  return {
    /** The nearest point that keeps the constraints, taken or not; without `moves` this one or none. */
    allowed(point: Float64Array, moves = true): Float64Array | undefined {
      tried++;
      const placed = isFixed ? given.apply(point) : point;
      if (isPlain) {
        const on = new Float64Array(placed.length);
        for (let j = 0; j < on.length; j++) on[j] = onGrid(columns[j]!, placed[j]!);
        return on;
      }
      const near = (moves && space.project?.(placed, given.point)) || placed;
      if (typeof near === 'string') {
        forbidden++;
        violation = near;
        return undefined;
      }
      const params = space.decode(near);
      const broken = space.violation?.(params);
      if (broken === undefined) return space.encode(params);
      forbidden++;
      // What keeps a point from being moved onto the constraints says more than what a single one breaks.
      if (moves || violation === '') violation = broken;
      return undefined;
    },
    /** Why nothing is left: all `points` that there are, `isComplete`, or that are known, are taken, or constraints forbid the rest. */
    refusal(points: number, isComplete: boolean): SpaceExhaustedError | InfeasibleSpaceError {
      if (forbidden > 0 && (forbidden === tried || !isComplete))
        return new InfeasibleSpaceError(forbidden, violation);
      return new SpaceExhaustedError(points);
    },
  };
}

function firstRepaired(points: Matrix, repair: FeasibleCandidates['repair']): Float64Array | undefined {
  for (let i = 0; i < points.rows; i++) {
    const point = repair(points.data.slice(i * points.columns, (i + 1) * points.columns));
    if (point) return point;
  }
  return undefined;
}

/** Root mean square distance per column below which two points count as near. */
const nearDistance = 3e-3;

function areNear(a: Float64Array, b: Float64Array): boolean {
  let square = 0;
  for (let i = 0; i < a.length; i++) square += (a[i]! - b[i]!) ** 2;
  return square < nearDistance ** 2 * a.length;
}
