import type { StudyEvent } from '@foothold/core';
import type { AskTime, CallTimes } from './server-faults.ts';
import { quantile } from './studies-latency.ts';

/** What a server notes of itself (`server-times.ts`). Times are milliseconds since 1970. */
export interface ServerTimes {
  readonly requests: readonly ServedRequest[];
  /** When the suggestions after so many events were there. */
  readonly batches: readonly { readonly prefix: number; readonly made: number }[];
  /** Synced writes of the process: begun, and ended. */
  readonly syncs: readonly (readonly [number, number])[];
  /** How late a timer of 5 ms was, with these 5 ms. */
  readonly loopDelayMs: { readonly p50: number; readonly p99: number };
}

interface ServedRequest {
  readonly op: string;
  readonly key?: string;
  /** Its headers were read. */
  readonly read: number;
  /** Its answer was handed to the system. */
  readonly answered: number;
}

/** Times of calls at the server, from the request to its answer. */
export interface ServedTimes extends CallTimes {
  /** Without the time in which a synced write ran: what is the server's own, with its waits for a core. */
  readonly p99WithoutDiskMs: number;
  /** How many synced writes ran between a request and its answer, in 99 of 100. */
  readonly p99Syncs: number;
}

/**
 * Asks by whether the suggestion that they got was there when their request was read, as the clients and as the server saw them, and tells as the
 * server saw them. What was read before `from` is not counted.
 */
export function servedTimes(
  times: ServerTimes,
  {
    events,
    asks,
    from,
  }: { readonly events: readonly StudyEvent[]; readonly asks: readonly AskTime[]; readonly from: number },
) {
  const madeAt = new Map(times.batches.toReversed().map(({ prefix, made }) => [prefix, made]));
  const prefixOf = new Map<number, number>();
  for (const [i, event] of events.entries())
    if (event.type === 'asked' && !prefixOf.has(event.number)) prefixOf.set(event.number, event.prefix ?? i);
  const byKey = new Map(times.requests.map((request) => [request.key, request]));
  const counted = asks.flatMap(([number, key, ms]) => {
    const request = byKey.get(key);
    const made = madeAt.get(prefixOf.get(number) ?? -1);
    return request && request.read >= from
      ? [{ ms, request, isPrepared: made !== undefined && made <= request.read }]
      : [];
  });
  const prepared = counted.filter(({ isPrepared }) => isPrepared);
  const served = (of: readonly ServedRequest[]) => servedOf(of, times.syncs);
  return {
    asksAtServer: served(counted.map(({ request }) => request)),
    ...(prepared.length > 0 && {
      prepared: callTimes(prepared.map(({ ms }) => ms)),
      preparedAtServer: served(prepared.map(({ request }) => request)),
      preparedShare: prepared.length / counted.length,
    }),
    tellsAtServer: served(times.requests.filter(({ op, read }) => op === 'tell' && read >= from)),
    syncs: callTimes(times.syncs.filter(([begun]) => begun >= from).map(([begun, ended]) => ended - begun)),
    loopDelayMs: times.loopDelayMs,
  };
}

function servedOf(requests: readonly ServedRequest[], syncs: ServerTimes['syncs']): ServedTimes {
  const waits = requests.map(({ read, answered }) => {
    const during = syncs.filter(([begun, ended]) => begun < answered && ended > read);
    let synced = 0;
    let until = read;
    for (const [begun, ended] of during) {
      const [start, end] = [Math.max(begun, until), Math.min(ended, answered)];
      if (end <= start) continue;
      synced += end - start;
      until = end;
    }
    return { own: answered - read - synced, syncs: during.length };
  });
  return {
    ...callTimes(requests.map(({ read, answered }) => answered - read)),
    p99WithoutDiskMs: quantile(
      waits.map(({ own }) => own),
      0.99,
    ),
    p99Syncs: quantile(
      waits.map(({ syncs: count }) => count),
      0.99,
    ),
  };
}

function callTimes(ms: readonly number[]): CallTimes {
  return { count: ms.length, p50Ms: quantile(ms, 0.5), p99Ms: quantile(ms, 0.99) };
}
