import { OutOfSpaceError } from '@foothold/core';
import type { Cell } from './study-types.ts';

export interface CellNames {
  /** Index of a row or column given by index or name. Throws OutOfSpaceError. */
  readonly indexOf: (axis: 'row' | 'column', given: number | string) => number;
  /** The cell at `row · columns + column`. */
  readonly cellOf: (at: number) => Cell;
}

/** From names and indices to cells and back. */
export function cellNames(rowNames: readonly string[], columnNames: readonly string[]): CellNames {
  const m = columnNames.length;
  return {
    indexOf: (axis, given) => {
      const names = axis === 'row' ? rowNames : columnNames;
      const at = typeof given === 'string' ? names.indexOf(given) : given;
      if (!Number.isInteger(at) || at < 0 || at >= names.length)
        throw new OutOfSpaceError(
          axis,
          given,
          `the ${names.length} ${axis}s ${names.slice(0, 3).join(', ')}…`,
        );
      return at;
    },
    cellOf: (at) => {
      const row = Math.floor(at / m);
      const column = at % m;
      return { row, column, rowName: rowNames[row]!, columnName: columnNames[column]! };
    },
  };
}
