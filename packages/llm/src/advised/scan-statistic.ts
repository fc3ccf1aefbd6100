/**
 * The spatial scan statistic (Kulldorff 1997, "A Spatial Scan Statistic"; a Bernoulli model of known rate, windows of half the points at
 * most): of all balls around a point, the one whose number of points is the least likely under the uniform density.
 *
 * n  points
 * m  points in a ball, `minCount` to n/2
 * p  share of the space in a ball
 */
import { type Column, lowerEdge, positionOf } from '@foothold/core';

/** A ball around a point up to another one, with the log likelihood ratio of its count against the uniform density. */
interface Ball {
  readonly at: number;
  readonly radius: number;
  readonly logRatio: number;
}

/** Points that a ball has at least. */
export const minCount = 3;
const maxCount = (n: number) => Math.max(minCount, Math.floor(n / 2));

/** For `minCount` points in the unit cube or more. */
export function leastLikelyBall(points: readonly Float64Array[], columns: readonly Column[]): Ball {
  const n = points.length;
  let found: Ball = { at: 0, radius: 0, logRatio: -Infinity };
  for (let at = 0; at < n; at++) {
    const distances = points.map((point) => distance(columns, point, points[at]!)).sort((a, b) => a - b);
    for (let m = minCount; m <= maxCount(n); m++) {
      const radius = distances[m - 1]!;
      const logRatio = logRatioOf(m, n, shareWithin(columns, points[at]!, radius));
      if (logRatio > found.logRatio) found = { at, radius, logRatio };
    }
  }
  return found;
}

/** A function that says whether any ball of n points has a log ratio of at least this. */
export function unlikelyBalls(
  columns: readonly Column[],
  n: number,
  logRatio: number,
): (points: readonly Float64Array[]) => boolean {
  const radii = Float64Array.from({ length: maxCount(n) + 1 }, (_, m) =>
    m < minCount ? 0 : largestRadius(columns, largestShare(m, n, logRatio)),
  );
  const reach = radii.at(-1)!;
  const near = new Float64Array(n);
  const isUnlikely = (centre: Float64Array, found: number) => {
    const distances = near.subarray(0, found).sort();
    for (let m = minCount; m < radii.length && m <= found; m++) {
      const radius = distances[m - 1]!;
      if (radius <= radii[m]! && logRatioOf(m, n, shareWithin(columns, centre, radius)) >= logRatio)
        return true;
    }
    return false;
  };
  return (points) =>
    points.some((centre) => {
      let found = 0;
      for (const point of points) {
        const gap = distance(columns, point, centre, reach);
        if (gap <= reach) near[found++] = gap;
      }
      return found >= minCount && isUnlikely(centre, found);
    });
}

/** log of the largest likelihood of m of n points in a ball over that under its share of the space; 0 where it has fewer than its share. */
function logRatioOf(m: number, n: number, share: number): number {
  const inside = m / n;
  if (inside <= share) return 0;
  const outside = m < n ? (n - m) * Math.log((1 - inside) / (1 - share)) : 0;
  return m * Math.log(inside / share) + outside;
}

const smallestShare = 1e-12;

/** The largest share of a ball of m points whose log ratio is this, by bisection. */
function largestShare(m: number, n: number, logRatio: number): number {
  let [low, high] = [Math.log(smallestShare), Math.log(m / n)];
  for (let k = 0; k < 50; k++) {
    const middle = 0.5 * (low + high);
    if (logRatioOf(m, n, Math.exp(middle)) >= logRatio) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

/** Share of the uniform points of the columns that lie in a ball around one of them; 1e-12 at least. */
export function shareWithin(columns: readonly Column[], centre: Float64Array, radius: number): number {
  let share = 1;
  for (let j = 0; j < columns.length; j++) {
    const column = columns[j]!;
    if (column.kind === 'categorical') share *= radius < 1 ? 1 / column.levels : 1;
    else if (column.kind === 'ordinal') share *= levelShare(column, centre[j]!, radius);
    else share *= Math.min(centre[j]! + radius, 1) - Math.max(centre[j]! - radius, 0);
  }
  return Math.max(share, smallestShare);
}

type Ordinal = Column & { readonly kind: 'ordinal' };

/** Positions that differ by less are the same. */
const samePosition = 1e-9;

/** The cells of the levels within a radius of a level's position. */
function levelShare(column: Ordinal, centre: number, radius: number): number {
  const first = firstLevelFrom(column, centre - radius - samePosition);
  const end = firstLevelFrom(column, centre + radius + samePosition);
  return lowerEdge(column, end) - lowerEdge(column, first);
}

/** The first level whose position is `u` or more; the number of levels where none is. */
function firstLevelFrom({ levels, logFrom }: Ordinal, u: number): number {
  const from = (logFrom ?? 0) - 0.5;
  // The inverse of `positionOf`.
  const level =
    logFrom === undefined
      ? u * levels - 0.5
      : from * Math.exp(u * Math.log((from + levels) / from)) - logFrom;
  return Math.min(Math.max(Math.ceil(level), 0), levels);
}

/**
 * A radius beyond which every ball has a larger share. The smallest one of a radius r is that of a ball around a corner: of d coordinates
 * r^d, or a little more with levels. On a logarithmic column, whose first cells are the widest, a ball has r less half of a cell at least.
 */
function largestRadius(columns: readonly Column[], share: number): number {
  let free = share;
  let dimensions = 0;
  let halfCell = 0;
  for (const column of columns) {
    if (column.kind === 'categorical') free *= column.levels;
    else dimensions++;
    if (column.kind === 'ordinal' && column.logFrom !== undefined)
      halfCell = Math.max(halfCell, positionOf(column, 0));
  }
  return free >= 1 || dimensions === 0 ? 1 : halfCell + free ** (1 / dimensions) * (1 + 1e-9);
}

/** Largest gap of a coordinate, 1 for different categories; any number above `enough` where it is above that. */
export function distance(
  columns: readonly Column[],
  a: Float64Array,
  ...[b, enough = Infinity]: readonly [b: Float64Array, enough?: number]
): number {
  let far = 0;
  for (let j = 0; j < columns.length; j++) {
    const gap = Math.abs(a[j]! - b[j]!);
    const counted = columns[j]!.kind === 'categorical' && gap > 1e-9 ? 1 : gap;
    if (counted > far) far = counted;
    if (far > enough) break;
  }
  return far;
}
