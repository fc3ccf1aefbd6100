/** The configurations of a study, each with how far it was trained. */
import type { Params, SampleRequest } from '@foothold/core';
import type { FidelityColumn } from '../multi-fidelity/fidelity-column.ts';

/** One configuration: all trials that differ in the fidelity alone. */
export interface Configuration {
  /** Parameters of its first trial. Decoding its point may give others in the last bits, which were another configuration. */
  readonly params: Params;
  /** At the target fidelity. */
  readonly point: Float64Array;
  /** Largest level that a complete trial has; −1 without one. */
  readonly reached: number;
  /** Level that a running trial trains it to; −1 where none runs. */
  readonly running: number;
  /** True where it is not to be trained on: its last trial failed or was pruned. */
  readonly isStopped: boolean;
  /** Units of the resource that its trials cost, running and failed ones included. */
  readonly spent: number;
}

interface Mutable {
  params: Params;
  point: Float64Array;
  reached: number;
  running: number;
  isStopped: boolean;
  spent: number;
}

/** In order of their first trials. `costOf`: what a trial costs that trains from one level, −1 for none, to another. */
export function configurationsOf<P extends Params>(
  { space, trials }: Pick<SampleRequest<P>, 'space' | 'trials'>,
  column: FidelityColumn,
  costOf: (from: number, to: number) => number,
): Configuration[] {
  const found = new Map<string, Mutable>();
  for (const { params, state, loaded } of trials) {
    const point = space.encode(params);
    const level = column.levelOf(point);
    point[column.index] = column.position(column.levels - 1);
    const key = keyOf(params, space.columns[column.index]!.name);
    const one = found.get(key) ?? { params, point, reached: -1, running: -1, isStopped: false, spent: 0 };
    found.set(key, one);
    if (!loaded) one.spent += costOf(one.reached, level);
    // A loaded trial cost nothing here, and left nothing to go on from.
    if (state === 'complete' && (!loaded || level === column.levels - 1))
      one.reached = Math.max(one.reached, level);
    if (state === 'running') one.running = Math.max(one.running, level);
    one.isStopped = state === 'failed' || state === 'pruned' || (one.isStopped && state === 'running');
  }
  return [...found.values()];
}

/** The parameters without the fidelity as text, in any order the same. */
export function keyOf(params: Params, fidelity: string): string {
  const own = Object.entries(params).filter(([name]) => name !== fidelity);
  return JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}
