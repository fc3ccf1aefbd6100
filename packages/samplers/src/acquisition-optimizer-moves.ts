/** Neighbours of a point in the columns that have a grid. */
import { type AcquisitionProblem, type Column, levelOf, positionOf } from '@foothold/core';

/** Levels up to this number are all tried; beyond it, steps of growing length along an ordered column. */
const allLevels = 12;

/** The points that differ from `point` in one column with a grid, not fixed; of ordered levels those whose cells meet the region. */
export function gridNeighbours(
  point: Float64Array,
  { columns, fixed, region }: Pick<AcquisitionProblem, 'columns' | 'fixed' | 'region'>,
): Float64Array[] {
  return columns.flatMap((column, j) => {
    if (column.kind === 'continuous' || fixed?.[j]) return [];
    const here = levelOf(column, point[j]!);
    const [lowest, highest] = levelsWithin(column, j, region);
    return levelsAround(column, here)
      .filter((level) => level >= lowest && level <= highest)
      .map((level) => {
        const next = Float64Array.from(point);
        next[j] = positionOf(column, level);
        return next;
      });
  });
}

/** First and last level of a column whose cells meet the region; where that is one, the levels beside it too. */
function levelsWithin(
  column: Exclude<Column, { kind: 'continuous' }>,
  j: number,
  region: AcquisitionProblem['region'],
): readonly [number, number] {
  if (!region || column.kind === 'categorical') return [0, column.levels - 1];
  const lowest = levelOf(column, region.lower[j]!);
  const highest = levelOf(column, region.upper[j]!);
  return lowest === highest ? [lowest - 1, highest + 1] : [lowest, highest];
}

function levelsAround(column: Exclude<Column, { kind: 'continuous' }>, here: number): number[] {
  const { levels } = column;
  if (column.kind === 'categorical' || levels <= allLevels)
    return Array.from({ length: levels }, (_, level) => level).filter((level) => level !== here);
  const steps = [1, 2, 4, 8, 16, 32, 64, 128, 256].filter((step) => step < levels);
  return steps.flatMap((step) => [here - step, here + step]).filter((level) => level >= 0 && level < levels);
}
