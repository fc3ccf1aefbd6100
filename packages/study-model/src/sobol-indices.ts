/**
 * Sobol indices of a function on the unit cube by pick-freeze samples (Saltelli et al. 2010, "Variance based sensitivity analysis of
 * model output", table 2, b, c and f; Sobol 1993 for the indices).
 *
 * a, b    two samples, n×d, of one scrambled Sobol sequence of 2d columns
 * abⱼ     a with column j of b; baⱼ: b with column j of a
 * m, V    mean and variance of f over a and b
 * Tⱼ      ½ mean (f(a) − f(abⱼ))²: what goes away when all but xⱼ is known
 * Vⱼ      what xⱼ explains alone, by two estimates: V − ½ mean (f(b) − f(abⱼ))², whose error falls with what the others do, and
 *         mean (f(b) − m)(f(abⱼ) − f(a)), whose error falls with what xⱼ does. The first counts Tⱼ/V, the second the rest.
 * Vⱼₖ     V − ½ mean (f(abⱼ) − f(baₖ))² − Vⱼ − Vₖ: abⱼ and baₖ agree in columns j and k alone
 */
import { type Matrix, matrix, type Rng } from '@foothold/core';
import { sobol } from '@foothold/numerics';

/** The blocks of a sample one below the other: a, b, ab₁ … ab_k of the k inputs asked for and, where pairs are, ba₁ … ba_k. */
export interface SobolDesign {
  readonly x: Matrix;
  readonly size: number;
  /** Inputs that have indices. */
  readonly inputs: readonly number[];
  readonly pairs: boolean;
}

/** Shares of the variance; all 0 for a constant function. Estimates: they may be a little below 0. */
export interface SobolIndices {
  /** k: explained by each input alone. */
  readonly first: Float64Array;
  /** k: explained by each input with all its interactions. */
  readonly total: Float64Array;
  /** k×k, symmetric: explained by two together beyond each alone; absent in a design without pairs. */
  readonly second?: Matrix;
}

/** A design of `size` (a power of two balances it best) rows a block. Default of `inputs`: all. */
export function sobolDesign({
  dimensions: d,
  inputs = Array.from({ length: d }, (_, j) => j),
  size,
  pairs,
  rng,
}: {
  readonly dimensions: number;
  readonly inputs?: readonly number[];
  readonly size: number;
  readonly pairs: boolean;
  readonly rng: Rng;
}): SobolDesign {
  const sample = sobol({ dimensions: 2 * d, rng }).next(size).data;
  const x = matrix(size * (2 + inputs.length * (pairs ? 2 : 1)), d);
  const at = (block: 'a' | 'b', i: number, j: number) => sample[i * 2 * d + j + (block === 'a' ? 0 : d)]!;
  const fill = (index: number, value: (i: number, j: number) => number) => {
    for (let i = 0; i < size; i++)
      for (let j = 0; j < d; j++) x.data[(index * size + i) * d + j] = value(i, j);
  };
  fill(0, (i, j) => at('a', i, j));
  fill(1, (i, j) => at('b', i, j));
  for (const [k, input] of inputs.entries()) {
    fill(2 + k, (i, j) => at(j === input ? 'b' : 'a', i, j));
    if (pairs) fill(2 + inputs.length + k, (i, j) => at(j === input ? 'a' : 'b', i, j));
  }
  return { x, size, inputs, pairs };
}

/** The indices of a function from its values at the rows of the design. */
export function sobolIndices({ size, inputs, pairs }: SobolDesign, values: Float64Array): SobolIndices {
  const d = inputs.length;
  const block = (k: number) => values.subarray(k * size, (k + 1) * size);
  const [a, b] = [block(0), block(1)];
  const ab = (j: number) => block(2 + j);
  const ba = (j: number) => block(2 + d + j);
  const { mean, variance } = momentsOf(values.subarray(0, 2 * size));
  const share = (part: number) => (variance > 0 ? part / variance : 0);
  const total = Float64Array.from({ length: d }, (_, j) =>
    share(pairs ? (halfGap(a, ab(j)) + halfGap(b, ba(j))) / 2 : halfGap(a, ab(j))),
  );
  const alone = (j: number, [from, to, swapped]: readonly [Float64Array, Float64Array, Float64Array]) => {
    const weight = Math.min(total[j]!, 1);
    const product = swapped.reduce((sum, f, i) => sum + (to[i]! - mean) * (f - from[i]!), 0) / size;
    return weight * (variance - halfGap(to, swapped)) + (1 - weight) * product;
  };
  const first = Float64Array.from({ length: d }, (_, j) => {
    const one = alone(j, [a, b, ab(j)]);
    return share(pairs ? (one + alone(j, [b, a, ba(j)])) / 2 : one);
  });
  if (!pairs) return { first, total };
  const second = matrix(d, d);
  for (let j = 0; j < d; j++)
    for (let k = 0; k < j; k++) {
      const closed = variance - (halfGap(ab(j), ba(k)) + halfGap(ab(k), ba(j))) / 2;
      const own = share(closed) - first[j]! - first[k]!;
      second.data[j * d + k] = own;
      second.data[k * d + j] = own;
    }
  return { first, total, second };
}

/** ½ mean (p − q)². */
function halfGap(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += (p[i]! - q[i]!) ** 2;
  return sum / (2 * p.length);
}

function momentsOf(values: Float64Array): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  const size = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  // What rounding leaves of a constant is no variation.
  return { mean, variance: variance > (1e-12 * size) ** 2 ? variance : 0 };
}
