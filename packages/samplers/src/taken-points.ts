import type { KnownParams, Params, SampleRequest, SearchSpace } from '@foothold/core';
import { type PointSet, pointSet } from './point-set.ts';

type Anchor = Parameters<typeof pointSet>[1];

/** What is kept of a study between two requests: the points of its first `count` trials. */
interface Index {
  readonly space: SearchSpace;
  readonly points: PointSet;
  count: number;
}

const indexes = new WeakMap<object, Index>();

/**
 * The points of the request's trials, to which more can be added. Where the request has `known`, only the trials
 * since the last request are looked at; where coordinates have anchors, all are.
 */
export function takenPoints<P extends Params>(request: SampleRequest<P>, anchorOf?: Anchor): PointSet {
  const { space, known } = request;
  if (known && !anchorOf) {
    const index = indexOf(known, space as unknown as SearchSpace);
    if (index) return added(index.points, pointSet(space.columns));
  }
  const points = pointSet(space.columns, anchorOf);
  // A trial outside of an edited space is at no point of it.
  for (const { params, outside } of request.trials)
    if (outside === undefined) points.add(space.encode(params));
  return points;
}

/** The index with the points of all known trials; undefined where it has more than these. */
function indexOf({ key, count, from }: KnownParams, space: SearchSpace): Index | undefined {
  let index = indexes.get(key);
  if (index?.space !== space) {
    index = { space, points: pointSet(space.columns), count: 0 };
    indexes.set(key, index);
  }
  if (index.count > count) return undefined;
  if (index.count < count) for (const params of from(index.count)) index.points.add(space.encode(params));
  index.count = count;
  return index;
}

/** A set that adds to its own points, and leaves those of `known` as they are. */
function added(known: PointSet, own: PointSet): PointSet {
  return {
    get size() {
      return known.size + own.size;
    },
    has: (point) => own.has(point) || known.has(point),
    add: (point) => !known.has(point) && own.add(point),
  };
}
