import { InvalidArgumentError, type Matrix, ShapeError, UnsupportedError } from '@foothold/core';
import { checkedScore } from './checked.ts';
import { gaussianFilter } from './gaussian-filter.ts';
import type { CheckpointOptions, CheckpointTarget, ColumnOption } from './options.ts';

/** A problem whose every part has been checked. */
export interface ScoreProblem {
  readonly rowNames: readonly string[];
  readonly columnNames: readonly string[];
  /** Positions of the rows, or undefined where they are unordered. */
  readonly positions: Float64Array | undefined;
  /** Distances as shares of the span, R×R. */
  readonly distance: Float64Array | undefined;
  readonly filter: Float64Array | undefined;
  /** Weights sum to 1. */
  readonly weights: Float64Array;
  /** 1 where larger is better, −1 otherwise. */
  readonly sign: Float64Array;
  readonly noise: Float64Array;
  readonly normalize: boolean;
  readonly target: CheckpointTarget;
  readonly cost: (row: number, column: number) => number;
  /** Known scores as they are, R×m, NaN where unobserved. */
  readonly scores: Float64Array;
}

/** The problem of these options. Throws InvalidArgumentError, ShapeError and UnsupportedError. */
export function validated(options: CheckpointOptions): ScoreProblem {
  const rowNames = namesOf('rows', options.rows);
  const columnNames = namesOf('columns', options.columns);
  const R = rowNames.length;
  const m = columnNames.length;
  if (R < 2) throw new InvalidArgumentError('rows', R, 'two rows or more');
  if (m < 1) throw new InvalidArgumentError('columns', m, 'one column or more');
  const positions = positionsOf(options);
  const target = options.target ?? 'mean';
  if (!['mean', 'smooth', 'worst-task', 'every-task'].includes(target))
    throw new InvalidArgumentError('target', target, "'mean', 'smooth', 'worst-task' or 'every-task'");
  if (target === 'smooth' && !positions)
    throw new UnsupportedError("target 'smooth'", 'a study of unordered rows', 'give every row a position');
  const columns = options.columns.map((c) => (typeof c === 'string' ? { name: c } : c));
  const weights = figuresOf(columns, 'weight', 1);
  const total = weights.reduce((a, b) => a + b, 0);
  if (!(total > 0)) throw new InvalidArgumentError('weights', total, 'at least one positive weight');
  const cost = costOf(options, columns, { rowNames, columnNames });
  const sign = Float64Array.from(columns, signOf);
  const scores =
    options.scores === undefined
      ? new Float64Array(R * m).fill(Number.NaN)
      : grid('scores', options.scores, [R, m]);
  checkScores(scores, { rowNames, columnNames, allowEmpty: options.allowEmptyColumns ?? false });
  return {
    rowNames,
    columnNames,
    positions,
    distance: positions && distancesOf(positions),
    filter: target === 'smooth' && positions ? rowFilter(positions) : undefined,
    weights: weights.map((w) => w / total),
    sign,
    noise: figuresOf(columns, 'noise', 0),
    normalize: options.normalize ?? (target !== 'every-task' && sign.some((s) => s !== sign[0])),
    target,
    cost,
    scores,
  };
}

type NamedColumn = Exclude<ColumnOption, string>;

/** A figure of each column, from 0. */
function figuresOf(
  columns: readonly NamedColumn[],
  key: 'cost' | 'weight' | 'noise',
  fallback: number,
): Float64Array {
  return Float64Array.from(columns, (column) => {
    const v = column[key] ?? fallback;
    if (!Number.isFinite(v) || v < 0 || (key === 'cost' && v === 0))
      throw new InvalidArgumentError(
        `${key} of column ${column.name}`,
        v,
        key === 'cost' ? 'a positive number' : 'a number from 0',
      );
    return v;
  });
}

function signOf({ name, direction = 'maximize' }: NamedColumn): 1 | -1 {
  if (direction !== 'maximize' && direction !== 'minimize')
    throw new InvalidArgumentError(`direction of column ${name}`, direction, "'maximize' or 'minimize'");
  return direction === 'maximize' ? 1 : -1;
}

/** The cost of each cell: its own, or that of its column. */
function costOf(
  { costs }: CheckpointOptions,
  columns: readonly NamedColumn[],
  {
    rowNames,
    columnNames,
  }: { readonly rowNames: readonly string[]; readonly columnNames: readonly string[] },
): ScoreProblem['cost'] {
  const m = columns.length;
  const columnCosts = figuresOf(columns, 'cost', 1);
  if (costs === undefined) return (_, j) => columnCosts[j]!;
  const cells = grid('costs', costs, [rowNames.length, m]);
  cells.forEach((v, at) => {
    if (!(v > 0) || v === Number.POSITIVE_INFINITY)
      throw new InvalidArgumentError(
        `cost of cell (${rowNames[Math.floor(at / m)]}, ${columnNames[at % m]})`,
        v,
        'a positive number',
      );
  });
  return (i, j) => cells[i * m + j]!;
}

function namesOf(
  argument: 'rows' | 'columns',
  items: CheckpointOptions['rows'] | CheckpointOptions['columns'],
): string[] {
  if (!Array.isArray(items)) throw new InvalidArgumentError(argument, items, 'a list');
  const names = items.map((item) => (typeof item === 'object' ? item?.name : String(item)));
  const seen = new Set<string>();
  for (const name of names) {
    if (typeof name !== 'string' || name === '')
      throw new InvalidArgumentError(`${argument} name`, name, 'a text that is not empty');
    if (seen.has(name)) throw new InvalidArgumentError(`${argument} name`, name, 'a name that occurs once');
    seen.add(name);
  }
  return names;
}

function positionsOf({ rows }: CheckpointOptions): Float64Array | undefined {
  const found = rows.map((r) => (typeof r === 'number' ? r : typeof r === 'string' ? undefined : r.position));
  const given = found.filter((p) => p !== undefined);
  if (given.length === 0) return undefined;
  if (given.length < found.length)
    throw new InvalidArgumentError(
      'rows',
      `${given.length} of ${found.length} positions`,
      'a position for every row or for none',
    );
  for (const p of given)
    if (!Number.isFinite(p)) throw new InvalidArgumentError('position of a row', p, 'a finite number');
  const positions = Float64Array.from(given);
  if (positions.every((p) => p === positions[0]))
    throw new InvalidArgumentError('positions', positions[0], 'positions that differ');
  return positions;
}

function distancesOf(positions: Float64Array): Float64Array {
  const R = positions.length;
  const span = positions.reduce((a, b) => Math.max(a, b)) - positions.reduce((a, b) => Math.min(a, b));
  const distance = new Float64Array(R * R);
  for (let i = 0; i < R; i++)
    for (let k = 0; k < R; k++) distance[i * R + k] = Math.abs(positions[i]! - positions[k]!) / span;
  return distance;
}

/** The Gaussian filter in the order of the positions. */
function rowFilter(positions: Float64Array): Float64Array {
  const R = positions.length;
  const order = Array.from(positions.keys()).sort((a, b) => positions[a]! - positions[b]!);
  const sorted = gaussianFilter(R, R / 15);
  const filter = new Float64Array(R * R);
  for (let a = 0; a < R; a++)
    for (let b = 0; b < R; b++) filter[order[a]! * R + order[b]!] = sorted[a * R + b]!;
  return filter;
}

function grid(
  argument: string,
  given: Matrix | readonly (readonly (number | null | undefined)[])[],
  [R, m]: readonly [number, number],
): Float64Array {
  if ('data' in given) {
    if (given.rows !== R || given.columns !== m || given.data.length !== R * m)
      throw new ShapeError(`${argument} is ${given.rows}×${given.columns}, not ${R}×${m}`);
    return given.data.slice();
  }
  if (given.length !== R) throw new ShapeError(`${argument} has ${given.length} rows, not ${R}`);
  const flat = new Float64Array(R * m);
  given.forEach((row, i) => {
    if (row.length !== m) throw new ShapeError(`row ${i} of ${argument} has ${row.length} entries, not ${m}`);
    row.forEach((v, j) => {
      flat[i * m + j] = v ?? Number.NaN;
    });
  });
  return flat;
}

function checkScores(
  scores: Float64Array,
  names: {
    readonly rowNames: readonly string[];
    readonly columnNames: readonly string[];
    readonly allowEmpty: boolean;
  },
): void {
  const m = names.columnNames.length;
  const count = new Int32Array(m);
  scores.forEach((v, at) => {
    if (Number.isNaN(v)) return;
    checkedScore(v, { rowName: names.rowNames[Math.floor(at / m)]!, columnName: names.columnNames[at % m]! });
    count[at % m]!++;
  });
  const empty = count.indexOf(0);
  if (!names.allowEmpty && empty >= 0 && count.some((c) => c > 0))
    throw new InvalidArgumentError(
      `scores of column ${names.columnNames[empty]}`,
      'none',
      'at least one score in every column, or allowEmptyColumns',
    );
}
