/** The explanation of every transfer method in one shape, under `transfer` of the `why` of a posterior or a proposal. */
import type { Why } from './trial.ts';

/** A source's part in one posterior. */
export interface SourceWeight {
  readonly name: string;
  /** Part of the posterior that rests on this source, in [0, 1]. */
  readonly weight: number;
  /** Estimated correlation of the source with the new task, in [−1, 1], where the method has one. */
  readonly correlation?: number;
}

/** `why.transfer`: JSON. */
export interface TransferWhy extends Why {
  /** The method's name: `auto`, `ranking-weighted`, … */
  readonly method: string;
  /** The sources that took part, the heaviest first, at most 20 of them. */
  readonly sources: readonly (SourceWeight & Why)[];
  /** Weight of the sources in the posterior, in [0, 1]: the sum of their weights. The new study alone has the rest. */
  readonly gate: number;
}

const maxSourcesShown = 20;

/**
 * The common shape. `weights` are parallel to `names`; their sum is the gate. What else a method
 * explains goes into `more`.
 */
export function transferWhy(
  method: string,
  { names, weights, correlations }: SourceWeights,
  more: Why = {},
): { readonly transfer: TransferWhy } {
  const sources = names.map((name, j) => ({
    name,
    weight: Math.min(Math.max(weights[j]!, 0), 1),
    ...(correlations && { correlation: correlations[j]! }),
  }));
  const gate = weights.reduce((a, b) => a + b, 0);
  return {
    transfer: {
      method,
      sources: sources.sort((a, b) => b.weight - a.weight).slice(0, maxSourcesShown),
      gate: Math.min(Math.max(gate, 0), 1),
      ...more,
    },
  };
}

export interface SourceWeights {
  readonly names: readonly string[];
  readonly weights: readonly number[];
  readonly correlations?: readonly number[] | undefined;
}
