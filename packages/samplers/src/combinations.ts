import { type Column, type Params, positionOf, type SearchSpace } from '@foothold/core';

/** The values of one column that a walk visits: `count` of them, number i at `coordinate(i)`. Nothing is listed. */
export interface Axis {
  readonly count: number;
  coordinate(index: number): number;
}

/** One given value. */
export function singleAxis(coordinate: number): Axis {
  return { count: 1, coordinate: () => coordinate };
}

/** All levels of a column with a grid. */
export function levelAxis(column: Column & { readonly levels: number }): Axis {
  return { count: column.levels, coordinate: (level) => positionOf(column, level) };
}

/** `count` values from end to end of a continuous column; one alone is the middle. */
export function evenAxis(count: number): Axis {
  return { count, coordinate: (index) => (count === 1 ? 0.5 : index / (count - 1)) };
}

/** The index of the even axis's value nearest to a coordinate. */
export function nearestEven(count: number, coordinate: number): number {
  return Math.min(Math.max(Math.round(coordinate * (count - 1)), 0), count - 1);
}

/**
 * All combinations of the axes' values, the last column moving fastest. Where the space says in `parentsFirst` in which order
 * conditions are decided, that order takes the place of the columns', and an inactive column does not move: each set of
 * active values comes once.
 */
export function* combinations<P extends Params>(
  space: SearchSpace<P>,
  axes: readonly Axis[],
): Generator<Float64Array, void> {
  const { columns, parentsFirst } = space;
  const order = parentsFirst ?? columns.map((_, j) => j);
  const indices = new Float64Array(columns.length);
  const point = Float64Array.from(axes, ({ coordinate }) => coordinate(0));
  for (;;) {
    yield point.slice();
    const params = parentsFirst && space.decode(point);
    let at = order.length - 1;
    for (; at >= 0; at--) {
      const j = order[at]!;
      const isActive = params === undefined || Object.hasOwn(params, columns[j]!.name);
      if (isActive && indices[j]! + 1 < axes[j]!.count) break;
    }
    if (at < 0) return;
    const moved = order[at]!;
    indices[moved]!++;
    point[moved] = axes[moved]!.coordinate(indices[moved]!);
    for (const j of order.slice(at + 1)) {
      if (indices[j] === 0) continue;
      indices[j] = 0;
      point[j] = axes[j]!.coordinate(0);
    }
  }
}
