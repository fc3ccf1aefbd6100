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
} from '@foothold/core';

/** Standard deviations of the perturbations around an incumbent, from near to far. */
const reaches = [0.003, 0.01, 0.03, 0.1, 0.25];

type Around = Pick<AcquisitionProblem, 'columns' | 'incumbents' | 'rng' | 'region' | 'draw'>;

/** count×d points on the grid: about half from a stratified sample of the cube, or from `draw`, the others near the incumbents. */
export function rawSamples(around: Around, count: number): Matrix {
  const { columns, incumbents } = around;
  const near = incumbents.rows === 0 ? 0 : Math.floor(count / 2);
  const spread = count - near;
  const result = matrix(count, columns.length);
  for (let j = 0; j < columns.length; j++) fillColumn(result, j, { around, spread });
  if (around.draw && !around.region)
    for (let i = 0; i < spread; i++) {
      const drawn = around.draw(around.rng);
      if (drawn) result.data.set(drawn, i * columns.length);
    }
  for (let i = spread; i < count; i++)
    fillRow(result, i, { around, incumbent: (i - spread) % incumbents.rows });
  return result;
}

/** Column j of the first rows: one coordinate in each of `spread` strips. */
function fillColumn(points: Matrix, j: number, { around, spread }: { around: Around; spread: number }): void {
  const { columns, rng, region } = around;
  const { data, columns: d } = points;
  const column = columns[j]!;
  const order = shuffled(spread, rng);
  const low = region?.lower[j] ?? 0;
  const width = (region?.upper[j] ?? 1) - low;
  for (let i = 0, at = j; i < spread; i++, at += d)
    data[at] = onGrid(column, low + ((order[i]! + rng.next()) / spread) * width);
}

/** Row i: a perturbed incumbent. */
function fillRow(
  points: Matrix,
  i: number,
  { around, incumbent }: { around: Around; incumbent: number },
): void {
  const { columns, incumbents, rng, region } = around;
  const d = columns.length;
  const reach = reaches[Math.floor(rng.next() * reaches.length)]!;
  // At least one column moves; in many columns few move at a time.
  const share = Math.max(1 / d, Math.min(1, rng.next() * 1.5));
  const sure = Math.floor(rng.next() * d);
  for (let j = 0; j < d; j++) {
    const from = incumbents.data[incumbent * d + j]!;
    const moves = j === sure || rng.next() < share;
    points.data[i * d + j] = moves
      ? onGrid(columns[j]!, within(moved(columns[j]!, from, { reach, rng }), region, j))
      : from;
  }
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

/** The grid coordinate of the column that is nearest to this one. */
export function onGrid(column: Column, coordinate: number): number {
  if (column.kind === 'continuous') return Math.min(Math.max(coordinate, 0), 1);
  return positionOf(column, levelOf(column, coordinate));
}

function shuffled(n: number, rng: Rng): Uint32Array {
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}
