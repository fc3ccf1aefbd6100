/** Boxes of the non-dominated region, arranged so that no part of a box's formula is computed twice. */
import type { Boxes } from '@foothold/numerics';

/** One objective: its edges, and the pairs of them that boxes have. */
export interface ObjectivePlan {
  /** Finite edges, each once. */
  readonly edges: Float64Array;
  /** Indices of lower and upper edges of each pair; −1 for an upper edge at ∞. */
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  /** The pair of each box. */
  readonly pairOf: Int32Array;
}

/** The plan of each of the m objectives. */
export function hypervolumePlan({ count, lower, upper }: Boxes, m: number): readonly ObjectivePlan[] {
  return Array.from({ length: m }, (_, j): ObjectivePlan => {
    const edges = new Map<number, number>();
    const indexOf = (edge: number) => {
      if (edge === Infinity) return -1;
      const known = edges.get(edge);
      if (known === undefined) edges.set(edge, edges.size);
      return known ?? edges.size - 1;
    };
    const pairs = new Map<string, number>();
    const lows: number[] = [];
    const highs: number[] = [];
    const pairOf = Int32Array.from({ length: count }, (_, k) => {
      const low = indexOf(lower[k * m + j]!);
      const high = indexOf(upper[k * m + j]!);
      const key = `${low} ${high}`;
      const known = pairs.get(key);
      if (known !== undefined) return known;
      lows.push(low);
      highs.push(high);
      pairs.set(key, pairs.size);
      return pairs.size - 1;
    });
    return {
      edges: Float64Array.from(edges.keys()),
      lower: Int32Array.from(lows),
      upper: Int32Array.from(highs),
      pairOf,
    };
  });
}
