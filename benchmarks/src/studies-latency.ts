import type { Storage } from '@foothold/core';
import { objective, openStudy } from './studies-problem.ts';
import { syncedMs } from './studies-sync.ts';

export interface Latency {
  /** Trials in the study before. */
  readonly trials: number;
  readonly pairs: number;
  /** Milliseconds of an ask and its tell. */
  readonly medianMs: number;
  readonly p90Ms: number;
  /** The same without the time that the disk took, where that is known. */
  readonly withoutSyncMs: number;
}

/** The time of `pairs` asks, each with its tell, after some that are not counted. */
export async function latencyOf(storage: Storage, trials: number, pairs: number): Promise<Latency> {
  const study = openStudy(storage);
  const whole: number[] = [];
  const own: number[] = [];
  for (let i = -pairs; i < pairs; i++) {
    const [start, synced] = [performance.now(), syncedMs()];
    const { number, params } = await study.ask();
    await study.tell(number, { state: 'complete', value: objective(params) });
    const ms = performance.now() - start;
    if (i < 0) continue; // the engine compiles
    whole.push(ms);
    own.push(ms - (syncedMs() - synced));
  }
  return {
    trials,
    pairs,
    medianMs: quantile(whole, 0.5),
    p90Ms: quantile(whole, 0.9),
    withoutSyncMs: quantile(own, 0.5),
  };
}

export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(Math.floor(values.length * share), values.length - 1)]!;
}
