/**
 * Functional analysis of variance on trees (Hutter, Hoos & Leyton-Brown 2014, "An Efficient Approach for Assessing
 * Hyperparameter Importance", eqs. 3–7; Hooker 2007 for the decomposition).
 *
 * f      a tree: constant c on each leaf's box B, whose volume in the unit cube is |B|
 * f₀     Σ c·|B|, V = Σ c²·|B| − f₀²
 * a_U    the marginal of the parameters U: the mean of f over all others
 * V_U    ∫ a_U² − f₀², less the V of the proper subsets of U; ∫ a_U² is a sum over pairs of leaves
 */
import {
  type Column,
  type Direction,
  datasetOf,
  type Params,
  type SearchSpace,
  seeded,
  type Trial,
} from '@foothold/core';
import { positiveWhole } from '../positive-whole.ts';
import { forestOf, maxTrees } from './extra-trees.ts';
import { commonLevels, complementOf, everyLevel, intersectionOf, type LevelSet } from './level-set.ts';
import { type Cut, isLeaf, type Tree } from './regression-tree.ts';

export interface ImportanceOptions {
  readonly direction: Direction;
  /** Also what pairs of parameters explain together, beyond each alone. */
  readonly pairs?: boolean;
  /** Number of trees, at most 100,000; 32. */
  readonly trees?: number;
  /** Trials that a leaf has at least; 1 up to 200 finished trials, then as many as keep 200 leaves. */
  readonly leaf?: number;
  readonly seed?: number | string;
}

export interface Importance {
  /** A parameter, or `a × b` for a pair. */
  readonly name: string;
  readonly parameters: readonly string[];
  /** Share of the variance over the whole space that it explains, in [0, 1], averaged over the trees. */
  readonly share: number;
  /** The shares of nine in ten trees lie between. */
  readonly low: number;
  readonly high: number;
}

/**
 * How much of the value's variation over the space each parameter explains: all parameters in the space's order, then,
 * where asked for, all pairs. The sum is at most 1; the rest is interaction of more parameters than were asked for.
 *
 * The space is weighed uniformly in the unit cube: logarithmic parameters by their logarithm, each category the same,
 * inactive conditional parameters at their default. Failed trials and outliers (`datasetOf`) count as worse than the worst. Equal values, or
 * fewer than two finished trials, give shares of 0. Throws InvalidArgumentError for options that are not whole numbers
 * from 1.
 */
export function importance<P extends Params>(
  space: SearchSpace<P>,
  trials: readonly Trial<P>[],
  options: ImportanceOptions,
): readonly Importance[] {
  const { columns } = space;
  const data = datasetOf(space, trials, options.direction);
  const { trees = 32, leaf = Math.max(1, Math.ceil(data.y.length / 200)), seed = 0 } = options;
  positiveWhole('trees', trees, maxTrees);
  positiveWhole('leaf', leaf);

  const shape = { columns, leaf, features: columns.length, trees };
  const forest = forestOf(data, shape, seeded(seed).fork('importance'));
  const subsets: (readonly number[])[] = columns.map((_, j) => [j]);
  if (options.pairs)
    for (let i = 0; i < columns.length; i++)
      for (let j = i + 1; j < columns.length; j++) subsets.push([i, j]);
  const shares = forest.trees.flatMap((tree) => {
    const found = sharesOf(boxesOf(tree, columns), columns, subsets);
    return found ? [found] : [];
  });
  return subsets.map((subset, k) => {
    const sorted = Float64Array.from(shares, (of) => of[k]!).sort();
    const parameters = subset.map((j) => columns[j]!.name);
    return {
      name: parameters.join(' × '),
      parameters,
      share: sorted.reduce((sum, v) => sum + v, 0) / Math.max(sorted.length, 1),
      low: quantile(sorted, 0.05),
      high: quantile(sorted, 0.95),
    };
  });
}

/** The part of the unit cube that a leaf covers. */
export interface Box {
  readonly value: number;
  /** Side of each column: an interval, or a set of a category's levels. */
  readonly sides: readonly Side[];
}
type Side = { readonly low: number; readonly high: number } | { readonly levels: LevelSet };

/** The leaves of a tree as boxes that tile the unit cube. */
export function boxesOf(tree: Tree, columns: readonly Column[]): readonly Box[] {
  const boxes: Box[] = [];
  const visit = (node: Tree, sides: readonly Side[]): void => {
    if (isLeaf(node)) {
      boxes.push({ value: node.mean, sides });
      return;
    }
    const [low, high] = cutSide(sides[node.column]!, node.cut);
    visit(node.low, sides.with(node.column, low));
    visit(node.high, sides.with(node.column, high));
  };
  visit(
    tree,
    columns.map((column) => (column.kind === 'categorical' ? { levels: everyLevel } : { low: 0, high: 1 })),
  );
  return boxes;
}

/**
 * Share of each subset of columns, lower ones before those that contain them; undefined for a constant tree. Boxes must
 * tile the unit cube.
 */
export function sharesOf(
  boxes: readonly Box[],
  columns: readonly Column[],
  subsets: readonly (readonly number[])[],
): Float64Array | undefined {
  const lengths = boxes.map(({ sides }) => sides.map((side, j) => lengthOf(side, side, columns[j]!)));
  const volumes = lengths.map((of) => of.reduce((product, l) => product * l, 1));
  const mean = boxes.reduce((sum, { value }, i) => sum + value * volumes[i]!, 0);
  const centred = boxes.map(({ value }) => value - mean);
  const total = centred.reduce((sum, c, i) => sum + c * c * volumes[i]!, 0);
  if (!(total > 0)) return undefined;
  const known = new Map<string, number>();
  return Float64Array.from(subsets, (subset) => {
    // c·|B| over the columns outside U: what the leaf adds to a_U wherever its sides in U hold.
    const weight = centred.map((c, i) =>
      subset.reduce((product, j) => product / lengths[i]![j]!, c * volumes[i]!),
    );
    let squares = 0;
    for (let p = 0; p < boxes.length; p++)
      for (let q = 0; q <= p; q++) {
        let overlap = p === q ? 1 : 2;
        for (const j of subset) {
          overlap *= lengthOf(boxes[p]!.sides[j]!, boxes[q]!.sides[j]!, columns[j]!);
          if (overlap === 0) break;
        }
        squares += overlap * weight[p]! * weight[q]!;
      }
    const below = subset.length === 1 ? 0 : subset.reduce((sum, j) => sum + (known.get(`${j}`) ?? 0), 0);
    const share = Math.min(Math.max(squares / total - below, 0), 1);
    if (subset.length === 1) known.set(`${subset[0]}`, share);
    return share;
  });
}

/** Length of what two sides have in common, as a share of the column. */
function lengthOf(a: Side, b: Side, column: Column): number {
  if ('low' in a && 'low' in b) return Math.max(0, Math.min(a.high, b.high) - Math.max(a.low, b.low));
  if (!('levels' in a && 'levels' in b) || column.kind !== 'categorical') return 0;
  return commonLevels(a.levels, b.levels, column.levels) / column.levels;
}

function cutSide(side: Side, cut: Cut): readonly [low: Side, high: Side] {
  if ('low' in side && 'threshold' in cut)
    return [
      { low: side.low, high: cut.threshold },
      { low: cut.threshold, high: side.high },
    ];
  if (!('levels' in side && 'levels' in cut)) return [side, side];
  return [
    { levels: intersectionOf(side.levels, cut.levels) },
    { levels: intersectionOf(side.levels, complementOf(cut.levels)) },
  ];
}

function quantile(sorted: Float64Array, p: number): number {
  return sorted[Math.round(p * (sorted.length - 1))] ?? 0;
}
