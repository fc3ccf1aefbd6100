import type { Rng } from '@foothold/core';

/** A cell of the matrix by index. */
export interface CellIndex {
  readonly row: number;
  readonly column: number;
}

export interface InitialCellsOptions {
  readonly rows: number;
  readonly columns: number;
  /** Cells wanted in every column, those in `taken` counted. */
  readonly perColumn: number;
  /** Share of the last pass that is planned here; the other columns' last cell is left to the model. 1 plans all. */
  readonly lastPass: number;
  readonly rng: Rng;
  /** True where the cell is observed or pending. */
  readonly taken: (row: number, column: number) => boolean;
}

/**
 * A first design: `perColumn` cells in every column, pass by pass, each pass with one cell a column and its rows spread evenly
 * over all rows in an order that is independent of the other passes, so that the pairs of a column lie at all distances.
 */
export function initialCells(options: InitialCellsOptions): readonly CellIndex[] {
  const { rows, columns, perColumn, lastPass, rng, taken } = options;
  const count = new Int32Array(columns);
  for (let j = 0; j < columns; j++) for (let i = 0; i < rows; i++) if (taken(i, j)) count[j]!++;
  const cells: CellIndex[] = [];
  const chosen = new Set<number>();
  const free = (i: number, j: number): boolean => !taken(i, j) && !chosen.has(i * columns + j);
  for (let pass = 0; pass < Math.min(perColumn, rows); pass++) {
    const order = shuffled(columns, rng);
    const stratum = shuffled(columns, rng);
    const shift = rng.next();
    const planned = pass === perColumn - 1 && pass > 0 ? Math.ceil(lastPass * columns) : columns;
    for (let c = 0; c < planned; c++) {
      const column = order[c]!;
      if (count[column]! >= Math.min(perColumn, rows)) continue;
      let row = Math.floor(((stratum[c]! + shift) / columns) * rows) % rows;
      for (let tries = 0; tries < rows && !free(row, column); tries++) row = (row + 1) % rows;
      if (!free(row, column)) continue;
      chosen.add(row * columns + column);
      count[column]!++;
      cells.push({ row, column });
    }
  }
  return cells;
}

/** 0 … n − 1 in random order (Fisher, Yates). */
export function shuffled(n: number, rng: Rng): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const k = Math.floor(rng.next() * (i + 1));
    [order[i], order[k]] = [order[k]!, order[i]!];
  }
  return order;
}
