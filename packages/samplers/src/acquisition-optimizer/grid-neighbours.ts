/** Neighbours of a point in the columns that have a grid. */
import { type AcquisitionProblem, type Column, levelOf, positionOf } from '@foothold/core';

/** Levels of an ordered column up to this number are all tried; beyond it, steps of growing length. */
const allLevels = 12;
/** Categories up to this number are all tried; beyond it, those of the incumbents and some random ones. */
const allCategories = 256;
const randomCategories = 32;
/** Columns that one step tries; of more of them a random part, so that a step costs no more in a space of thousands. */
export const maxColumns = 128;

/**
 * The points that differ from `point` in one column with a grid, not fixed; of ordered levels those whose cells meet the region.
 * In a space of more than 128 such columns a random part of them.
 */
export function gridNeighbours(
  point: Float64Array,
  problem: Pick<AcquisitionProblem, 'columns' | 'fixed' | 'region' | 'incumbents' | 'rng'>,
): Float64Array[] {
  const { columns, region } = problem;
  return triedColumns(problem).flatMap((j) => {
    const column = columns[j] as GridColumn;
    const here = levelOf(column, point[j]!);
    const [lowest, highest] = levelsWithin(column, j, region);
    return levelsAround(column, here, { ...problem, j })
      .filter((level) => level >= lowest && level <= highest)
      .map((level) => {
        const next = Float64Array.from(point);
        next[j] = positionOf(column, level);
        return next;
      });
  });
}

type GridColumn = Exclude<Column, { kind: 'continuous' }>;

/** The columns that have a grid and are not fixed, in order; a random part of them where they are many. */
function triedColumns({
  columns,
  fixed,
  rng,
}: Pick<AcquisitionProblem, 'columns' | 'fixed' | 'rng'>): readonly number[] {
  const all = columns.flatMap(({ kind }, j) => (kind === 'continuous' || fixed?.[j] ? [] : [j]));
  if (all.length <= maxColumns) return all;
  for (let k = 0; k < maxColumns; k++) {
    const other = k + Math.floor(rng.next() * (all.length - k));
    [all[k], all[other]] = [all[other]!, all[k]!];
  }
  return all.slice(0, maxColumns).sort((a, b) => a - b);
}

/** First and last level of a column whose cells meet the region; where that is one, the levels beside it too. */
function levelsWithin(
  column: GridColumn,
  j: number,
  region: AcquisitionProblem['region'],
): readonly [number, number] {
  if (!region || column.kind === 'categorical') return [0, column.levels - 1];
  const lowest = levelOf(column, region.lower[j]!);
  const highest = levelOf(column, region.upper[j]!);
  return lowest === highest ? [lowest - 1, highest + 1] : [lowest, highest];
}

function levelsAround(
  column: GridColumn,
  here: number,
  { incumbents, rng, j }: Pick<AcquisitionProblem, 'incumbents' | 'rng'> & { readonly j: number },
): number[] {
  const { levels } = column;
  if (column.kind === 'categorical' && levels > allCategories) {
    const some = new Set<number>();
    for (let i = 0; i < incumbents.rows; i++)
      some.add(levelOf(column, incumbents.data[i * incumbents.columns + j]!));
    for (let k = 0; k < randomCategories; k++) some.add(Math.floor(rng.next() * levels));
    some.delete(here);
    return [...some];
  }
  if (column.kind === 'categorical' || levels <= allLevels)
    return Array.from({ length: levels }, (_, level) => level).filter((level) => level !== here);
  const steps = [1, 2, 4, 8, 16, 32, 64, 128, 256].filter((step) => step < levels);
  return steps.flatMap((step) => [here - step, here + step]).filter((level) => level >= 0 && level < levels);
}
