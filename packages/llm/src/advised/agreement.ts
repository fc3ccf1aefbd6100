/**
 * Where proposals agree, and whether they do so more than uniform ones (self-consistency: Wang et al. 2023, "Self-Consistency Improves
 * Chain of Thought Reasoning", of configurations in place of answers), by the spatial scan statistic.
 */
import { levelOf, type Params, positionOf, type Rng, type SearchSpace } from '@foothold/core';
import { distance, leastLikelyBall, minCount, unlikelyBalls } from './scan-statistic.ts';

export interface Agreement<P extends Params = Params> {
  /** The mean of those that agree; the one in their middle where the mean may not be evaluated. */
  readonly place: P;
  readonly members: readonly P[];
  /**
   * Whether uniform proposals agree as much in one of 1000 cases at most, by simulation: a study asks often, and should not be wrong
   * once.
   */
  isSignificant(rng: Rng): boolean;
  /**
   * Whether nine of ten proposals are in one place, so near that with the others uniform this happens in one of 1000 cases at most: they
   * do not vary, as those of a constant.
   */
  isUnanimous(rng: Rng): boolean;
}

/** Simulated cases of uniform proposals; without one that agrees as much, p = 1/1000. */
const simulations = 999;
const unanimousShare = 0.9;

/** Undefined for fewer than 3 proposals. */
export function agreement<P extends Params>(
  space: SearchSpace<P>,
  proposals: readonly P[],
): Agreement<P> | undefined {
  const n = proposals.length;
  if (n < minCount) return undefined;
  const { columns } = space;
  const points = proposals.map((params) => space.encode(params));
  const ball = leastLikelyBall(points, columns);
  const centre = points[ball.at]!;
  const gaps = points.map((point) => distance(columns, point, centre));
  const members = [...gaps.keys()].filter((i) => gaps[i]! <= ball.radius);
  const within = Math.ceil(unanimousShare * n);
  const reach = gaps.toSorted((a, b) => a - b)[within - 1]!;
  const isNear = (point: Float64Array) => distance(columns, point, centre, reach) <= reach;
  const isAsUnlikely = unlikelyBalls(columns, n, ball.logRatio);
  const isRare = (happens: (draw: () => Float64Array) => boolean) => (rng: Rng) => {
    for (let s = 0; s < simulations; s++) {
      const draws = rng.fork(s);
      if (happens(() => uniformPoint(space, draws))) return false;
    }
    return true;
  };
  return {
    place: meanOf(space, { points, members, centre }) ?? proposals[ball.at]!,
    members: members.map((i) => proposals[i]!),
    isSignificant: isRare((draw) => isAsUnlikely(points.map(draw))),
    isUnanimous: isRare((draw) => {
      const others = Array.from({ length: n - members.length }, draw);
      return members.length < within && members.length + others.filter(isNear).length >= within;
    }),
  };
}

/** A point of the space's grid; coordinates of inactive parameters as the space gives them. */
function uniformPoint<P extends Params>(space: SearchSpace<P>, rng: Rng): Float64Array {
  const point = Float64Array.from(space.columns, (column) => {
    const u = rng.next();
    return column.kind === 'continuous' ? u : positionOf(column, levelOf(column, u));
  });
  return space.parentsFirst ? space.encode(space.decode(point)) : point;
}

/** Undefined where the space does not allow it. */
function meanOf<P extends Params>(
  space: SearchSpace<P>,
  {
    points,
    members,
    centre,
  }: {
    readonly points: readonly Float64Array[];
    readonly members: readonly number[];
    readonly centre: Float64Array;
  },
): P | undefined {
  const mean = centre.map((u, j) =>
    space.columns[j]!.kind === 'categorical'
      ? u
      : members.reduce((sum, i) => sum + points[i]![j]!, 0) / members.length,
  );
  const params = space.decode(mean);
  return space.violation?.(params) === undefined ? params : undefined;
}
