/**
 * The non-dominated region as disjoint boxes, by local upper bounds (Klamroth, Lacour, Vanderpooten 2015, "On the
 * Representation of the Search Region in Multi-objective Optimization", algorithm 3; the boxes: Lacour, Klamroth, Fonseca
 * 2017, "A Box Decomposition Algorithm to Compute the Hypervolume Indicator", §3). Here all objectives are maximized, so
 * that the bounds are lower ones.
 *
 * m     number of objectives
 * u     a local lower bound: no point of the front is above it in every coordinate, and it cannot be lowered
 * z^j   the point of the front, or the reference point, that u has its coordinate j from
 * box   u_j to ∞ for j = 1, and to the smallest coordinate j of z^1 … z^(j−1) for the others
 */
import { ShapeError } from '@foothold/core';

/** k disjoint boxes in m dimensions, k×m each in one array; upper edges may be ∞. */
export interface Boxes {
  readonly count: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Index of the reference point as a defining point; the others are from 0. */
const reference = -1;

/** A local lower bound, by the indices of its defining points, m. */
type Bound = Int32Array;

/**
 * The points above `referencePoint`, m, that no point of the front dominates, as disjoint boxes: one more than there are points
 * for two objectives, 2n + 1 for three, O(n^⌊m/2⌋) for more. The points, each m long, may be dominated, equal, or share coordinates; those that
 * are not above the reference point in every coordinate, and those that are not finite, have no part. Throws ShapeError for points of
 * another length.
 */
export function nonDominatedBoxes(points: readonly Float64Array[], referencePoint: Float64Array): Boxes {
  const front = frontAbove(points, referencePoint);
  const ranks = distinctRanks(front, referencePoint.length);
  let bounds = firstBounds(referencePoint);
  for (let i = 0; i < front.length; i++) bounds = withPoint(bounds, i, ranks);
  return boxesOf(bounds, front, referencePoint);
}

/**
 * Each point of the front with those of the boxes that the points before it leave open which it takes a part of: what it adds to the region that
 * is dominated. Errors as of `nonDominatedBoxes`.
 */
export function* boxesTaken(
  points: readonly Float64Array[],
  referencePoint: Float64Array,
): Generator<{ readonly point: Float64Array; readonly boxes: Boxes }> {
  const front = frontAbove(points, referencePoint);
  const ranks = distinctRanks(front, referencePoint.length);
  let bounds = firstBounds(referencePoint);
  for (const [i, point] of front.entries()) {
    const taken = bounds.filter((bound) => isBelow(bound, ranks[i]!, ranks));
    yield { point, boxes: boxesOf(taken, front, referencePoint) };
    bounds = withPoint(bounds, i, ranks);
  }
}

function frontAbove(points: readonly Float64Array[], referencePoint: Float64Array): readonly Float64Array[] {
  const m = referencePoint.length;
  for (const point of points)
    if (point.length !== m)
      throw new ShapeError(`a point of ${point.length} objectives, the reference point has ${m}`);
  return nonDominated(
    points.filter((point) => point.every((v, j) => v > referencePoint[j]! && v < Infinity)),
  );
}

const firstBounds = ({ length: m }: Float64Array): Bound[] => [new Int32Array(m).fill(reference)];

/** The points that no other one equals or exceeds in every coordinate; of equal ones the first. */
function nonDominated(points: readonly Float64Array[]): readonly Float64Array[] {
  // In decreasing lexicographic order no point is dominated by a later one.
  const order = [...points].sort((a, b) => {
    const j = a.findIndex((v, k) => v !== b[k]);
    return j < 0 ? 0 : b[j]! - a[j]!;
  });
  const front: Float64Array[] = [];
  for (const point of order)
    if (!front.some((other) => other.every((v, j) => v >= point[j]!))) front.push(point);
  return front;
}

/**
 * The position of each point in the increasing order of each coordinate. Points that share a coordinate get different ranks, so that
 * bounds are always in general position: what differs in rank alone becomes a box without volume.
 */
function distinctRanks(front: readonly Float64Array[], m: number): readonly Int32Array[] {
  const ranks = front.map(() => new Int32Array(m));
  for (let j = 0; j < m; j++)
    Array.from(front.keys())
      .sort((a, b) => front[a]![j]! - front[b]![j]!)
      .forEach((i, rank) => {
        ranks[i]![j] = rank;
      });
  return ranks;
}

const rankOf = (ranks: readonly Int32Array[], i: number, j: number) => (i === reference ? -1 : ranks[i]![j]!);

/** Whether the point of these ranks is above the bound in every coordinate. */
function isBelow(bound: Bound, own: Int32Array, ranks: readonly Int32Array[]): boolean {
  return own.every((rank, j) => rank > rankOf(ranks, bound[j]!, j));
}

/** The bounds after one more point: each bound below it gives way to those that the point lifts one coordinate of. */
function withPoint(bounds: readonly Bound[], point: number, ranks: readonly Int32Array[]): Bound[] {
  const own = ranks[point]!;
  const next: Bound[] = [];
  for (const bound of bounds) {
    if (!isBelow(bound, own, ranks)) {
      next.push(bound);
      continue;
    }
    for (let j = 0; j < own.length; j++) {
      if (own[j]! > edgeRank(bound, { j, among: own.length, ranks })) continue;
      const lifted = bound.slice();
      lifted[j] = point;
      next.push(lifted);
    }
  }
  return next;
}

/** Smallest rank in coordinate j of the first `among` defining points, that of j left out; Infinity for the reference point, which limits nothing. */
function edgeRank(
  bound: Bound,
  { j, among, ranks }: { readonly j: number; readonly among: number; readonly ranks: readonly Int32Array[] },
): number {
  let edge = Infinity;
  for (let k = 0; k < among; k++)
    if (k !== j && bound[k] !== reference) edge = Math.min(edge, ranks[bound[k]!]![j]!);
  return edge;
}

function boxesOf(
  bounds: readonly Bound[],
  front: readonly Float64Array[],
  referencePoint: Float64Array,
): Boxes {
  const m = referencePoint.length;
  const lower: number[] = [];
  const upper: number[] = [];
  for (const bound of bounds) {
    const low = Array.from(bound, (i, j) => (i === reference ? referencePoint[j]! : front[i]![j]!));
    const high = low.map((_, j) => {
      let edge = Infinity;
      for (let k = 0; k < j; k++) if (bound[k] !== reference) edge = Math.min(edge, front[bound[k]!]![j]!);
      return edge;
    });
    if (low.some((v, j) => !(v < high[j]!))) continue;
    lower.push(...low);
    upper.push(...high);
  }
  return { count: lower.length / m, lower: Float64Array.from(lower), upper: Float64Array.from(upper) };
}
