import { CellConflictError } from './errors.ts';
import type { KnownCell } from './fitted-belief.ts';

/** Known and pending cells of a score matrix of R rows and m columns. Cell (i, j) has the index i·m + j. */
export interface CellStore {
  /** m */
  readonly columns: number;
  /** Scores, R·m; NaN where unknown. */
  readonly values: Float64Array;
  /** Known cells in the order in which they became known. */
  readonly cells: readonly KnownCell[];
  /** Indices of pending cells. */
  readonly pending: Set<number>;
  /** Keeps a score; the new cell, or undefined when it was known already. Throws CellConflictError for another score. */
  record(row: number, column: number, value: number): KnownCell | undefined;
  /** True for a cell that is neither known nor pending. */
  isFree(row: number, column: number): boolean;
  /** Known and pending cells by column, m. */
  counts(): Int32Array;
  /** Known cells of a column. */
  knownIn(column: number): number;
}

/** A store without cells. */
export function cellStore(rowNames: readonly string[], columnNames: readonly string[]): CellStore {
  const m = columnNames.length;
  const values = new Float64Array(rowNames.length * m).fill(Number.NaN);
  const cells: KnownCell[] = [];
  const pending = new Set<number>();
  const isFree = (row: number, column: number) => {
    const at = row * m + column;
    return Number.isNaN(values[at]!) && !pending.has(at);
  };
  return {
    columns: m,
    values,
    cells,
    pending,
    isFree,
    record(row, column, value) {
      const at = row * m + column;
      const known = values[at]!;
      if (known === value) return undefined;
      if (!Number.isNaN(known))
        throw new CellConflictError({
          row: rowNames[row]!,
          column: columnNames[column]!,
          known,
          told: value,
        });
      values[at] = value;
      pending.delete(at);
      const cell = { row, column, value };
      cells.push(cell);
      return cell;
    },
    counts() {
      const counts = new Int32Array(m);
      for (let i = 0; i < rowNames.length; i++) for (let j = 0; j < m; j++) if (!isFree(i, j)) counts[j]!++;
      return counts;
    },
    knownIn(column) {
      let known = 0;
      for (let i = 0; i < rowNames.length; i++) if (!Number.isNaN(values[i * m + column]!)) known++;
      return known;
    },
  };
}
