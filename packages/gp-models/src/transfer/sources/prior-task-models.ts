/** Each source's own model in normal scores, which make sources of any scale alike. */
import { type Dataset, type FitContext, type Posterior, type Surrogate, seeded } from '@foothold/core';
import { normalQuantile } from '@foothold/numerics';
import { type PriorTask, sourceWeight, usableTasks } from './prior-task.ts';
import { bestAndEvenRows } from './shared-basis.ts';

export interface PriorTaskModel {
  readonly name: string;
  readonly posterior: Posterior;
  /** Trust in it before any evidence, in (0, 1]. */
  readonly weight: number;
}

/** Rows of each source that take part, at most and at least, and of all together: every suggestion asks each of the models. */
const maxRows = 300;
const minRows = 60;
const maxTotalRows = 4000;

/** Φ⁻¹((rank − ½)/n), ties sharing their mean rank. */
export function normalScores(y: Float64Array): Float64Array {
  const n = y.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => y[a]! - y[b]!);
  const scores = new Float64Array(n);
  for (let from = 0; from < n; ) {
    let to = from;
    while (to + 1 < n && y[order[to + 1]!] === y[order[from]!]) to++;
    const score = normalQuantile((0.5 * (from + to) + 0.5) / n);
    for (let k = from; k <= to; k++) scores[order[k]!] = score;
    from = to + 1;
  }
  return scores;
}

/** Fitted at the first call and kept: they do not depend on the new study. */
export function priorTaskModels(
  sources: readonly PriorTask[],
  base: Surrogate,
): (signal: FitContext['signal']) => Promise<readonly PriorTaskModel[]> {
  return memoizeAsync((signal) => {
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

/** Made at the first call and kept, unless that fails, as when it is aborted. */
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

/** Mean and deviation of the values; a deviation of 1 where they are all the same. */
export function standardizationOf({ y }: Dataset): {
  readonly mean: number;
  readonly standardDeviation: number;
} {
  const n = Math.max(y.length, 1);
  const mean = y.reduce((a, b) => a + b / n, 0);
  const largest = y.reduce((a, b) => Math.max(a, Math.abs(b - mean)), 0);
  if (!(largest > 1e-12 * Math.abs(mean))) return { mean, standardDeviation: 1 };
  const deviation = largest * Math.sqrt(y.reduce((a, b) => a + ((b - mean) / largest) ** 2 / n, 0));
  return { mean, standardDeviation: deviation };
}
