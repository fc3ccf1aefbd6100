/**
 * One extremely randomized regression tree (Geurts, Ernst & Wehenkel 2006, "Extremely Randomized Trees", table 1).
 *
 * x, y  points of the unit cube, n×d, and their values, n
 * S     rows that reach a node; a cut of S is scored by the share of the sum of squares that it explains
 */
import { type Column, levelOf, lowerEdge, type Matrix, type Rng } from '@foothold/core';
import { hasLevel, type LevelSet } from './level-set.ts';

export interface Leaf {
  readonly rows: readonly number[];
  readonly mean: number;
  /** Variance of the rows, divided by their number. */
  readonly variance: number;
}

export interface Split {
  readonly column: number;
  readonly cut: Cut;
  readonly low: Tree;
  readonly high: Tree;
}

/** Points below the threshold, or with a level in `levels`, go to `low`. */
export type Cut = { readonly threshold: number } | { readonly levels: LevelSet };

export type Tree = Leaf | Split;

export interface Growth {
  readonly columns: readonly Column[];
  readonly x: Matrix;
  readonly y: Float64Array;
  /** Rows that a leaf has at least. */
  readonly leaf: number;
  /** Columns that compete for each split, K. */
  readonly features: number;
  readonly rng: Rng;
}

export function isLeaf(tree: Tree): tree is Leaf {
  return 'rows' in tree;
}

/** The tree of these rows: of K random cuts the one that explains most, until leaves are small or constant. */
export function grown(growth: Growth, rows: readonly number[]): Tree {
  if (rows.length < 2 * growth.leaf || isConstant(growth.y, rows)) return leafOf(growth.y, rows);
  const order = growth.columns.map((_, j) => j);
  let left = growth.features;
  let best: { readonly column: number; readonly cut: Cut; readonly gain: number } | undefined;
  for (let i = 0; i < order.length && left > 0; i++) {
    const pick = i + Math.floor(growth.rng.next() * (order.length - i));
    const column = order[pick]!;
    order[pick] = order[i]!;
    const cut = randomCut(growth, rows, column);
    if (!cut) continue;
    left--;
    const gain = gainOf(growth, rows, { column, cut });
    if (gain > (best?.gain ?? -Infinity)) best = { column, cut, gain };
  }
  if (!best) return leafOf(growth.y, rows);
  const { column, cut } = best;
  const [low, high] = divided(growth, rows, { column, cut });
  return { column, cut, low: grown(growth, low), high: grown(growth, high) };
}

/** The same tree after further rows: only the leaves that they reach are grown again. */
export function regrown(growth: Growth, tree: Tree, more: readonly number[]): Tree {
  if (more.length === 0) return tree;
  if (isLeaf(tree)) return grown(growth, [...tree.rows, ...more]);
  const [low, high] = divided(growth, more, tree);
  return { ...tree, low: regrown(growth, tree.low, low), high: regrown(growth, tree.high, high) };
}

/** The leaf of a point that starts at `offset` in `data`. */
export function leafAt(
  tree: Tree,
  columns: readonly Column[],
  { data, offset }: { readonly data: Float64Array; readonly offset: number },
): Leaf {
  let node = tree;
  while (!isLeaf(node))
    node = goesLow(columns[node.column]!, node.cut, data[offset + node.column]!) ? node.low : node.high;
  return node;
}

export function goesLow(column: Column, cut: Cut, coordinate: number): boolean {
  return 'threshold' in cut ? coordinate < cut.threshold : hasLevel(cut.levels, levelOf(column, coordinate));
}

function leafOf(y: Float64Array, rows: readonly number[]): Leaf {
  let mean = 0;
  for (const i of rows) mean += y[i]! / rows.length;
  let variance = 0;
  for (const i of rows) variance += (y[i]! - mean) ** 2 / rows.length;
  return { rows, mean, variance };
}

function isConstant(y: Float64Array, rows: readonly number[]): boolean {
  const first = y[rows[0]!];
  return rows.every((i) => y[i] === first);
}

/** A cut of this column that leaves rows on both sides; undefined where all rows are equal. */
function randomCut(growth: Growth, rows: readonly number[], j: number): Cut | undefined {
  const column = growth.columns[j]!;
  const { data, columns: d } = growth.x;
  if (column.kind === 'categorical') return randomSubset(growth, rows, { j, levels: column.levels });
  let low = Infinity;
  let high = -Infinity;
  for (const i of rows) {
    const u = data[i * d + j]!;
    if (u < low) low = u;
    if (u > high) high = u;
  }
  if (!(low < high)) return undefined;
  if (column.kind === 'continuous') {
    // Above `low` even where rounding would make the cut equal to it.
    const threshold = low + (1 - growth.rng.next()) * (high - low);
    return { threshold: threshold > low && threshold <= high ? threshold : high };
  }
  const first = levelOf(column, low);
  const last = levelOf(column, high);
  if (first === last) return undefined;
  return { threshold: lowerEdge(column, first + 1 + Math.floor(growth.rng.next() * (last - first))) };
}

/** Levels that do not occur fall by a coin each up to this number of levels, beyond it by one coin together. */
const maxListed = 256;

/** A random part of the levels that occur, neither none nor all; levels that do not occur fall by a coin. */
function randomSubset(
  { x, columns, rng }: Growth,
  rows: readonly number[],
  { j, levels }: { readonly j: number; readonly levels: number },
): Cut | undefined {
  const present = new Set<number>();
  for (const i of rows) present.add(levelOf(columns[j]!, x.data[i * x.columns + j]!));
  if (present.size < 2) return undefined;
  const found = [...present].sort((a, b) => a - b);
  const all = levels <= maxListed ? Array.from({ length: levels }, (_, level) => level) : found;
  const listed = new Map(all.map((level) => [level, rng.next() < 0.5]));
  const others = levels > maxListed && rng.next() < 0.5;
  const inside = found.filter((level) => listed.get(level)).length;
  if (inside === 0 || inside === found.length)
    listed.set(found[Math.floor(rng.next() * found.length)]!, inside === 0);
  return { levels: { listed, others } };
}

function divided(
  { x, columns }: Growth,
  rows: readonly number[],
  { column, cut }: { readonly column: number; readonly cut: Cut },
): readonly [low: number[], high: number[]] {
  const low: number[] = [];
  const high: number[] = [];
  for (const i of rows)
    (goesLow(columns[column]!, cut, x.data[i * x.columns + column]!) ? low : high).push(i);
  return [low, high];
}

/** Explained sum of squares, up to a constant of the node: ΣL²/nL + ΣR²/nR; −∞ where a side is too small. */
function gainOf(
  { x, y, columns, leaf }: Growth,
  rows: readonly number[],
  { column, cut }: { readonly column: number; readonly cut: Cut },
): number {
  let count = 0;
  let low = 0;
  let total = 0;
  for (const i of rows) {
    total += y[i]!;
    if (!goesLow(columns[column]!, cut, x.data[i * x.columns + column]!)) continue;
    count++;
    low += y[i]!;
  }
  const rest = rows.length - count;
  return count < leaf || rest < leaf ? -Infinity : (low * low) / count + (total - low) ** 2 / rest;
}
