import type { StudyEvent } from '@foothold/core';
import type { AskTime, CallTimes } from './server-faults.ts';
import { quantile } from './studies-latency.ts';

/**
 * Asks by whether their suggestion was there when they came: an earlier trial of the same batch had been asked for by then, so that the batch was
 * made. The first of each batch counts as not prepared, which it may have been.
 */
export function askTimesByPreparation(
  events: readonly StudyEvent[],
  asks: readonly AskTime[],
): { readonly prepared: CallTimes; readonly others: CallTimes } {
  const madeAt = new Map<string, number>();
  const readyAt = new Map<number, number>();
  for (const event of events) {
    if (event.type !== 'asked' || event.batch === undefined || readyAt.has(event.number)) continue;
    const key = `${event.prefix} ${event.batch.count}`;
    readyAt.set(event.number, madeAt.get(key) ?? Number.POSITIVE_INFINITY);
    madeAt.set(key, madeAt.get(key) ?? event.at!);
  }
  const isPrepared = ([number, at]: AskTime) => at > (readyAt.get(number) ?? Number.POSITIVE_INFINITY);
  const times = (of: readonly AskTime[]): CallTimes => {
    const ms = of.map(([, , took]) => took);
    return { count: ms.length, p50Ms: quantile(ms, 0.5), p99Ms: quantile(ms, 0.99) };
  };
  return {
    prepared: times(asks.filter(isPrepared)),
    others: times(asks.filter((ask) => !isPrepared(ask))),
  };
}
