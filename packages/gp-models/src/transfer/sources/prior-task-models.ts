/** A model of each source, in normal scores, which make sources of any units alike. */
import {
  type Dataset,
  type FitContext,
  type Posterior,
  type PriorTask,
  type Surrogate,
  seeded,
} from '@foothold/core';
import { normalScores } from '../../warps/normal-scores.ts';
import { taskModelDefaults } from '../defaults.ts';
import { bestAndEvenRows } from './row-subsets.ts';
import { sourceWeight, usableTasks } from './usable-tasks.ts';

export interface PriorTaskModel {
  readonly name: string;
  readonly posterior: Posterior;
  /** Prior weight of the source, in (0, 1]. */
  readonly weight: number;
}

/** The models of these sources. They do not depend on the new study: they are fitted at the first call and kept. */
export function priorTaskModels(
  sources: readonly PriorTask[],
  base: Surrogate,
): (signal: FitContext['signal']) => Promise<readonly PriorTaskModel[]> {
  return memoizeAsync((signal) => {
    const { maxRows, minRows, maxTotalRows } = taskModelDefaults;
    const usable = usableTasks(sources);
    const limit = Math.min(Math.max(Math.floor(maxTotalRows / usable.length), minRows), maxRows);
    return Promise.all(
      usable.map(async (source) => {
        const { name } = source;
        const scores = { x: source.data.x, y: normalScores(source.data.y) };
        return {
          name,
          weight: sourceWeight(source),
          posterior: await base.fit(bestAndEvenRows(scores, limit), {
            rng: seeded(0).fork(name),
            signal,
          }),
        };
      }),
    );
  });
}

/** The result of the first call, which is kept unless it fails, as when it is aborted. */
export function memoizeAsync<T>(
  make: (signal: FitContext['signal']) => Promise<T>,
): (signal: FitContext['signal']) => Promise<T> {
  let made: Promise<T> | undefined;
  return (signal) => {
    if (made) return made;
    const attempt = make(signal);
    made = attempt;
    attempt.catch(() => {
      if (made === attempt) made = undefined;
    });
    return attempt;
  };
}

/** Mean and standard deviation of the values; 1 for the latter where all values are the same. */
export function standardizationOf({ y }: Dataset): {
  readonly mean: number;
  readonly standardDeviation: number;
} {
  const n = Math.max(y.length, 1);
  const mean = y.reduce((a, b) => a + b / n, 0);
  const largest = y.reduce((a, b) => Math.max(a, Math.abs(b - mean)), 0);
  if (!(largest > 1e-12 * Math.abs(mean))) return { mean, standardDeviation: 1 };
  const standardDeviation = largest * Math.sqrt(y.reduce((a, b) => a + ((b - mean) / largest) ** 2 / n, 0));
  return { mean, standardDeviation };
}
