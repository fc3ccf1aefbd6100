/**
 * A forest of extremely randomized trees as a surrogate (Geurts, Ernst & Wehenkel 2006; beliefs from the trees' spread
 * as in Hutter, Hoos & Leyton-Brown 2011, "Sequential Model-Based Optimization for General Algorithm Configuration", §4.1).
 *
 * μₜ, σₜ²  mean and variance of the leaf that a point reaches in tree t
 * μ       Σ μₜ / T
 * σ²      Σ (σₜ² + μₜ²) / T − μ², the variance of the mixture
 */
import {
  type Column,
  type Dataset,
  type Matrix,
  matrix,
  type Posterior,
  type Rng,
  ShapeError,
  type Surrogate,
} from '@foothold/core';
import { positiveWhole } from '../positive-whole.ts';
import { type Growth, grown, leafAt, regrown, type Tree } from './regression-tree.ts';

export interface ExtraTreesOptions {
  readonly columns: readonly Column[];
  /** Number of trees, T, at most 100,000; 64. */
  readonly trees?: number;
  /** Observations that a leaf has at least; 1, which lets every tree pass through the data. */
  readonly leaf?: number;
  /** Columns that compete for each split; all of them. Fewer make the trees differ more. */
  readonly features?: number;
}

/** Trees of a forest at most: each keeps its leaves in memory. */
export const maxTrees = 100_000;
/** Least variance, relative to that of y: trees agree on what was observed, and an acquisition divides by the standard deviation. */
const varianceFloor = 1e-8;

/**
 * Regression for wide categorical or conditional spaces and for many observations: no gradient, no joint distribution,
 * O(T·d·n·log n). Categories are split by random subsets of their levels, integers between their cells. `condition` grows
 * only the leaves that the new points reach. Known noise is not used: with noisy data raise `leaf`.
 *
 * Between observations of different value the trees disagree, and the variance is large; far outside all observations
 * they agree on the nearest, so that it explores less than a Gaussian process. Throws InvalidArgumentError for options
 * that are not whole numbers from 1, and at the fit ShapeError for data of another width.
 */
export function extraTrees(options: ExtraTreesOptions): Surrogate {
  const { columns, trees = 64, leaf = 1, features = Math.max(1, columns.length) } = options;
  positiveWhole('trees', trees, maxTrees);
  positiveWhole('leaf', leaf);
  positiveWhole('features', features);
  return {
    fit(data, { rng }) {
      const shape = { columns, leaf, features, trees };
      return posteriorOf(forestOf(data, shape, rng), data, shape);
    },
  };
}

interface Shape extends Pick<Growth, 'columns' | 'leaf' | 'features'> {
  readonly trees: number;
}

interface Forest {
  readonly trees: readonly Tree[];
  /** Stream of each tree, for leaves that grow later. */
  readonly rng: Rng;
  readonly scale: Scale;
}

/** y = middle + size · (what the trees see), so that sums of squares of huge or tiny values stay in range. */
interface Scale {
  readonly middle: number;
  readonly size: number;
}

/** The trees of these observations. */
export function forestOf(data: Dataset, shape: Shape, rng: Rng): Forest {
  const { x, y } = data;
  if (x.columns !== shape.columns.length || x.rows !== y.length)
    throw new ShapeError(
      `${shape.columns.length} columns need x n×${shape.columns.length} and y n, not ${x.rows}×${x.columns} and ${y.length}`,
    );
  const scale = scaleOf(y);
  const seen = scaled(y, scale);
  const rows = Array.from(y.keys());
  return {
    rng,
    scale,
    trees: Array.from({ length: y.length === 0 ? 0 : shape.trees }, (_, t) =>
      grown({ ...shape, x, y: seen, rng: rng.fork(`tree ${t}`) }, rows),
    ),
  };
}

function posteriorOf(forest: Forest, data: Dataset, shape: Shape): Posterior {
  const { scale } = forest;
  return {
    why: { surrogate: 'extra-trees', trees: forest.trees.length, observations: data.y.length },
    marginals: (x) => beliefs(forest, x, shape.columns),
    condition(more) {
      if (forest.trees.length === 0) return posteriorOf(forestOf(more, shape, forest.rng), more, shape);
      const x = stacked(data.x, more.x);
      const y = Float64Array.from([...data.y, ...more.y]);
      const rows = Array.from(more.y, (_, i) => data.y.length + i);
      const trees = forest.trees.map((tree, t) => {
        const rng = forest.rng.fork(`tree ${t}`).fork(`row ${data.y.length}`);
        return regrown({ ...shape, x, y: scaled(y, scale), rng }, tree, rows);
      });
      return posteriorOf({ ...forest, trees }, { x, y }, shape);
    },
  };
}

function beliefs({ trees, scale }: Forest, x: Matrix, columns: readonly Column[]) {
  const mean = new Float64Array(x.rows);
  const variance = new Float64Array(x.rows);
  // With no observation: a standard normal, as good as any.
  if (trees.length === 0) return { mean, variance: variance.fill(1) };
  for (let i = 0; i < x.rows; i++) {
    const at = { data: x.data, offset: i * x.columns };
    let first = 0;
    let spread = 0;
    let within = 0;
    trees.forEach((tree, t) => {
      const leaf = leafAt(tree, columns, at);
      // Welford's update: μₜ − μ without cancellation.
      const gap = leaf.mean - first;
      first += gap / (t + 1);
      spread += gap * (leaf.mean - first);
      within += leaf.variance;
    });
    mean[i] = scale.middle + scale.size * first;
    const own = Math.max((spread + within) / trees.length, varianceFloor);
    variance[i] = Math.min(Math.max(own * scale.size * scale.size, Number.MIN_VALUE), Number.MAX_VALUE);
  }
  return { mean, variance };
}

/** Middle and standard deviation of y, computed so that nothing overflows; 1 where y is constant. */
function scaleOf(y: Float64Array): Scale {
  let top = 0;
  for (const v of y) top = Math.max(top, Math.abs(v));
  if (top === 0) return { middle: 0, size: 1 };
  let middle = 0;
  for (const v of y) middle += v / top / y.length;
  let variance = 0;
  for (const v of y) variance += (v / top - middle) ** 2 / y.length;
  const standardDeviation = Math.sqrt(variance);
  // Below a few roundings the values are equal.
  return standardDeviation <= 1e-14
    ? { middle: middle * top, size: top }
    : { middle: middle * top, size: standardDeviation * top };
}

function scaled(y: Float64Array, { middle, size }: Scale): Float64Array {
  return y.map((v) => v / size - middle / size);
}

function stacked(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return matrix(a.rows + b.rows, a.columns, data);
}
