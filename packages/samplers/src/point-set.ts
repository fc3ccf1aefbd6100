import { type Column, levelOf } from '@foothold/core';

/** A set of unit-cube points that tells two points apart exactly when their cells differ in one column. */
export interface PointSet {
  readonly size: number;
  has(point: Float64Array): boolean;
  /** True where the point was not in the set. */
  add(point: Float64Array): boolean;
}

/** Side of a cell of a continuous column: decoding and encoding again may change the last bits of a coordinate. */
const resolution = 2 ** -44;
const perUnit = 2 ** 44;

/**
 * An empty set. A column with a grid has one cell for each level, a continuous one cells of side 2⁻⁴⁴.
 *
 * `anchorOf` names a coordinate that a continuous column is known to hold near this one, where there is one. Coordinates
 * within a cell's side of it are equal to it, so that no cell border separates a coordinate from its rounded copy.
 */
export function pointSet(
  columns: readonly Column[],
  anchorOf?: (column: number, coordinate: number) => number | undefined,
): PointSet {
  const d = columns.length;
  const buckets = new Map<number, Float64Array[]>();
  const cells = new Float64Array(d);
  let size = 0;

  /** Writes the cells of a point, whole numbers up to 2⁵³, and returns their hash. */
  const place = (point: Float64Array): number => {
    let hash = d;
    for (let j = 0; j < d; j++) {
      const column = columns[j]!;
      let cell: number;
      if (column.kind === 'continuous') {
        const u = point[j]!;
        const anchor = anchorOf?.(j, u);
        const near = anchor !== undefined && Math.abs(u - anchor) <= resolution;
        cell = Math.round((near ? anchor : u) * perUnit);
      } else cell = levelOf(column, point[j]!);
      cells[j] = cell;
      hash = Math.imul(hash ^ cell, 0x9e3779b1) ^ (cell / 2 ** 32);
      hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    }
    return hash;
  };
  const equal = (other: Float64Array): boolean => {
    for (let j = 0; j < d; j++) if (cells[j] !== other[j]) return false;
    return true;
  };
  return {
    get size() {
      return size;
    },
    has: (point) => buckets.get(place(point))?.some(equal) ?? false,
    add(point) {
      const hash = place(point);
      const bucket = buckets.get(hash);
      if (bucket?.some(equal)) return false;
      if (bucket) bucket.push(cells.slice());
      else buckets.set(hash, [cells.slice()]);
      size++;
      return true;
    },
  };
}
