/** Neighbours of a point in the columns that have a grid. */
import { type Column, levelOf, positionOf } from '@foothold/core';

/** Levels up to this number are all tried; beyond it, steps of growing length along an ordered column. */
const allLevels = 12;

/** The points that differ from `point` in one column with a grid, not fixed. */
export function gridNeighbours(
  point: Float64Array,
  columns: readonly Column[],
  fixed: Uint8Array | undefined,
): Float64Array[] {
  return columns.flatMap((column, j) => {
    if (column.kind === 'continuous' || fixed?.[j]) return [];
    const here = levelOf(column, point[j]!);
    return levelsAround(column, here).map((level) => {
      const next = Float64Array.from(point);
      next[j] = positionOf(column, level);
      return next;
    });
  });
}

function levelsAround(column: Exclude<Column, { kind: 'continuous' }>, here: number): number[] {
  const { levels } = column;
  if (column.kind === 'categorical' || levels <= allLevels)
    return Array.from({ length: levels }, (_, level) => level).filter((level) => level !== here);
  const steps = [1, 2, 4, 8, 16, 32, 64, 128, 256].filter((step) => step < levels);
  return steps.flatMap((step) => [here - step, here + step]).filter((level) => level >= 0 && level < levels);
}
