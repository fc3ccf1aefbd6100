import { type Marginals, type Matrix, type Params, rowOf, type SearchSpace } from '@foothold/core';
import { keyOf } from './language-dataset.ts';

export interface NormalBelief {
  readonly mean: number;
  readonly variance: number;
}

/**
 * Marginals that are asked for configuration by configuration: points of the same parameters are one, and nothing is asked twice of
 * one posterior. They have no gradient.
 */
export function askedMarginals(
  space: SearchSpace,
  ask: (configurations: readonly Params[]) => Promise<readonly NormalBelief[]>,
): (x: Matrix) => Promise<Marginals> {
  const known = new Map<string, Promise<NormalBelief>>();
  return async (x) => {
    const all = Array.from({ length: x.rows }, (_, i) => space.decode(rowOf(x, i)));
    const unknown = new Map<string, Params>();
    for (const configuration of all) {
      const key = keyOf(configuration);
      if (!known.has(key)) unknown.set(key, configuration);
    }
    if (unknown.size > 0) {
      const asked = ask([...unknown.values()]);
      [...unknown.keys()].forEach((key, i) => {
        const belief = asked.then((beliefs) => beliefs[i]!);
        // A stop is no belief: the next call asks again.
        belief.catch(() => known.delete(key));
        known.set(key, belief);
      });
    }
    const beliefs = await Promise.all(all.map(async (configuration) => known.get(keyOf(configuration))!));
    return {
      mean: Float64Array.from(beliefs, ({ mean }) => mean),
      variance: Float64Array.from(beliefs, ({ variance }) => variance),
    };
  };
}
