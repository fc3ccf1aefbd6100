import { type Column, levelOf } from '@foothold/core';

/** A set of unit-cube points; two points are different exactly when their cells differ in one column. */
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
  const writeCells = cellWriter(columns, anchorOf);
  let size = 0;
  /** Cells of the points one after another, and behind them room for one that is looked up. */
  let cells = new Float64Array(2 * d);
  let hashes = new Int32Array(2);
  /** Hash table with linear probing: number of a point, counted from 1; 0 where there is none. At most half full. */
  let table = new Int32Array(4);

  /** The hash of the point, whose cells are then behind those of the others. */
  const placedHash = (point: Float64Array): number => writeCells(cells, size * d, point);
  /** Where the table holds the point that was placed last, or has room for it. */
  const slotOf = (hash: number): number => {
    const mask = table.length - 1;
    let slot = hash & mask;
    for (let at = table[slot]!; at > 0; slot = (slot + 1) & mask, at = table[slot]!)
      if (hashes[at - 1] === hash && isPlaced(at - 1)) break;
    return slot;
  };
  const isPlaced = (at: number): boolean => {
    for (let j = 0; j < d; j++) if (cells[at * d + j] !== cells[size * d + j]) return false;
    return true;
  };
  const grow = (): void => {
    const [oldCells, oldHashes] = [cells, hashes];
    cells = new Float64Array(2 * oldCells.length);
    cells.set(oldCells);
    hashes = new Int32Array(2 * oldHashes.length);
    hashes.set(oldHashes);
    table = new Int32Array(2 * table.length);
    const mask = table.length - 1;
    for (let at = 0; at < size; at++) {
      let slot = hashes[at]! & mask;
      while (table[slot]! > 0) slot = (slot + 1) & mask;
      table[slot] = at + 1;
    }
  };
  return {
    get size() {
      return size;
    },
    has: (point) => table[slotOf(placedHash(point))]! > 0,
    add(point) {
      const hash = placedHash(point);
      const slot = slotOf(hash);
      if (table[slot]! > 0) return false;
      hashes[size] = hash;
      table[slot] = ++size;
      if (size === hashes.length) grow();
      return true;
    },
  };
}

/**
 * A function that writes the cells of a point, whole numbers up to 2⁵³, into `cells` from an index on, and returns their hash.
 */
function cellWriter(
  columns: readonly Column[],
  anchorOf: ((column: number, coordinate: number) => number | undefined) | undefined,
): (cells: Float64Array, from: number, point: Float64Array) => number {
  const d = columns.length;
  const isContinuous = columns.map(({ kind }) => kind === 'continuous');
  return (cells, from, point) => {
    let hash = d;
    for (let j = 0; j < d; j++) {
      const u = point[j]!;
      let cell: number;
      if (isContinuous[j]) {
        const anchor = anchorOf?.(j, u);
        const near = anchor !== undefined && Math.abs(u - anchor) <= resolution;
        cell = Math.round((near ? anchor : u) * perUnit);
      } else cell = levelOf(columns[j]!, u);
      cells[from + j] = cell;
      hash = Math.imul(hash ^ cell, 0x9e3779b1) ^ (cell / 2 ** 32);
      hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    }
    return hash ^ (hash >>> 13);
  };
}
