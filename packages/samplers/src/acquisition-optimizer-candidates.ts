/**
 * Points to score first: some spread over the cube, some around the best observed ones.
 */
import {
  type AcquisitionProblem,
  type Column,
  levelOf,
  type Matrix,
  matrix,
  positionOf,
  type Rng,
  rowOf,
} from '@foothold/core';

/** Deviations of the perturbations around an incumbent, from near to far. */
const reaches = [0.003, 0.01, 0.03, 0.1, 0.25];

/** count×d points on the grid: about half from a stratified sample of the cube, the others near the incumbents. */
export function candidates(
  { columns, incumbents, rng, region }: Pick<AcquisitionProblem, 'columns' | 'incumbents' | 'rng' | 'region'>,
  count: number,
): Matrix {
  const d = columns.length;
  const near = incumbents.rows === 0 ? 0 : Math.floor(count / 2);
  const spread = count - near;
  const result = matrix(count, d);
  columns.forEach((column, j) => {
    const order = shuffled(spread, rng);
    const low = region?.lower[j] ?? 0;
    const high = region?.upper[j] ?? 1;
    for (let i = 0; i < spread; i++)
      result.data[i * d + j] = onGrid(column, low + ((order[i]! + rng.next()) / spread) * (high - low));
  });
  for (let i = spread; i < count; i++) {
    const base = rowOf(incumbents, (i - spread) % incumbents.rows);
    const reach = reaches[Math.floor(rng.next() * reaches.length)]!;
    // At least one column moves; in many columns few move at a time.
    const share = Math.max(1 / d, Math.min(1, rng.next() * 1.5));
    const sure = Math.floor(rng.next() * d);
    columns.forEach((column, j) => {
      const moves = j === sure || rng.next() < share;
      result.data[i * d + j] = moves ? within(moved(column, base[j]!, { reach, rng }), region, j) : base[j]!;
    });
  }
  return result;
}

function within(u: number, region: AcquisitionProblem['region'], j: number): number {
  return region ? Math.min(Math.max(u, region.lower[j]!), region.upper[j]!) : u;
}

function moved(column: Column, from: number, { reach, rng }: { reach: number; rng: Rng }): number {
  if (column.kind === 'categorical') return positionOf(column, Math.floor(rng.next() * column.levels));
  const step = reach * bell(rng);
  if (column.kind === 'continuous') return Math.min(Math.max(from + step, 0), 1);
  const to = onGrid(column, from + step);
  if (to !== from) return to;
  const level = levelOf(column, from) + (step < 0 ? -1 : 1);
  return positionOf(column, Math.min(Math.max(level, 0), column.levels - 1));
}

/** About N(0, 1), bounded: the sum of three uniform numbers. */
function bell(rng: Rng): number {
  return 2 * (rng.next() + rng.next() + rng.next() - 1.5);
}

/** The coordinate's nearest place on the column's grid. */
export function onGrid(column: Column, coordinate: number): number {
  return positionOf(column, levelOf(column, coordinate));
}

function shuffled(n: number, rng: Rng): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}
