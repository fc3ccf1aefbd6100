/**
 * A run of CMA-ES as a fold over generations, with restarts (Auger & Hansen 2005, "A Restart CMA Evolution Strategy With
 * Increasing Population Size"; stopping as in Hansen 2016, §B.3).
 */
import { type Column, largestOf, seeded, smallestOf } from '@foothold/core';
import { type Distribution, type Start, startOf, updated } from './distribution.ts';
import { withMargin } from './margin.ts';

export interface Run {
  readonly distribution: Distribution;
  /** Generations since the very first, restarts included. */
  readonly generation: number;
  readonly restarts: number;
  /** Step size at a cold start. */
  readonly sigma: number;
  /** Best value of each of the last generations since the restart. */
  readonly bests: readonly number[];
}

/** An evaluated point, with the generation that it was drawn in. Smaller order first; Infinity for failures. */
export interface Evaluated {
  readonly point: Float64Array;
  readonly generation: number;
  readonly violation: number;
  readonly value: number;
}

export function runFrom(start: Start, columns: readonly Column[], sigma: number): Run {
  return { distribution: withMargin(startOf(start), columns), generation: 0, restarts: 0, sigma, bests: [] };
}

/** After one more generation of λ points; `seed` chooses where a restart begins. */
export function advanced(
  run: Run,
  members: readonly Evaluated[],
  { columns, seed }: { readonly columns: readonly Column[]; readonly seed: number },
): Run {
  const order = [...members].sort((a, b) => a.violation - b.violation || a.value - b.value || 0);
  const generation = run.generation + 1;
  const best = order[0]!;
  // Without one value there is nothing to learn.
  if (best.violation === Infinity) return { ...run, generation };
  const next = updated(
    run.distribution,
    order.map((m) => ({ point: m.point, own: m.generation === run.generation })),
  );
  const d = columns.length;
  const { population } = next;
  const window = 10 + Math.ceil((30 * d) / population);
  const bests = [...run.bests, best.violation > 0 ? best.violation : best.value].slice(-window);
  if (!hasConverged(next, { bests, window, sigma: run.sigma })) {
    const widest = largestOf(next.lengths);
    const bounded = { ...next, sigma: Math.min(next.sigma, 1 / widest) };
    return { ...run, distribution: withMargin(bounded, columns), generation, bests };
  }
  const rng = seeded(seed).fork(`restart ${run.restarts}`);
  const mean = Float64Array.from(columns, () => rng.next());
  const cold = startOf({ mean, sigma: run.sigma, population: 2 * population });
  return {
    ...run,
    distribution: withMargin(cold, columns),
    generation,
    restarts: run.restarts + 1,
    bests: [],
  };
}

function hasConverged(
  { sigma, lengths }: Distribution,
  {
    bests,
    window,
    sigma: first,
  }: { readonly bests: readonly number[]; readonly window: number; readonly sigma: number },
): boolean {
  const widest = largestOf(lengths);
  const narrowest = smallestOf(lengths);
  if (!(sigma * widest > 1e-12 * first)) return true; // no step is left that changes a coordinate
  if (!(narrowest > 1e-7 * widest)) return true; // condition number of C above 1e14
  if (bests.length < window) return false;
  const low = smallestOf(bests);
  const high = largestOf(bests);
  return high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high));
}
